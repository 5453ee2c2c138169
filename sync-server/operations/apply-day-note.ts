/** A note on a day as a person writes it: the desk on every day, doctors on their own. */
import { can, type Subject } from '#domain/access/can.ts'
import { dayNoteProblem } from '#domain/clinic/day-note.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { authorName } from './author-of.ts'
import { findOwn } from './booking-references.ts'
import { saveDocument } from './save-document.ts'
import type { WriteContext } from './write-context.ts'

type Note = WireDocument<'day_notes'>
type Answer = { readonly ok: true; readonly stored: Note } | { readonly ok: false; readonly rejection: Rejection }

/**
 * Stores a note, changes it, or (with `_deleted`) takes it down; or says why not. Whoever changes it needs the right where it
 * stood and where it is to stand. Its author stays its author.
 * @param current the note as read and locked in this transaction; null for a new one
 */
export async function applyDayNote(
  ctx: WriteContext,
  subject: Subject,
  current: Note | null,
  wanted: Note,
): Promise<Answer> {
  const rejection = refuseAuthor(ctx, subject, current, wanted) ?? (await refuseContent(ctx, current, wanted))
  if (rejection) return { ok: false, rejection }
  const author = current ?? { createdBy: subject.userId, createdByName: await authorName(ctx), createdAt: ctx.now }
  const { createdBy, createdByName, createdAt } = author
  const note = { ...wanted, clinicId: ctx.clinicId, text: wanted.text.trim(), createdBy, createdByName, createdAt }
  return { ok: true, stored: await saveDocument(ctx, 'day_notes', current, note) }
}

function refuseAuthor(
  { clinicId }: WriteContext,
  subject: Subject,
  current: Note | null,
  wanted: Note,
): Rejection | undefined {
  const may = ({ doctorId }: Note) => can(subject, 'manage-day-notes', { clinicId, doctorId })
  return may(wanted) && (!current || may(current)) ? undefined : { reason: 'not-allowed' }
}

async function refuseContent(ctx: WriteContext, current: Note | null, wanted: Note): Promise<Rejection | undefined> {
  if (wanted._deleted) return undefined
  const problem = dayNoteProblem(wanted)
  if (problem) return problem
  const { doctorId } = wanted
  // A note about somebody who has left since stays a note.
  if (doctorId === null || doctorId === current?.doctorId) return undefined
  return (await findOwn(ctx, 'doctors', doctorId)) ? undefined : { reason: 'unknown-reference', field: 'doctorId' }
}
