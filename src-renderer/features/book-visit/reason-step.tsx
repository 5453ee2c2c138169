import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId } from '#domain/ids.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { offers } from '#renderer/local-db/desk.ts'
import { Note } from '#renderer/ui/parts/stack-form.tsx'
import classes from './book-visit.module.css'

type ReasonProps = { readonly clinic: Clinic; readonly onPick: (id: AppointmentTypeId) => void }

/** What the visit is for; it decides how long it takes and who can be seen. Grouped by what the doctors are. */
export function ReasonStep({ clinic, onPick }: ReasonProps) {
  const { t } = useTranslation()
  const groups = useMemo(() => groupsOf(clinic), [clinic])
  if (groups.length === 0) return <Note>{t('book-visit.no-types')}</Note>
  return groups.map(([name, types]) => (
    <section key={name} aria-label={name}>
      <h2 className={classes.group}>{name}</h2>
      <ul className={classes.choices}>
        {types.map((type) => (
          <li key={type.id}>
            <button type="button" className={classes.choice} onClick={() => onPick(type.id)}>
              <bdi className={classes.strong}>{type.name}</bdi>
              <span className={classes.quiet}>{t('minutes', { count: type.durationMinutes })}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  ))
}

/** Types that patients may book, under the specialization of the first doctor who offers them. */
function groupsOf({ types, doctors }: Clinic): readonly (readonly [string, readonly AppointmentType[]])[] {
  const groups = new Map<string, AppointmentType[]>()
  for (const type of types) {
    const doctor = type.isOnline ? doctors.find(({ id }) => offers(type, id)) : undefined
    if (!doctor) continue
    groups.set(doctor.specialization, [...(groups.get(doctor.specialization) ?? []), type])
  }
  return [...groups]
}
