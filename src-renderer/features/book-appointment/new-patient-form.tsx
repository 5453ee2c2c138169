import { Button, TextInput } from '@mantine/core'
import { type KeyboardEvent, type Ref, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { likelyTwins, nameFromSearch } from '#domain/people/likely-twins.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { parseBirthDate } from '#renderer/clinic/parse-birth-date.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useKept } from '#renderer/local-db/kept-forms-context.tsx'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import type { PatientDirectory } from '#renderer/local-db/patient-directory.ts'
import type { PatientHit } from '#renderer/local-db/patient-index.ts'
import { addPatientLocally } from '#renderer/local-db/patients-store.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './booking-panel.module.css'

type NewPatientProps = {
  readonly clinic: Clinic
  /** What was typed into the search: a name or a number. */
  readonly typed: string
  readonly onAdded: (id: PatientId) => void
  readonly onBack: () => void
}

/** Three fields, and whoever is in the list already under that name, birth date or phone: one of them is taken, or it is new anyway. */
export function NewPatientForm({ clinic, typed, onAdded, onBack }: NewPatientProps) {
  const { t } = useTranslation()
  const startsAsNumber = /^[\d+(]/.test(typed)
  const [name, setName] = useKept('newName', nameFromSearch(typed))
  const [birth, setBirth] = useKept('newBirth', '')
  const [phone, setPhone] = useKept('newPhone', startsAsNumber ? typed : '')
  const today = localDayOf(clinic.desk.now(), clinic.zone)
  const birthDate = parseBirthDate(birth, today)
  const twins = useTwins({ name: tidy(name), birthDate, phone })
  const firstTwin = useRef<HTMLButtonElement>(null)
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
    // Nobody is added twice by a quick Enter: it leads to the question first.
    if (firstTwin.current) firstTwin.current.focus()
    else void add()
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
      {twins.length > 0 && <Twins ref={firstTwin} twins={twins} onTake={onAdded} />}
      <div className={classes.buttons}>
        <Button onClick={onBack}>{t('book.back')}</Button>
        <Button onClick={() => void add()} disabled={name.trim() === '' || isWrongDate}>
          {t(twins.length > 0 ? 'book.add-anyway' : 'book.add')}
        </Button>
      </div>
    </fieldset>
  )
}

type TwinsProps = {
  /** Of the button that takes the likeliest. */
  readonly ref: Ref<HTMLButtonElement>
  readonly twins: readonly PatientHit[]
  readonly onTake: (id: PatientId) => void
}

function Twins({ ref, twins, onTake }: TwinsProps) {
  const { t } = useTranslation()
  return (
    <div className={classes.twins} role="status">
      <p>{t('book.already-there')}</p>
      {twins.map((twin, at) => (
        <div key={twin.id} className={classes.chosen}>
          <PatientRow patient={twin} />
          <Button
            ref={at === 0 ? ref : undefined}
            size="compact-sm"
            variant="subtle"
            onClick={() => onTake(twin.id)}
            aria-label={t('book.take-this', { name: twin.name })}
          >
            {t('book.take-patient')}
          </Button>
        </div>
      ))}
    </div>
  )
}

type Wanted = Pick<PatientHit, 'name' | 'birthDate' | 'phone'>

/** People in the list who may be the one that is being added, the likeliest first. */
function useTwins({ name, birthDate, phone }: Wanted): readonly PatientHit[] {
  const { patients } = useLocalDb()
  return useMemo(() => {
    if (!patients || name.length < SHORTEST_NAME) return []
    const wanted = { name, birthDate, phone }
    return likelyTwins(wanted, lookedThrough(patients, wanted)).slice(0, SHOWN_TWINS)
  }, [patients, name, birthDate, phone])
}

const SHORTEST_NAME = 4
const SHOWN_TWINS = 3
const LOOKED_THROUGH = 200

/** Everybody who shares the birth date, the phone or the beginning of a name. */
function lookedThrough(patients: PatientDirectory, { name, birthDate, phone }: Wanted): readonly PatientHit[] {
  const digits = phone.replace(/\D/g, '')
  const questions = [
    name,
    birthDate,
    digits.length >= 8 ? digits : null,
    ...name.split(' ').map((word) => word.slice(0, 5)),
  ]
  const found = questions.flatMap((text) => (text ? patients.search(text, LOOKED_THROUGH) : []))
  return [...new Map(found.map((hit) => [hit.id, hit])).values()]
}

const tidy = (name: string): string => name.trim().replace(/\s+/g, ' ')
