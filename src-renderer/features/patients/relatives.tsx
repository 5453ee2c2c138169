import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import type { PatientHit } from '#renderer/local-db/patient-index.ts'
import classes from './patients.module.css'

type RelativesProps = { readonly patient: PatientHit; readonly onPatient: (id: PatientId) => void }

const SHOWN = 8
const SHORTEST_PHONE = 8

/** Who is reached by the same phone: as a rule the family. */
export function Relatives({ patient, onPatient }: RelativesProps) {
  const { t } = useTranslation()
  const { patients } = useLocalDb()
  const family = useMemo(() => {
    const digits = patient.phone.replace(/\D/g, '')
    if (!patients || digits.length < SHORTEST_PHONE) return []
    return patients.search(digits, SHOWN + 1).filter(({ id }) => id !== patient.id)
  }, [patients, patient])
  if (family.length === 0) return null
  return (
    <section className={classes.section} aria-labelledby="patients-family">
      <h3 id="patients-family">{t('patients.same-phone')}</h3>
      {family.slice(0, SHOWN).map((one) => (
        <button key={one.id} type="button" className={classes.relative} onClick={() => onPatient(one.id)}>
          <PatientRow patient={one} />
        </button>
      ))}
    </section>
  )
}
