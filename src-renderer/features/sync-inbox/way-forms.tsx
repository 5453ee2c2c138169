/** What is asked before a way on is taken: once, in the place of the buttons, with a way back. */
import { Button, Radio, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import classes from './sync-inbox.module.css'
import { useDropWords } from './use-drop-words.ts'

type AskProps = {
  readonly title: string
  readonly button: string
  readonly isDanger?: boolean
  readonly onSubmit: () => void
  readonly onBack: () => void
  readonly children: ReactNode
}

function Ask({ title, button, isDanger = false, onSubmit, onBack, children }: AskProps) {
  const { t } = useTranslation()
  useHotkeys([{ keys: 'Escape', run: onBack }])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form className={classes.ask} onSubmit={submit} aria-label={title}>
      <h3>{title}</h3>
      {children}
      <div className={classes.more}>
        {/* What cannot be taken back is not one key away. */}
        <Button onClick={onBack} autoFocus={isDanger}>
          {t('book.back')}
        </Button>
        <Button type="submit" variant="filled" {...(isDanger && { color: 'danger' })}>
          {button}
        </Button>
      </div>
    </form>
  )
}

type FormProps = {
  readonly clinic: Clinic
  readonly wanted: Appointment
  readonly onBack: () => void
}

/** Why the time is booked although somebody has it. */
export function OverbookForm({
  onBack,
  onOverbook,
}: Pick<FormProps, 'onBack'> & { readonly onOverbook: (reason: string) => void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  return (
    <Ask
      title={t('commands.inbox.overbook')}
      button={t('inbox.overbook-now')}
      onBack={onBack}
      onSubmit={() => reason.trim() !== '' && onOverbook(reason.trim())}
    >
      <TextInput
        label={t('book.overbook-reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
        autoFocus
        maxLength={500}
      />
    </Ask>
  )
}

export type WaitWish = { readonly isSameDoctor: boolean; readonly note: string }

/** With whom they would take a time that becomes free. */
export function WaitForm({
  clinic,
  wanted,
  onBack,
  onWait,
}: FormProps & { readonly onWait: (wish: WaitWish) => void }) {
  const { t } = useTranslation()
  const [whose, setWhose] = useState<'same' | 'any'>('same')
  const [note, setNote] = useState('')
  return (
    <Ask
      title={t('commands.inbox.waitlist')}
      button={t('waitlist.put')}
      onBack={onBack}
      onSubmit={() => onWait({ isSameDoctor: whose === 'same', note: note.trim() })}
    >
      <Radio.Group value={whose} onChange={(value) => setWhose(value as 'same' | 'any')} label={t('book.with')}>
        <Stack gap="0.5rem" mt="0.375rem">
          <Radio size="xs" value="same" autoFocus label={clinic.doctorOf(wanted.doctorId)?.name ?? ''} />
          <Radio size="xs" value="any" label={t('waitlist.any-doctor')} />
        </Stack>
      </Radio.Group>
      <TextInput
        label={t('waitlist.note')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={500}
      />
    </Ask>
  )
}

/** Whether the booking may go for good, and how the patient learns of it. */
export function DropForm({ clinic, wanted, onBack, onDrop }: FormProps & { readonly onDrop: () => void }) {
  const { t } = useTranslation()
  const name = usePatientLookup()(wanted.patientId)?.name ?? t('inbox.a-patient')
  const told = useDropWords(clinic, wanted)
  return (
    <Ask title={t('inbox.drop-ask', { name })} button={t('inbox.drop-now')} isDanger onBack={onBack} onSubmit={onDrop}>
      <p>{told}</p>
    </Ask>
  )
}
