/**
 * One pushed row, judged in five steps; the order is part of the protocol (docs/sync.md, section 4):
 *
 * 1. Another clinic's document, or one outside the author's audiences: the same refusal with a stub, whatever the content,
 *    so that neither existence nor equality can be probed. A tombstone of such a document is accepted and does nothing.
 * 2. Content equal to the current one, or nothing changed against the base: accepted, nothing done. Retries end here.
 * 3. The current document is deleted and the push is an edit: refusal `gone`.
 * 4. The base differs from the current document: conflict, answered with the current one.
 * 5. Shape, permission, fields of the server, rules of the collection.
 *
 * What the author may change but their devices do not hold, because its day lies outside the replicated window, is judged the
 * same way. Whatever leaves such a document as it is to stay is answered with its stub: no pull would take it off the device.
 */
import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import { canonicalText, contentText } from '#domain/sync/canonical.ts'
import { type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { stubOf } from '#domain/sync/stub.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { applyChange } from './apply-change.ts'
import { audiencesOfDocument } from './audiences-of-document.ts'
import { checkDocument } from './check-document.ts'
import { isOutOfReach } from './replicated-audiences.ts'
import { changedServerField, withCurrentCount } from './server-owned-fields.ts'
import type { WriteContext } from './write-context.ts'

export type Verdict =
  /** `answer`: the current state where the author must adopt it, else null. */
  | { readonly kind: 'accepted'; readonly answer: WireDocument | null }
  | { readonly kind: 'conflict'; readonly answer: WireDocument }
  | {
      readonly kind: 'refused'
      readonly answer: WireDocument
      readonly rejection: Rejection
      readonly isSeen: boolean
    }

/** A verdict, and the document as it stands after it where the author sees it. */
type Judged = Verdict & { readonly about?: WireDocument }

export async function judgePush<Name extends CollectionName>(
  ctx: WriteContext,
  subject: Subject,
  collection: Name,
  row: PushRow,
): Promise<Verdict> {
  return withinReach(ctx, subject, collection, await judge(ctx, subject, collection, row))
}

async function judge<Name extends CollectionName>(
  ctx: WriteContext,
  subject: Subject,
  collection: Name,
  row: PushRow,
): Promise<Judged> {
  const { newDocumentState: wanted, assumedMasterState: base } = row
  const stored = await findDocument(ctx.tx, collection, wanted.id, { forUpdate: true })
  const current = stored && (await isSeenBy(ctx, subject, collection, stored)) ? stored : undefined

  if (!current) return judgeUnseen(ctx, subject, collection, row, stored !== undefined)
  const isEqual = contentText(current) === contentText(wanted)
  const isUnchanged = base != null && contentText(base) === contentText(wanted)
  if (isEqual || isUnchanged || (current._deleted && wanted._deleted)) return acceptedAs(collection, current, wanted)
  if (current._deleted) return refusedSeen(collection, current, { reason: 'gone' })
  if (base == null || contentText(base) !== contentText(current)) return { kind: 'conflict', answer: current }
  return judgeContent(ctx, subject, collection, row, current)
}

/** A row that the tables would not take: refused, with what the author may see of the document. */
export async function judgeUnstorable<Name extends CollectionName>(
  ctx: WriteContext,
  subject: Subject,
  collection: Name,
  { newDocumentState: { id } }: PushRow,
): Promise<Verdict> {
  const stored = await findDocument(ctx.tx, collection, id)
  const isSeen = stored !== undefined && (await isSeenBy(ctx, subject, collection, stored))
  const rejection: Rejection = { reason: 'invalid-document' }
  const judged = isSeen ? refusedSeen(collection, stored, rejection) : refusedUnseen(collection, id, rejection)
  return withinReach(ctx, subject, collection, judged)
}

/** A conflict is left alone: the author needs the current document to merge with, and what they push next ends here again. */
async function withinReach(
  ctx: WriteContext,
  subject: Subject,
  collection: CollectionName,
  { about, ...verdict }: Judged,
): Promise<Verdict> {
  if (!about || about._deleted || verdict.kind === 'conflict') return verdict
  const isOut = await isOutOfReach(ctx, subject, collection, about)
  return isOut ? { ...verdict, answer: stubOf(collection, about.id) } : verdict
}

/** Step 5. */
async function judgeContent<Name extends CollectionName>(
  ctx: WriteContext,
  subject: Subject,
  collection: Name,
  { newDocumentState }: PushRow,
  current: WireDocument<Name> | undefined,
): Promise<Judged> {
  const refuse = (rejection: Rejection): Judged =>
    current ? refusedSeen(collection, current, rejection) : refusedUnseen(collection, newDocumentState.id, rejection)
  const checked = wantedDocument(collection, newDocumentState, current)
  if (!checked.ok) return refuse({ reason: 'invalid-document', field: checked.field })
  const field = current && changedServerField(collection, current, checked.document)
  if (field) return refuse({ reason: 'server-owned-field', field })
  const wanted = current ? withCurrentCount(current, checked.document) : checked.document
  const applied = await applyChange(ctx, subject, collection, current ?? null, wanted)
  if (!applied.ok) return refuse(applied.rejection)
  // What was written comes back by pull. A change the rules reduced to nothing was not written, so nothing would come.
  const isWritten = applied.stored.revision !== current?.revision
  if (!isWritten && current) return acceptedAs(collection, current, newDocumentState)
  return { kind: 'accepted', answer: null, about: applied.stored }
}

/** A deletion says nothing but that; the content is the current one, whatever travelled with it. */
function wantedDocument<Name extends CollectionName>(
  collection: Name,
  pushed: PushRow['newDocumentState'],
  current: WireDocument<Name> | undefined,
): ReturnType<typeof checkDocument<Name>> {
  return pushed._deleted && current
    ? { ok: true, document: { ...current, _deleted: true } }
    : checkDocument(collection, pushed)
}

/**
 * A row about a document the author does not see, whether or not there is one. One that exists is judged as if it were new,
 * under another id, and what that would have stored is rolled back with the refusal: so wherever the author could not have
 * created it, the answer does not tell whether it exists.
 */
async function judgeUnseen<Name extends CollectionName>(
  ctx: WriteContext,
  subject: Subject,
  collection: Name,
  row: PushRow,
  exists: boolean,
): Promise<Judged> {
  const { newDocumentState: wanted, assumedMasterState: base } = row
  const { id } = wanted
  if (wanted._deleted) return { kind: 'accepted', answer: null }
  // A mark on what is no longer there is about nothing: it leaves the device without a word.
  if (base && definitionOf(collection).push === 'mark') return forgotten(collection, id)
  if (base) return refusedUnseen(collection, id, { reason: 'not-found' })
  if ((wanted as { clinicId?: unknown }).clinicId !== subject.clinicId) {
    return refusedUnseen(collection, id, { reason: 'not-allowed', field: 'clinicId' })
  }
  if (!exists) return judgeContent(ctx, subject, collection, row, undefined)
  const renamed = { newDocumentState: { ...wanted, id: ctx.newId() } }
  const verdict = await judgeContent(ctx, subject, collection, renamed, undefined)
  return refusedUnseen(collection, id, verdict.kind === 'refused' ? verdict.rejection : { reason: 'not-allowed' })
}

/** Judged by content, not by views: a document outside the replicated window is still the author's to change. */
async function isSeenBy<Name extends CollectionName>(
  ctx: WriteContext,
  subject: Subject,
  collection: Name,
  document: WireDocument<Name>,
): Promise<boolean> {
  if (document.clinicId !== subject.clinicId) return false
  const own: ReadonlySet<string> = new Set(audiencesFor(subject, collection))
  return (await audiencesOfDocument(ctx, collection, document)).some((audience) => own.has(audience))
}

/** Nothing is kept of what was pushed; its author takes what stands here. */
const forgotten = (collection: CollectionName, id: string): Verdict => ({
  kind: 'conflict',
  answer: stubOf(collection, id),
})

/** What is gone travels as a stub: a tombstone holds nothing to read. */
const asSent = (collection: CollectionName, current: WireDocument): WireDocument =>
  current._deleted ? stubOf(collection, current.id) : current

/** Nothing to do. The author adopts the current state where it is not exactly what they hold. */
function acceptedAs(collection: CollectionName, current: WireDocument, wanted: PushRow['newDocumentState']): Judged {
  const isKnown = wanted._deleted ? current._deleted : canonicalText(current) === canonicalText(wanted)
  return { kind: 'accepted', answer: isKnown ? null : asSent(collection, current), about: current }
}

function refusedSeen(collection: CollectionName, current: WireDocument, rejection: Rejection): Judged {
  return { kind: 'refused', answer: asSent(collection, current), rejection, isSeen: true, about: current }
}

function refusedUnseen(collection: CollectionName, id: string, rejection: Rejection): Verdict {
  return { kind: 'refused', answer: stubOf(collection, id), rejection, isSeen: false }
}
