import { useTranslation } from 'react-i18next'
import { type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import { useDesk, useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import type { PatientHit } from '#renderer/local-db/patient-index.ts'
import { useFormat } from './format.ts'
import classes from './patient-facts.module.css'

/** Birth date, age and phone in one quiet line: what tells two patients of one name apart. */
export function PatientFacts({ patient }: { readonly patient: PatientHit }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { now } = useDesk()
  const { user } = useLocalDb()
  const { birthDate, phone } = patient
  const today = localDayOf(now(), user.clinic.zone)
  return (
    <span className={classes.facts}>
      <bdi className="tabular">{birthDate ? format.birthDate(birthDate) : t('patient.no-birth-date')}</bdi>
      {birthDate && <span>{t('patient.age', { count: yearsBetween(birthDate, today) })}</span>}
      {phone && <bdi className="tabular">{phone}</bdi>}
    </span>
  )
}

/** Whole years from one day to another. */
export function yearsBetween(from: LocalDay, to: LocalDay): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(5) < from.slice(5) ? years - 1 : years
}
