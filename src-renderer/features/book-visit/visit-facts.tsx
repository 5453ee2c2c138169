import { useTranslation } from 'react-i18next'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { ZoneNote } from '#renderer/clinic/zone-note.tsx'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import classes from './book-visit.module.css'

type FactsProps = {
  readonly clinic: Clinic
  readonly patientId: PatientId
  readonly visit: {
    readonly typeId: AppointmentTypeId
    readonly doctorId: DoctorId
    readonly start: Instant
    readonly end: Instant
  }
}

/** When, what, with whom and for whom. */
export function VisitFacts({ clinic, patientId, visit }: FactsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const patient = usePatientLookup()(patientId)
  const { start, end } = visit
  return (
    <dl className={classes.facts}>
      <dt>{t('book-visit.facts.when')}</dt>
      <dd>
        <strong>
          {format.longDay(toLocal(start, clinic.zone).day)}, {format.time(start)}
        </strong>{' '}
        <ZoneNote zone={clinic.zone} />
      </dd>
      <dt>{t('book-visit.facts.what')}</dt>
      <dd>
        <bdi>{clinic.typeOf(visit.typeId)?.name}</bdi> · {t('minutes', { count: minutesBetween(start, end) })}
      </dd>
      <dt>{t('book-visit.facts.with')}</dt>
      <dd>
        <bdi>{clinic.doctorOf(visit.doctorId)?.name}</bdi>
      </dd>
      {patient && (
        <>
          <dt>{t('book-visit.facts.for')}</dt>
          <dd>
            <bdi>{patient.name}</bdi>
          </dd>
        </>
      )}
    </dl>
  )
}
