import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useKept } from '#renderer/local-db/kept-forms-context.tsx'
import { usePatientLookup, usePatientSearch } from '#renderer/local-db/local-db-context.tsx'
import { ComboList, type ComboOption } from '#renderer/ui/parts/combo-list.tsx'
import classes from './booking-panel.module.css'
import { ChosenPatient } from './chosen-patient.tsx'
import { NewPatientForm } from './new-patient-form.tsx'
import type { Repeatable } from './use-draft.ts'

const SHOWN_PATIENTS = 6
const NEW_PATIENT = 'new-patient'

type PatientStepProps = {
  readonly clinic: Clinic
  readonly patientId: PatientId | null
  /** Patients handled last, newest first. */
  readonly recent: readonly PatientId[]
  readonly repeat: Repeatable | null
  readonly onRepeat: () => void
  readonly onPatient: (id: PatientId | null) => void
}

/** Who is it for: found by name, birth date or phone; added here when new. */
export function PatientStep({ clinic, patientId, recent, repeat, onRepeat, onPatient }: PatientStepProps) {
  const { t } = useTranslation()
  const [text, setText] = useKept('patientText', '')
  const [isNew, setIsNew] = useKept('isNewPatient', false)
  const lookup = usePatientLookup()
  const options = usePatientOptions(clinic, text, recent)
  const patient = patientId === null ? undefined : lookup(patientId)
  if (patient) {
    return (
      <ChosenPatient
        clinic={clinic}
        patient={patient}
        repeat={repeat}
        onRepeat={onRepeat}
        onChange={() => onPatient(null)}
      />
    )
  }
  if (isNew) {
    return <NewPatientForm clinic={clinic} typed={text} onAdded={onPatient} onBack={() => setIsNew(false)} />
  }
  return (
    <ComboList
      label={t('book.patient')}
      placeholder={t('book.patient-hint')}
      listLabel={t('book.patients')}
      value={text}
      onValue={setText}
      options={options}
      onPick={(id) => (id === NEW_PATIENT ? setIsNew(true) : onPatient(id as PatientId))}
      empty={text !== '' && <p className={classes.quiet}>{t('book.nobody-found')}</p>}
      data-autofocus
      autoFocus
    />
  )
}

function usePatientOptions(clinic: Clinic, text: string, recent: readonly PatientId[]): readonly ComboOption[] {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const found = usePatientSearch(text, SHOWN_PATIENTS, recent)
  const shown = text.trim() === '' ? recent.flatMap((id) => lookup(id) ?? []).slice(0, SHOWN_PATIENTS) : found
  const options: ComboOption[] = shown.map((patient) => ({
    id: patient.id,
    content: <PatientRow patient={patient} />,
    ...(text.trim() === '' ? { group: t('book.recent') } : {}),
  }))
  if (text.trim().length > 1 && clinic.mayEver('manage-patients')) {
    options.push({
      id: NEW_PATIENT,
      content: <span className={classes.add}>{t('book.add-patient', { text: text.trim() })}</span>,
    })
  }
  return options
}
