import type { PatientHit } from '#renderer/local-db/patient-index.ts'
import { PatientFacts } from './patient-facts.tsx'
import classes from './patient-row.module.css'

/** A patient in a list: the name, and beside it what tells two of one name apart. */
export function PatientRow({ patient }: { readonly patient: PatientHit }) {
  return (
    <div className={classes.row}>
      <bdi className={classes.name}>{patient.name}</bdi>
      <PatientFacts patient={patient} />
    </div>
  )
}
