import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { isLateAt, lookOf } from '#renderer/clinic/look.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import classes from './waiting-list.module.css'

type WaitingProps = {
  readonly clinic: Clinic
  readonly appointments: readonly Appointment[] | undefined
  readonly selectedId: string | null
  readonly onOpen: (id: AppointmentId) => void
  /** What is to be known about the day: after those who are late, before those who wait. */
  readonly notes?: ReactNode
  /** What stands below. */
  readonly children?: ReactNode
}

/** Who should be here by now, and who sits in the waiting room, longest first. */
export function WaitingList({ clinic, appointments = [], selectedId, onOpen, notes, children }: WaitingProps) {
  const { t } = useTranslation()
  const now = useNow()
  const waiting = useMemo(
    () =>
      appointments
        .filter((one) => lookOf(one) === 'arrived')
        .toSorted((a, b) => (a.arrivedAt ?? 0) - (b.arrivedAt ?? 0)),
    [appointments],
  )
  const late = appointments.filter((one) => isLateAt(one, now)).toSorted((a, b) => a.start - b.start)
  const rows = { clinic, selectedId, onOpen }
  return (
    <div className={classes.list}>
      {late.length > 0 && (
        <Section
          title={t('waiting.late')}
          visits={late}
          empty=""
          sinceOf={(one) => one.start}
          markOf={() => t('waiting.late-mark')}
          {...rows}
        />
      )}
      {notes}
      <Section
        title={t('waiting.title')}
        visits={waiting}
        empty={t('waiting.nobody')}
        sinceOf={(one) => one.arrivedAt ?? now}
        markOf={(minutes) => (minutes >= clinic.waitingLimitMinutes ? t('waiting.long') : null)}
        {...rows}
      />
      {children}
    </div>
  )
}

type SectionProps = Omit<WaitingProps, 'appointments' | 'notes' | 'children'> & {
  readonly title: string
  readonly empty: string
  readonly visits: readonly Appointment[]
  readonly sinceOf: (appointment: Appointment) => number
  /** The word for a wait that somebody should look after; null where there is none to say. */
  readonly markOf: (minutes: number) => string | null
}

function Section({ title, empty, visits, sinceOf, markOf, ...rest }: SectionProps) {
  const now = useNow()
  return (
    <section aria-label={title}>
      <h2 className={classes.title}>
        {title} <span className={classes.total}>{visits.length}</span>
      </h2>
      {visits.length === 0 && <p className={classes.empty}>{empty}</p>}
      {visits.map((visit) => {
        const minutes = Math.max(0, minutesBetween(sinceOf(visit), now))
        return <Row key={visit.id} visit={visit} minutes={minutes} mark={markOf(minutes)} {...rest} />
      })}
    </section>
  )
}

type RowProps = Omit<WaitingProps, 'appointments' | 'notes' | 'children'> & {
  readonly visit: Appointment
  readonly minutes: number
  readonly mark: string | null
}

function Row({ clinic, visit, minutes, mark, selectedId, onOpen }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  return (
    <button
      type="button"
      className={classes.row}
      aria-current={visit.id === selectedId || undefined}
      onClick={() => onOpen(visit.id)}
    >
      <bdi className={classes.name}>{lookup(visit.patientId)?.name ?? '…'}</bdi>
      <span className={classes.about}>
        <time>{format.time(visit.start)}</time> · <bdi>{clinic.doctorOf(visit.doctorId)?.name}</bdi>
      </span>
      <bdi className={classes.minutes} data-long={mark !== null || undefined}>
        {t('waiting.minutes', { count: minutes })}
      </bdi>
      {mark !== null && (
        <span className={classes.mark}>
          <IconAlertTriangle size={12} stroke={2} aria-hidden /> {mark}
        </span>
      )}
    </button>
  )
}
