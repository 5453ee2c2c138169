import { useTranslation } from 'react-i18next'
import { can } from '#domain/access/can.ts'
import { DuplicateList } from './duplicate-list.tsx'
import { PatientList } from './patient-list.tsx'
import classes from './patients.module.css'
import type { PatientsProps } from './patients-props.ts'
import { PersonPage } from './person-page.tsx'

/** Everybody the clinic knows: found at the side, read and changed in the middle; without anybody chosen, what waits for a look. */
export function PatientsScreen(props: PatientsProps) {
  const { patientId } = props
  return (
    <div className={classes.screen}>
      <PatientList recent={props.recent} chosenId={patientId} onPatient={props.onPatient} />
      <div className={classes.page}>
        {patientId === null ? <Tasks {...props} /> : <PersonPage key={patientId} {...props} patientId={patientId} />}
      </div>
    </div>
  )
}

function Tasks({ clinic, api, replies, onPatient }: PatientsProps) {
  const { t } = useTranslation()
  const { subject } = clinic
  // Whose answer it is may not be known: they are for whoever sees all patients of the clinic.
  const seesEverybody = can(subject, 'view-patients', { clinicId: subject.clinicId })
  const managesPatients = clinic.mayEver('manage-patients')
  return (
    <div className={classes.tasks}>
      <p className={classes.quiet}>{t(seesEverybody || managesPatients ? 'patients.choose' : 'patients.choose-one')}</p>
      {managesPatients && <DuplicateList api={api} onPatient={onPatient} />}
      {seesEverybody && (
        <section aria-labelledby="patients-replies">
          <h2 id="patients-replies">{t('patients.replies')}</h2>
          {replies}
        </section>
      )}
    </div>
  )
}
