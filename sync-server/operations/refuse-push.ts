/**
 * What becomes of a change that was refused: one row in its author's inbox, `rejected_changes`. The same attempt on the same
 * base is the same row, so that a client that repeats itself is told once.
 */
import type { Subject } from '#domain/access/can.ts'
import type { RejectedChangeId } from '#domain/ids.ts'
import { canonicalText, contentText } from '#domain/sync/canonical.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { keepChange } from '#server/repositories/kept-changes.ts'
import { isAboutErased } from './erased-patients.ts'
import { hashedId } from './hashed-id.ts'
import { saveDocument } from './save-document.ts'
import type { WriteContext } from './write-context.ts'

export type RefusedPush = {
  readonly collection: CollectionName
  readonly row: PushRow
  readonly rejection: Rejection
  /** False when the author may not see the document (any more): then its content stays with the server. */
  readonly isSeen: boolean
}

/** The widest text `rejected_changes` holds. */
const MAX_TEXT_LENGTH = 65_536

/** Writes the inbox row, in the transaction around the refused job. */
export async function keepRefusal(ctx: WriteContext, subject: Subject, refused: RefusedPush): Promise<void> {
  const { collection, row, rejection, isSeen } = refused
  const { newDocumentState: attempted, assumedMasterState: base } = row
  const id = refusalId(subject, refused)
  ctx.addAudit({
    userId: subject.userId,
    action: 'refused',
    collection,
    documentIds: [attempted.id],
    detail: { code: rejection.reason },
  })
  const known = await findDocument(ctx.tx, 'rejected_changes', id)
  if (known && !known._deleted) return
  // Of an erased patient nothing is kept, not even what was refused; its author learns that it is gone.
  const isKept = !(await isAboutErased(ctx, collection, row))
  const inboxRow: WireDocument<'rejected_changes'> = {
    id,
    clinicId: subject.clinicId,
    userId: subject.userId,
    collectionName: collection,
    documentId: attempted.id.slice(0, 36),
    reason: rejection.reason,
    field: (rejection.field ?? '').slice(0, 64),
    takenBy: rejection.takenBy ?? '',
    takenAt: rejection.takenAt ?? null,
    attempted: isKept ? boundedText(isSeen ? attempted : ownChanges(row)) : '{}',
    base: isKept && isSeen && base ? boundedText(base) : null,
    at: ctx.now,
    revision: known?.revision ?? 0,
    _deleted: false,
  }
  await saveDocument(ctx, 'rejected_changes', known ?? null, inboxRow)
  if (isSeen || !isKept) return
  await keepChange(ctx.tx, {
    rejectedChangeId: id,
    clinicId: subject.clinicId,
    attempted: boundedText(attempted),
    base: base ? boundedText(base) : null,
    at: ctx.now,
  })
}

/** Counts of writes are left out: they change between two tries. */
function refusalId(subject: Subject, { collection, row }: RefusedPush): RejectedChangeId {
  const parts = [
    subject.clinicId,
    subject.userId,
    collection,
    row.newDocumentState.id,
    contentText(row.newDocumentState),
    row.assumedMasterState ? contentText(row.assumedMasterState) : '',
  ]
  return hashedId<'RejectedChange'>(parts)
}

/** What the author changed, without what they only knew: fields equal to the base may be another person's words. */
function ownChanges({ newDocumentState, assumedMasterState }: PushRow): object {
  if (!assumedMasterState) return newDocumentState
  const base = assumedMasterState as Readonly<Record<string, unknown>>
  const isOwn = ([field, value]: readonly [string, unknown]) =>
    field === 'id' || field === '_deleted' || canonicalText({ value }) !== canonicalText({ value: base[field] })
  return Object.fromEntries(Object.entries(newDocumentState).filter(isOwn))
}

/** Canonical JSON that fits its column; a document far beyond its schema keeps the beginning of each text. */
function boundedText(document: object): string {
  const whole = canonicalText(document).toWellFormed()
  if (whole.length <= MAX_TEXT_LENGTH) return whole
  const short = Object.entries(document)
    .slice(0, 60)
    .map(([field, value]) => [field.slice(0, 64), String(JSON.stringify(value)).slice(0, 500).toWellFormed()])
  return canonicalText(Object.fromEntries(short))
}
