import { useMemo } from 'react'
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

/** Waiting longer than this is shown in amber. */
const LONG_WAIT_MINUTES = 20

type WaitingProps = {
  readonly clinic: Clinic
  readonly appointments: readonly Appointment[] | undefined
  readonly selectedId: string | null
  readonly onOpen: (id: AppointmentId) => void
}

/** Who sits in the waiting room, longest first, and who should be here by now. */
export function WaitingList({ clinic, appointments = [], selectedId, onOpen }: WaitingProps) {
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
      <Section
        title={t('waiting.title')}
        visits={waiting}
        empty={t('waiting.nobody')}
        sinceOf={(one) => one.arrivedAt ?? now}
        {...rows}
      />
      {late.length > 0 && (
        <Section title={t('waiting.late')} visits={late} empty="" sinceOf={(one) => one.start} isUrgent {...rows} />
      )}
    </div>
  )
}

type SectionProps = Omit<WaitingProps, 'appointments'> & {
  readonly title: string
  readonly empty: string
  readonly visits: readonly Appointment[]
  readonly sinceOf: (appointment: Appointment) => number
  readonly isUrgent?: boolean
}

function Section({ title, empty, visits, sinceOf, isUrgent = false, ...rest }: SectionProps) {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const format = useFormat()
  const now = useNow()
  return (
    <section aria-label={title}>
      <h2 className={classes.title}>
        {title} <span className={classes.total}>{visits.length}</span>
      </h2>
      {visits.length === 0 && <p className={classes.empty}>{empty}</p>}
      {visits.map((visit) => {
        const minutes = Math.max(0, minutesBetween(sinceOf(visit), now))
        return (
          <button
            key={visit.id}
            type="button"
            className={classes.row}
            aria-current={visit.id === rest.selectedId || undefined}
            onClick={() => rest.onOpen(visit.id)}
          >
            <bdi className={classes.name}>{lookup(visit.patientId)?.name ?? '…'}</bdi>
            <span className={classes.about}>
              <time>{format.time(visit.start)}</time> · <bdi>{rest.clinic.doctorOf(visit.doctorId)?.name}</bdi>
            </span>
            <bdi className={classes.minutes} data-long={isUrgent || minutes >= LONG_WAIT_MINUTES || undefined}>
              {t('waiting.minutes', { count: minutes })}
            </bdi>
          </button>
        )
      })}
    </section>
  )
}
