import { Button, Checkbox, TextInput } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import { useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WaitBody } from '#domain/api/waitlist-api.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { accountSentence } from '#renderer/clinic/account-problem.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PatientApi } from '#renderer/server-api/patient-api.ts'
import { FormButtons, Note, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import classes from './own-waitlist.module.css'
import { weekdayNames } from './weekday-names.ts'

export type Wish = {
  readonly patientId: PatientId
  readonly typeId: AppointmentTypeId
  readonly doctorId: DoctorId | null
}

type FormProps = {
  readonly clinic: Clinic
  readonly patientApi: Pick<PatientApi, 'wait'>
  readonly wish: Wish
  readonly onDone: () => void
  readonly onLeave: () => void
}

const PARTS = {
  any: { fromTime: null, untilTime: null },
  morning: { fromTime: null, untilTime: '12:00' },
  afternoon: { fromTime: '12:00', untilTime: null },
} as const
type Part = keyof typeof PARTS

/** Waits for an earlier time, on the days that suit; only with leave to be written to. */
export function WaitForm({ clinic, patientApi, wish, onDone, onLeave }: FormProps) {
  const { t } = useTranslation()
  const [weekdays, setWeekdays] = useState<readonly number[]>([])
  const [part, setPart] = useState<Part>('any')
  const [untilDay, setUntilDay] = useState('')
  const [hasLeave, setHasLeave] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const isOffline = useSyncStatus().connection.phase === 'offline'
  const type = clinic.typeOf(wish.typeId)?.name ?? ''
  const doctor = wish.doctorId === null ? t('book-visit.any-doctor') : (clinic.doctorOf(wish.doctorId)?.name ?? '')
  const send = async (): Promise<void> => {
    setIsBusy(true)
    const body: WaitBody = {
      patientId: wish.patientId,
      typeId: wish.typeId,
      doctorIds: wish.doctorId === null ? [] : [wish.doctorId],
      weekdays: [...weekdays],
      ...PARTS[part],
      ...(untilDay !== '' && { untilDay }),
    }
    const answer = await patientApi.wait(body)
    setIsBusy(false)
    if (answer.ok) onDone()
    else setProblem(answer)
  }
  return (
    <div className={classes.page}>
      <Button
        variant="subtle"
        className={classes.back}
        leftSection={<IconChevronLeft size={18} className={classes.arrow} aria-hidden />}
        onClick={onLeave}
      >
        {t('book-visit.back')}
      </Button>
      <h1>{t('own-waitlist.join')}</h1>
      <StackForm onSubmit={send} label={t('own-waitlist.join')}>
        <Note>
          {type} · {doctor}
        </Note>
        <Days chosen={weekdays} onChoose={setWeekdays} />
        <Parts part={part} onPart={setPart} />
        <TextInput
          label={t('own-waitlist.until')}
          type="date"
          min={localDayOf(clinic.desk.now(), clinic.zone)}
          value={untilDay}
          onChange={(event) => setUntilDay(event.currentTarget.value)}
        />
        <Checkbox
          className={classes.leave}
          required
          checked={hasLeave}
          onChange={(event) => setHasLeave(event.currentTarget.checked)}
          label={t('own-waitlist.leave')}
        />
        <ProblemBox>{problem && accountSentence(t, problem)}</ProblemBox>
        <FormButtons submit={t('own-waitlist.button')} isBusy={isBusy} isOff={isOffline || !hasLeave} />
      </StackForm>
    </div>
  )
}

type DaysProps = { readonly chosen: readonly number[]; readonly onChoose: (days: readonly number[]) => void }

function Days({ chosen, onChoose }: DaysProps) {
  const { t, i18n } = useTranslation()
  const names = useMemo(() => weekdayNames(i18n.language), [i18n.language])
  return (
    <fieldset className={classes.group}>
      <legend>{t('own-waitlist.days')}</legend>
      <div className={classes.chips}>
        {names.map((name, index) => {
          const day = index + 1
          const isChosen = chosen.includes(day)
          const next = isChosen ? chosen.filter((other) => other !== day) : [...chosen, day].sort()
          return (
            <button
              key={name}
              type="button"
              className={classes.chip}
              aria-pressed={isChosen}
              onClick={() => onChoose(next)}
            >
              {name}
            </button>
          )
        })}
      </div>
    </fieldset>
  )
}

function Parts({ part, onPart }: { readonly part: Part; readonly onPart: (part: Part) => void }) {
  const { t } = useTranslation()
  const name = useId()
  return (
    <fieldset className={classes.group}>
      <legend>{t('own-waitlist.part')}</legend>
      <div className={classes.chips}>
        {(Object.keys(PARTS) as Part[]).map((one) => (
          <label key={one} className={classes.chip} data-chosen={one === part || undefined}>
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              checked={one === part}
              onChange={() => onPart(one)}
            />
            {t(`own-waitlist.parts.${one}`)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
