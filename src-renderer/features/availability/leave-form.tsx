import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AvailabilityChange } from '#domain/api/availability-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { takeLeaveLocally } from '#renderer/local-db/schedules-store.ts'
import classes from './availability.module.css'
import { TimeField } from './time-field.tsx'
import { type DatedKind, type LeaveDraft, useLeaveDraft } from './use-leave-draft.ts'

type FormProps = {
  readonly clinic: Clinic
  readonly doctorId: DoctorId
  readonly today: LocalDay
  readonly onAsk: (change: AvailabilityChange) => void
}

const KINDS: readonly DatedKind[] = ['leave', 'extra-hours']

/** Days off, or hours beside the usual ones; without the server leave is kept here until it answers. */
export function LeaveForm({ clinic, doctorId, today, onAsk }: FormProps) {
  const { t } = useTranslation()
  const isOffline = useSyncStatus().connection.phase !== 'ready'
  const draft = useLeaveDraft(doctorId)
  const [said, setSaid] = useState('')
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wish = draft.read()
    setSaid(wish.ok ? '' : t(`availability.${wish.problem}`))
    if (!wish.ok) return
    const { change } = wish
    if (!isOffline) return onAsk(change)
    if (change.kind !== 'leave') return setSaid(t('availability.offline'))
    const written = await takeLeaveLocally(clinic.desk, change)
    setSaid(written.ok ? t('availability.kept-here') : refusalSentence(t, written.reason))
  }
  const { kind, note } = draft.fields
  return (
    <form className={classes.form} aria-label={t('availability.dated')} onSubmit={(event) => void submit(event)}>
      <NativeSelect
        label={t('availability.what')}
        data={KINDS.map((value) => ({ value, label: t(`availability.kind.${value}`) }))}
        value={kind}
        onChange={(event) => draft.set({ kind: event.currentTarget.value as DatedKind })}
      />
      <Days draft={draft} today={today} />
      <Times draft={draft} />
      <TextInput
        label={t('availability.note')}
        maxLength={500}
        value={note}
        onChange={(event) => draft.set({ note: event.currentTarget.value })}
      />
      <div className={classes.row}>
        <Button type="submit">
          {t(isOffline && kind === 'leave' ? 'availability.keep-leave' : 'availability.check')}
        </Button>
        <span role="status" className={classes.said}>
          {said}
        </span>
      </div>
    </form>
  )
}

function Days({ draft, today }: { readonly draft: LeaveDraft; readonly today: LocalDay }) {
  const { t } = useTranslation()
  const { kind, from, to } = draft.fields
  const isLeave = kind === 'leave'
  return (
    <div className={classes.pair}>
      <TextInput
        type="date"
        label={t(isLeave ? 'availability.first-day' : 'availability.day')}
        min={today}
        value={from}
        onChange={(event) => draft.set({ from: event.currentTarget.value })}
      />
      {isLeave && (
        <TextInput
          type="date"
          label={t('availability.last-day')}
          min={today}
          value={to}
          onChange={(event) => draft.set({ to: event.currentTarget.value })}
        />
      )}
    </div>
  )
}

function Times({ draft }: { readonly draft: LeaveDraft }) {
  const { t } = useTranslation()
  const { kind, isWhole, startTime, endTime } = draft.fields
  return (
    <>
      {kind === 'leave' && (
        <Checkbox
          size="xs"
          label={t('availability.whole-days')}
          checked={isWhole}
          onChange={(event) => draft.set({ isWhole: event.currentTarget.checked })}
        />
      )}
      {(kind !== 'leave' || !isWhole) && (
        <div className={classes.pair}>
          <TimeField
            isLabelShown
            label={t('availability.from')}
            value={startTime}
            onTime={(time) => draft.set({ startTime: time })}
          />
          <TimeField
            isLabelShown
            label={t('availability.until')}
            value={endTime}
            onTime={(time) => draft.set({ endTime: time })}
          />
        </div>
      )}
    </>
  )
}
