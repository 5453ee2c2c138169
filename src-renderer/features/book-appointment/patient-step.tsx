import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientLookup, usePatientSearch } from '#renderer/local-db/local-db-context.tsx'
import { useOpened } from '#renderer/local-db/use-opened.ts'
import { ComboList, type ComboOption } from '#renderer/ui/parts/combo-list.tsx'
import classes from './booking-panel.module.css'
import { NewPatientForm } from './new-patient-form.tsx'

const SHOWN_PATIENTS = 6
const NEW_PATIENT = 'new-patient'

type PatientStepProps = {
  readonly clinic: Clinic
  readonly patientId: PatientId | null
  /** Patients handled last, newest first. */
  readonly recent: readonly PatientId[]
  readonly onPatient: (id: PatientId | null) => void
}

/** Who is it for: found by name, birth date or phone; added here when new. */
export function PatientStep({ clinic, patientId, recent, onPatient }: PatientStepProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [isNew, setIsNew] = useState(false)
  const lookup = usePatientLookup()
  const options = usePatientOptions(clinic, text, recent)
  const patient = patientId === null ? undefined : lookup(patientId)
  useOpened('patients', patientId)
  if (patient) {
    return (
      <div className={classes.chosen}>
        <PatientRow patient={patient} />
        <Button variant="subtle" size="compact-sm" onClick={() => onPatient(null)}>
          {t('book.change-patient')}
        </Button>
      </div>
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
  const found = usePatientSearch(text, SHOWN_PATIENTS)
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
