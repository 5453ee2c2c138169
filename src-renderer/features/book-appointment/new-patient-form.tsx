import { Button, TextInput } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientSearch } from '#renderer/local-db/local-db-context.tsx'
import { addPatientLocally } from '#renderer/local-db/patients-store.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './booking-panel.module.css'
import { parseBirthDate } from './parse-birth-date.ts'

type NewPatientProps = {
  readonly clinic: Clinic
  /** What was typed into the search: a name or a number. */
  readonly typed: string
  readonly onAdded: (id: PatientId) => void
  readonly onBack: () => void
}

/** Three fields, and whoever is in the list already under that name and birth date. */
export function NewPatientForm({ clinic, typed, onAdded, onBack }: NewPatientProps) {
  const { t } = useTranslation()
  const startsAsNumber = /^[\d+(]/.test(typed)
  const [name, setName] = useState(startsAsNumber ? '' : typed)
  const [birth, setBirth] = useState('')
  const [phone, setPhone] = useState(startsAsNumber ? typed : '')
  const today = localDayOf(clinic.desk.now(), clinic.zone)
  const birthDate = parseBirthDate(birth, today)
  const twins = useTwins(name, birthDate)
  const isWrongDate = birth.trim() !== '' && birthDate === null
  const add = async (): Promise<void> => {
    if (name.trim() === '' || isWrongDate) return
    const added = await addPatientLocally(clinic.desk, { name: tidy(name), birthDate, phone: phone.trim() })
    if (added.ok) onAdded(added.patient.id)
    else showProblem(refusalSentence(t, added.reason))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return
    event.preventDefault()
    event.stopPropagation()
    void add()
  }
  return (
    <fieldset className={classes.newPatient} onKeyDown={onKeyDown}>
      <legend>{t('book.new-patient')}</legend>
      <TextInput
        label={t('patient.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoFocus={name === ''}
        maxLength={160}
      />
      <TextInput
        label={t('patient.birth-date')}
        description={birthDate ? undefined : t('patient.birth-date-form')}
        value={birth}
        onChange={(event) => setBirth(event.currentTarget.value)}
        error={isWrongDate && birth.trim().length >= 8 ? t('patient.birth-date-wrong') : undefined}
        autoFocus={name !== ''}
        inputMode="numeric"
      />
      <TextInput
        label={t('patient.phone')}
        value={phone}
        onChange={(event) => setPhone(event.currentTarget.value)}
        type="tel"
        maxLength={40}
      />
      {twins.length > 0 && (
        <div className={classes.twins} role="status">
          <p>{t('book.already-there')}</p>
          {twins.map((twin) => (
            <div key={twin.id} className={classes.chosen}>
              <PatientRow patient={twin} />
              <Button size="compact-sm" variant="subtle" onClick={() => onAdded(twin.id)}>
                {t('book.take-patient')}
              </Button>
            </div>
          ))}
        </div>
      )}
      <div className={classes.buttons}>
        <Button onClick={onBack}>{t('book.back')}</Button>
        <Button onClick={() => void add()} disabled={name.trim() === '' || isWrongDate}>
          {t('book.add')}
        </Button>
      </div>
    </fieldset>
  )
}

/** Patients of the same name, or of the same birth date with a name that begins alike. */
function useTwins(name: string, birthDate: LocalDay | null) {
  const words = name.trim().split(/\s+/)
  const last = words.at(-1) ?? ''
  const asked = name.trim().length < 4 ? '' : birthDate === null ? name : `${last.slice(0, 4)} ${birthDate}`
  return usePatientSearch(asked, 3)
}

const tidy = (name: string): string => name.trim().replace(/\s+/g, ' ')
