import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import classes from './sync-inbox.module.css'

type SideProps = {
  readonly clinic: Clinic
  readonly title: string
  readonly appointment: Appointment
  readonly isWish?: boolean
}

/** One of the two versions of what happened. */
export function Side({ clinic, title, appointment, isWish = false }: SideProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const patient = usePatientLookup()(appointment.patientId)
  const type = clinic.typeOf(appointment.typeId)
  const { start, end } = appointment
  return (
    <section className={classes.side} data-wish={isWish || undefined} aria-label={title}>
      <h3>{title}</h3>
      <bdi className={classes.sideName}>{patient?.name ?? '…'}</bdi>
      <p className="tabular">
        <bdi>
          {format.moment(start)}–{format.time(end)}
        </bdi>{' '}
        · <bdi>{clinic.doctorOf(appointment.doctorId)?.name}</bdi>
      </p>
      <p className={classes.sideAbout}>
        {[
          type?.name,
          t('minutes', { count: minutesBetween(start, end) }),
          isWish ? '' : t(`status.${lookOf(appointment)}`),
          patient?.phone,
        ]
          .filter(Boolean)
          .map((fact) => (
            <bdi key={fact}>{fact}</bdi>
          ))}
      </p>
    </section>
  )
}
