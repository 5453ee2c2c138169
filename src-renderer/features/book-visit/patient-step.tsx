import type { PatientId } from '#domain/ids.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import classes from './book-visit.module.css'

type PatientProps = { readonly clinic: Clinic; readonly onPick: (id: PatientId) => void }

/** For whom, where one account serves several people. */
export function PatientStep({ clinic, onPick }: PatientProps) {
  const lookup = usePatientLookup()
  const format = useFormat()
  return (
    <ul className={classes.choices}>
      {clinic.subject.patientIds.map((id) => {
        const patient = lookup(id)
        return (
          patient && (
            <li key={id}>
              <button type="button" className={classes.choice} onClick={() => onPick(id)}>
                <bdi className={classes.strong}>{patient.name}</bdi>
                {patient.birthDate && <span className={classes.quiet}>{format.birthDate(patient.birthDate)}</span>}
              </button>
            </li>
          )
        )
      })}
    </ul>
  )
}
