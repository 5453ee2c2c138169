import { Button, Textarea, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Patient } from '#domain/people/people-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import classes from './patients.module.css'
import { type Contact, useContact } from './use-contact.ts'

type ContactProps = { readonly clinic: Clinic; readonly patient: Patient; readonly isReadOnly: boolean }

/** What is known of the person, changed in place; it works without the server too. */
export function ContactForm({ clinic, patient, isReadOnly }: ContactProps) {
  const { t } = useTranslation()
  const contact = useContact(clinic, patient)
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void contact.save()
  }
  return (
    <form className={classes.section} onSubmit={submit} aria-labelledby="patients-details">
      <h3 id="patients-details">{t('patients.details')}</h3>
      <Lines contact={contact} isReadOnly={isReadOnly} />
      <Blocks contact={contact} isReadOnly={isReadOnly} />
      {!isReadOnly && (
        <div className={classes.buttons}>
          {!isOnline && contact.isChanged && <span className={classes.quiet}>{t('patients.kept-here')}</span>}
          <Button type="submit" disabled={!contact.canSave}>
            {t('patients.save')}
          </Button>
        </div>
      )}
    </form>
  )
}

type FieldsProps = { readonly contact: Contact; readonly isReadOnly: boolean }

const LINES = [
  ['name', 160, 'text'],
  ['phone', 40, 'tel'],
  ['email', 254, 'text'],
] as const
/** From then on what is typed is meant as a whole date. */
const WHOLE_DATE_LENGTH = 6

function Lines({ contact, isReadOnly }: FieldsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { texts, type, birthDate, isWrongDate } = contact
  return (
    <>
      {LINES.map(([field, maxLength, kind]) => (
        <TextInput
          key={field}
          label={t(`patient.${field}`)}
          value={texts[field]}
          onChange={(event) => type(field, event.currentTarget.value)}
          readOnly={isReadOnly}
          maxLength={maxLength}
          type={kind}
        />
      ))}
      <TextInput
        label={t('patient.birth-date')}
        description={birthDate ? format.birthDate(birthDate) : t('patient.birth-date-form')}
        value={texts.birth}
        onChange={(event) => type('birth', event.currentTarget.value)}
        error={
          isWrongDate && texts.birth.trim().length >= WHOLE_DATE_LENGTH ? t('patient.birth-date-wrong') : undefined
        }
        readOnly={isReadOnly}
      />
    </>
  )
}

function Blocks({ contact: { texts, type }, isReadOnly }: FieldsProps) {
  const { t } = useTranslation()
  return (
    <>
      <Textarea
        label={t('patient.alerts')}
        description={t('patients.alerts-about')}
        value={texts.alerts}
        onChange={(event) => type('alerts', event.currentTarget.value)}
        readOnly={isReadOnly}
        autosize
        minRows={1}
        maxRows={6}
      />
      <Textarea
        label={t('patient.note')}
        value={texts.note}
        onChange={(event) => type('note', event.currentTarget.value)}
        readOnly={isReadOnly}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={2000}
      />
    </>
  )
}
