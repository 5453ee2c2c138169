/** Notes on a day, written to the local database first; replication carries them to the other desks and to the doctor. */
import { can } from '#domain/access/can.ts'
import { type DayNote, type DayNoteWords, dayNoteProblem } from '#domain/clinic/day-note.ts'
import type { DayNoteId } from '#domain/ids.ts'
import { reachOf } from '#domain/sync/window.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { type Desk, newId, subjectOf } from './desk.ts'
import { type LocalRefusal, NOT_HERE, refuse } from './place-check.ts'
import { plainOf } from './plain-document.ts'

export type LocalNoteWrite = { readonly ok: true; readonly note: DayNote } | LocalRefusal

/** Pins a note to a day. Its words are kept without the blanks around them. */
export async function addDayNoteLocally(desk: Desk, words: DayNoteWords): Promise<LocalNoteWrite> {
  const { database, user } = desk
  const now = desk.now()
  const note: DayNote = {
    ...words,
    text: words.text.trim(),
    id: newId<'DayNote'>(now),
    clinicId: user.clinic.id,
    createdBy: user.id,
    createdByName: user.name.slice(0, 120),
    createdAt: now,
    updatedAt: now,
    revision: 0,
  }
  const problem = problemOf(desk, note)
  if (problem) return problem
  await database.day_notes.insert(note)
  return { ok: true, note }
}

/** Changes what a note says, or on which days and for whom it stands. */
export async function changeDayNoteLocally(
  desk: Desk,
  id: DayNoteId,
  change: Partial<DayNoteWords>,
): Promise<LocalNoteWrite> {
  const document = await desk.database.day_notes.findOne(id).exec()
  if (!document) return refuse('not-found')
  const before = plainOf(document)
  const wanted = { ...change, ...(change.text !== undefined && { text: change.text.trim() }) }
  const problem = problemOf(desk, before) ?? problemOf(desk, { ...before, ...wanted })
  if (problem) return problem
  const written = await document.incrementalModify((current) => ({ ...current, ...wanted, updatedAt: desk.now() }))
  return { ok: true, note: plainOf(written) }
}

/**
 * Takes a note down. To take that back is to add what it said anew (`addDayNoteLocally`): a document that was deleted stays so,
 * and who puts the note back stands for it.
 */
export async function deleteDayNoteLocally(desk: Desk, id: DayNoteId): Promise<LocalNoteWrite> {
  const document = await desk.database.day_notes.findOne(id).exec()
  if (!document) return refuse('not-found')
  const note = plainOf(document)
  if (!mayWrite(desk, note)) return refuse('not-allowed')
  await document.incrementalRemove()
  return { ok: true, note }
}

const mayWrite = ({ user }: Desk, { doctorId }: Pick<DayNote, 'doctorId'>): boolean =>
  can(subjectOf(user), 'manage-day-notes', { clinicId: user.clinic.id, doctorId })

function problemOf(desk: Desk, note: DayNote): LocalRefusal | undefined {
  if (!mayWrite(desk, note)) return refuse('not-allowed')
  const problem = dayNoteProblem(note)
  if (problem) return refuse(problem.reason, problem.field)
  const today = localDayOf(desk.now(), desk.user.clinic.zone)
  return reachOf(note.date, today) === 'held' ? undefined : refuse(NOT_HERE, 'date')
}
