import { ActionIcon, Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SlotAnswer } from '#domain/api/slot-api.ts'
import { DAYS_SHOWN, halvesOf, type SlotDay } from '#domain/schedule/slot-days.ts'
import { addDays, type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import { accountSentence } from '#renderer/clinic/account-problem.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { useNextFree } from '#renderer/clinic/use-next-free.ts'
import type { Wanted } from '#renderer/server-api/patient-api.ts'
import { ButtonGrid } from '#renderer/ui/parts/button-grid.tsx'
import { ProblemBox } from '#renderer/ui/parts/stack-form.tsx'
import type { BookProps } from './book-props.ts'
import classes from './book-visit.module.css'
import type { Draft } from './draft.ts'
import { useWeek, type Week } from './use-week.ts'

type TimeProps = BookProps & { readonly draft: Draft; readonly onPick: (slot: SlotAnswer) => void }

/** A day of the week that has times, then a time of it. */
export function TimeStep(props: TimeProps) {
  const { clinic, patientApi, draft, start } = props
  const { t } = useTranslation()
  const format = useFormat()
  const today = localDayOf(clinic.desk.now(), clinic.zone)
  const wanted = { typeId: draft.typeId, doctorId: draft.doctorId === 'any' ? null : draft.doctorId } as Wanted
  const [from, setFrom] = useState<LocalDay | null>(null)
  const [picked, setPicked] = useState<LocalDay | null>(null)
  const next = useNextFree(patientApi, wanted.typeId, wanted.doctorId)
  // The first look is at the first days on which there is something to choose.
  const shown = from ?? (next ? next.date : today)
  const week = useWeek(patientApi, wanted, shown, 0)
  const day = week.days?.find((one) => one.day === picked) ?? week.days?.find(({ slots }) => slots.length > 0)
  const go = (days: number): void => {
    setFrom(addDays(shown, days))
    setPicked(null)
  }
  return (
    <>
      {start.moving && (
        <p className={classes.quiet}>{t('book-visit.old-time', { time: format.moment(start.moving.start) })}</p>
      )}
      <WeekHead week={week} isFirst={shown <= today} onGo={go} />
      {week.days && <DayStrip days={week.days} chosen={day?.day ?? null} onPick={setPicked} />}
      <ProblemBox>{week.problem && accountSentence(t, week.problem)}</ProblemBox>
      <p className="visually-hidden" role="status">
        {day && t('book-visit.day-count', { day: format.longDay(day.day), count: day.slots.length })}
      </p>
      {day && <Times day={day} onPick={props.onPick} />}
      {week.days && !day && next && (
        <Button onClick={() => setFrom(next.date)}>
          {t('book-visit.to-next', { time: format.moment(next.start) })}
        </Button>
      )}
      {week.days && !day && <p className={classes.quiet}>{t('book-visit.empty-week')}</p>}
      {!start.moving && <Waiting {...props} wanted={wanted} />}
    </>
  )
}

type HeadProps = { readonly week: Week; readonly isFirst: boolean; readonly onGo: (days: number) => void }

function WeekHead({ week: { from }, isFirst, onGo }: HeadProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className={classes.week}>
      <ActionIcon disabled={isFirst} onClick={() => onGo(-DAYS_SHOWN)} aria-label={t('book-visit.earlier')}>
        <IconChevronLeft size={20} className={classes.arrow} aria-hidden />
      </ActionIcon>
      <strong>
        {t('book-visit.week', { from: format.day(from), until: format.day(addDays(from, DAYS_SHOWN - 1)) })}
      </strong>
      <ActionIcon onClick={() => onGo(DAYS_SHOWN)} aria-label={t('book-visit.later')}>
        <IconChevronRight size={20} className={classes.arrow} aria-hidden />
      </ActionIcon>
    </div>
  )
}

type StripProps = {
  readonly days: readonly SlotDay[]
  readonly chosen: LocalDay | null
  readonly onPick: (day: LocalDay) => void
}

function DayStrip({ days, chosen, onPick }: StripProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <ButtonGrid
      label={t('book-visit.days')}
      columns={DAYS_SHOWN}
      chosenId={chosen}
      onPick={onPick}
      buttons={days.map(({ day, slots }) => {
        const [weekday, date] = format.day(day).split(' ')
        return {
          id: day,
          spoken: t('book-visit.day-count', { day: format.longDay(day), count: slots.length }),
          isQuiet: slots.length === 0,
          content: (
            <>
              <span className={classes.weekday}>{weekday}</span>
              <span className={classes.date}>{date}</span>
              <span className={classes.count}>{slots.length === 0 ? '–' : slots.length}</span>
            </>
          ),
        }
      })}
    />
  )
}

type TimesProps = { readonly day: SlotDay; readonly onPick: (slot: SlotAnswer) => void }

function Times({ day, onPick }: TimesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const isWide = useMediaQuery('(min-width: 40rem)', false)
  const halves = halvesOf(day)
  if (halves.length === 0) return <p className={classes.quiet}>{t('book-visit.empty-day')}</p>
  return halves.map(({ half, slots }) => (
    <section key={half}>
      <h2 className={classes.group}>{t(`book-visit.${half}`)}</h2>
      <ButtonGrid
        label={`${t(`book-visit.${half}`)}, ${format.longDay(day.day)}`}
        columns={isWide ? 6 : 3}
        onPick={(id) => {
          const slot = slots.find(({ start }) => String(start) === id)
          if (slot) onPick(slot)
        }}
        buttons={slots.map((slot) => ({ id: String(slot.start), content: slot.time }))}
      />
    </section>
  ))
}

function Waiting({ draft, wanted, onWait }: TimeProps & { readonly wanted: Wanted }) {
  const { t } = useTranslation()
  const { patientId } = draft
  if (patientId === null) return null
  return (
    <div className={classes.wait}>
      <p className={classes.quiet}>{t('book-visit.nothing-fits')}</p>
      <Button onClick={() => onWait({ patientId, ...wanted })}>{t('book-visit.wait')}</Button>
    </div>
  )
}
