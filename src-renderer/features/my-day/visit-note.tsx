import { Textarea } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { editWordsLocally } from '#renderer/local-db/appointments-store.ts'
import { useSyncStatus, useUnsent } from '#renderer/local-db/local-db-context.tsx'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './my-day.module.css'

/** As long as the note of a visit may be. */
const LONGEST = 4_000

/**
 * The note of a visit. It is kept when the field is left, with Ctrl and Enter, and when another patient is chosen, so that no
 * button stands between a doctor and the next door.
 */
export function VisitNote({ clinic, visit }: { readonly clinic: Clinic; readonly visit: Appointment }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<string | null>(null)
  const [wasKept, setWasKept] = useState(false)
  const isUnsent = useUnsent('appointments').has(visit.id)
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const kept = useRef<string | null>(null)
  const keep = async (): Promise<void> => {
    if (draft === null || draft === visit.note || draft === kept.current) return
    kept.current = draft
    const written = await editWordsLocally(clinic.desk, visit.id, { note: draft })
    if (written.ok) return setWasKept(true)
    kept.current = null
    showProblem(refusalSentence(t, written.reason))
  }
  // The record says it now; what others add to it shows from here on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another note on record
  useEffect(() => setDraft((current) => (current === kept.current ? null : current)), [visit.note])
  useAtTheEnd(keep)
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void keep()
    else if (event.key === 'Escape') event.currentTarget.blur()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const isOpen = draft !== null && draft !== visit.note && draft !== kept.current
  const said = isUnsent && !isOnline ? t('my-day.kept-here') : t('my-day.note-kept')
  return (
    <div>
      <Textarea
        label={t('details.note')}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={LONGEST}
        disabled={!clinic.may('edit-appointment', visit)}
        value={draft ?? visit.note}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => void keep()}
        onKeyDown={onKeyDown}
      />
      <p role="status" className={classes.noteState}>
        {isOpen ? t('my-day.note-open') : wasKept && said}
      </p>
    </div>
  )
}

/** Runs the newest version when the component goes: what was typed belongs to the patient it was typed for. */
function useAtTheEnd(run: () => unknown): void {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => () => void latest.current(), [])
}
