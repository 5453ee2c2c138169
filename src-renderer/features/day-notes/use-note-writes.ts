import { useTranslation } from 'react-i18next'
import type { DayNote, DayNoteWords } from '#domain/clinic/day-note.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import {
  addDayNoteLocally,
  changeDayNoteLocally,
  deleteDayNoteLocally,
  type LocalNoteWrite,
} from '#renderer/local-db/day-notes-store.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'

/** Pins a note or changes one, and takes it down with a way back. Says why where it cannot be done. @param note null for a new one */
export function useNoteWrites({ desk }: Clinic, note: DayNote | null, onDone: () => void) {
  const { t } = useTranslation()
  const report = (written: LocalNoteWrite): boolean => {
    if (!written.ok) showProblem(refusalSentence(t, written.reason))
    return written.ok
  }
  return {
    save: async (words: DayNoteWords): Promise<void> => {
      const written = note
        ? await changeDayNoteLocally(desk, note.id, changesOf(note, words))
        : await addDayNoteLocally(desk, words)
      if (report(written)) onDone()
    },
    remove: async ({ id }: DayNote): Promise<void> => {
      const removed = await deleteDayNoteLocally(desk, id)
      if (!removed.ok) return void report(removed)
      const { text, doctorId, date, lastDate } = removed.note
      const putBack = async () => report(await addDayNoteLocally(desk, { text, doctorId, date, lastDate }))
      showUndo(t('day-note.removed'), t('undo.button'), putBack)
      onDone()
    },
  }
}

/** Only what was changed here: what others changed meanwhile stands. */
const changesOf = (note: DayNote, words: DayNoteWords): Partial<DayNoteWords> =>
  Object.fromEntries(Object.entries(words).filter(([field, value]) => note[field as keyof DayNoteWords] !== value))
