import { Button } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { DELAY } from '#domain/schedule/doctor-delay.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { ZoneNote } from '#renderer/clinic/zone-note.tsx'
import { useDesk, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { DayStrip } from './day-strip.tsx'
import classes from './my-day.module.css'
import type { MyDayProps } from './my-day-props.ts'
import { OwnOrders } from './own-orders.tsx'
import { PatientCard } from './patient-card.tsx'
import { VisitList } from './visit-list.tsx'

/** A doctor's own day: who is next, and one key for what happens. Works from local data alone. */
export function MyDayScreen(props: MyDayProps) {
  const { clinic, myDay, isBlurred } = props
  const { t } = useTranslation()
  const format = useFormat()
  const { selected } = myDay
  return (
    <div className={classes.screen} data-hotkey-scope="my-day board" data-blurred={isBlurred || undefined}>
      <section className={classes.day} aria-label={t('my-day.visits')}>
        <div className={classes.about}>
          <h2 className={classes.date}>{format.longDay(myDay.day)}</h2>
          <DataAge />
          <ZoneNote zone={clinic.zone} />
          <Late {...props} />
          <Button
            variant="subtle"
            size="compact-sm"
            aria-pressed={isBlurred}
            onClick={props.onBlur}
            leftSection={isBlurred ? <IconEye size={15} aria-hidden /> : <IconEyeOff size={15} aria-hidden />}
            rightSection={<KeyHint keys="p" />}
          >
            {t(isBlurred ? 'my-day.show-names' : 'my-day.blur-names')}
          </Button>
        </div>
        <DayStrip myDay={myDay} onDay={props.onDay} />
        <VisitList {...props} />
      </section>
      <aside className={classes.side}>
        {selected && <PatientCard key={selected.id} {...props} visit={selected} />}
        {!selected && myDay.visits && <p className={classes.empty}>{t('my-day.nobody-chosen')}</p>}
        <div className={classes.notes}>{props.notes}</div>
        <OwnOrders clinic={clinic} doctorId={myDay.doctorId} />
      </aside>
    </div>
  )
}

/** How late it is by the doctor's word, else by the visits on record, and the word itself: later by a step, or on time again. */
function Late({ myDay, saidLate, onLater, onTime }: MyDayProps) {
  const { t } = useTranslation()
  if (myDay.day !== myDay.today) return null
  const minutes = saidLate || myDay.behind
  return (
    <>
      {minutes > 0 && <span className={classes.late}>{t('board.running-late', { count: minutes })}</span>}
      <span className={classes.lateButtons}>
        <Button
          size="compact-sm"
          disabled={saidLate >= DELAY.most}
          onClick={onLater}
          rightSection={<KeyHint keys="l" />}
        >
          {t('my-day.later')}
        </Button>
        {saidLate > 0 && (
          <Button size="compact-sm" variant="subtle" onClick={onTime}>
            {t('late.on-time')}
          </Button>
        )}
      </span>
    </>
  )
}

/** How old what is shown may be: the doctor decides by it, in a basement as well. */
function DataAge() {
  const { t } = useTranslation()
  const format = useFormat()
  const { now, user } = useDesk()
  const { connection, initialSync, lastSyncAt } = useSyncStatus()
  // The header's pill says so already.
  if (connection.phase === 'ready' && initialSync.done) return null
  if (lastSyncAt === null) return <span className={classes.stale}>{t('my-day.never-level')}</span>
  const at = lastSyncAt + (connection.serverTimeOffset ?? 0)
  const isToday = localDayOf(at, user.clinic.zone) === localDayOf(now(), user.clinic.zone)
  return (
    <span className={classes.stale}>{t('my-day.as-of', { time: isToday ? format.time(at) : format.moment(at) })}</span>
  )
}
