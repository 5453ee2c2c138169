import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Patient } from '#domain/people/people-schemas.ts'
import { type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import { parseBirthDate } from '#renderer/clinic/parse-birth-date.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { editPatientLocally } from '#renderer/local-db/patients-store.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'

/** What is typed, field by field; alerts one a line. */
export type ContactTexts = {
  readonly name: string
  readonly phone: string
  readonly email: string
  readonly note: string
  readonly birth: string
  readonly alerts: string
}

export type Contact = {
  readonly texts: ContactTexts
  readonly type: (field: keyof ContactTexts, text: string) => void
  readonly birthDate: LocalDay | null
  readonly isWrongDate: boolean
  readonly isChanged: boolean
  readonly canSave: boolean
  readonly save: () => Promise<void>
}

const MOST_ALERTS = 20

/**
 * A draft of a person's details beside what is known, written to this computer first. Only what was typed is held: everything else
 * follows the record, and nothing typed is lost when the record changes meanwhile.
 */
export function useContact(clinic: Clinic, patient: Patient): Contact {
  const { t } = useTranslation()
  const { name, phone, email, note } = patient
  const [typed, setTyped] = useState<Partial<ContactTexts>>({})
  const known = { name, phone, email, note, birth: patient.birthDate ?? '', alerts: patient.alerts.join('\n') }
  const texts: ContactTexts = { ...known, ...typed }
  const birth = texts.birth.trim()
  const birthDate = birth === '' ? null : parseBirthDate(birth, localDayOf(clinic.desk.now(), clinic.zone))
  const isWrongDate = birth !== '' && birthDate === null
  const wanted = {
    name: texts.name.trim(),
    phone: texts.phone.trim(),
    email: texts.email.trim(),
    note: texts.note,
    birthDate,
    alerts: linesOf(texts.alerts),
  }
  const fields = Object.keys(wanted) as (keyof typeof wanted)[]
  const isChanged = fields.some((field) => JSON.stringify(wanted[field]) !== JSON.stringify(patient[field]))
  const canSave = isChanged && !isWrongDate && wanted.name !== ''
  return {
    texts,
    type: (field, text) => setTyped((before) => ({ ...before, [field]: text })),
    birthDate,
    isWrongDate,
    isChanged,
    canSave,
    save: async () => {
      if (!canSave) return
      const written = await editPatientLocally(clinic.desk, patient.id, wanted)
      if (!written.ok) return showProblem(refusalSentence(t, written.reason))
      // What was typed on since stays.
      setTyped((now) => (now === typed ? {} : now))
    },
  }
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim().slice(0, 200))
    .filter(Boolean)
    .slice(0, MOST_ALERTS)
