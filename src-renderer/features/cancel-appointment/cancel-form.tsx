import { Button, Radio, Stack, Textarea } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { SeriesOf } from '#renderer/clinic/use-series-of.ts'
import { useTold } from '#renderer/clinic/use-told.ts'
import { cancelLocally, takeBackLocally } from '#renderer/local-db/appointments-store.ts'
import { useKept } from '#renderer/local-db/kept-forms-context.tsx'
import { usePatientLookup, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { useWhenSent } from '#renderer/local-db/use-when-sent.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'
import classes from './cancel-form.module.css'
import { useCancelSeries } from './use-cancel-series.ts'

/** Reasons a clinic hears most, and free words. The text is stored, so it is written in the clinic's language. */
const REASONS = ['by-patient', 'patient-ill', 'by-clinic', 'doctor-absent', 'booked-twice', 'other'] as const
type Reason = (typeof REASONS)[number]

type CancelProps = {
  readonly clinic: Clinic
  readonly appointment: Appointment
  readonly series: SeriesOf | null
  readonly api: Pick<ServerApi, 'call'>
  readonly onDone: () => void
  readonly onBack: () => void
}

/** Calls a visit off, with a reason; for ten seconds it can be taken back. */
export function CancelForm({ clinic, appointment, series, api, onDone, onBack }: CancelProps) {
  const { t } = useTranslation()
  const [isWithLater, setIsWithLater] = useKept('isWithLater', false)
  const [reason, setReason] = useKept<Reason>('reason', 'by-patient')
  const [words, setWords] = useKept('words', '')
  const cancelOne = useCancel(clinic, appointment)
  const cancelLater = useCancelSeries(api, clinic, appointment, series)
  const cancel = isWithLater && cancelLater ? cancelLater : cancelOne
  useHotkeys([{ keys: 'Escape', run: onBack }])
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const text = reason === 'other' ? words.trim() : [t(`cancel.${reason}`), words.trim()].filter(Boolean).join(': ')
    if (text !== '' && (await cancel(text))) onDone()
  }
  return (
    <form className={classes.form} onSubmit={submit} aria-label={t('cancel.title')}>
      <h3 className={classes.title}>{t('cancel.title')}</h3>
      <Radio.Group value={reason} onChange={(value) => setReason(value as Reason)} label={t('cancel.why')}>
        <Stack gap="0.5rem" mt="0.375rem">
          {REASONS.map((value, index) => (
            <Radio
              key={value}
              size="xs"
              value={value}
              label={t(`cancel.${value}`)}
              data-autofocus={index === 0 || undefined}
              autoFocus={index === 0}
            />
          ))}
        </Stack>
      </Radio.Group>
      {cancelLater && series && (
        <Extent count={series.later.length} isWithLater={isWithLater} onChoose={setIsWithLater} />
      )}
      <Textarea
        label={reason === 'other' ? t('cancel.words-needed') : t('cancel.words')}
        autosize
        minRows={2}
        maxLength={400}
        required={reason === 'other'}
        withAsterisk={false}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button onClick={onBack}>{t('cancel.keep')}</Button>
        <Button type="submit" variant="filled" color="danger">
          {t('cancel.button')}
        </Button>
      </div>
    </form>
  )
}

type ExtentProps = {
  /** How many come after this one. */
  readonly count: number
  readonly isWithLater: boolean
  readonly onChoose: (isWithLater: boolean) => void
}

/** This visit of a series alone, or those after it too; the server decides on them together. */
function Extent({ count, isWithLater, onChoose }: ExtentProps) {
  const { t } = useTranslation()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  return (
    <Radio.Group
      value={isWithLater ? 'later' : 'one'}
      onChange={(value) => onChoose(value === 'later')}
      label={t('cancel.extent')}
      description={isOnline ? undefined : t('cancel.extent-offline')}
    >
      <Stack gap="0.5rem" mt="0.375rem">
        <Radio size="xs" value="one" label={t('series.only-this')} />
        <Radio size="xs" value="later" label={t('series.with-later', { count })} disabled={!isOnline} />
      </Stack>
    </Radio.Group>
  )
}

function useCancel(clinic: Clinic, appointment: Appointment): (reason: string) => Promise<boolean> {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const told = useTold(clinic)
  const whenSent = useWhenSent('appointments')
  const { id, status, patientId } = appointment
  return async (reason) => {
    const written = await cancelLocally(clinic.desk, id, reason)
    if (!written.ok) {
      showProblem(refusalSentence(t, written.reason))
      return false
    }
    const back = status === 'pending' ? 'pending' : 'confirmed'
    if (status === 'pending' || status === 'confirmed') {
      const undo = async (): Promise<void> => {
        await whenSent(id)
        const undone = await takeBackLocally(clinic.desk, id, back)
        if (!undone.ok) showProblem(refusalSentence(t, undone.reason))
      }
      const message = t('undo.cancelled', { name: lookup(patientId)?.name ?? '' })
      showUndo(message, t('undo.button'), undo, await told('cancelled', written.appointment))
    }
    return true
  }
}
