/**
 * What changed for one person in one collection since a checkpoint.
 *
 * Counter, views and documents of one pull are read in one snapshot, the counter first: nothing at or below it can appear
 * later, because numbers are given under the counter's lock in the order of commits. The person's audiences are merged by
 * number; a document that none of them sees any more travels as a stub. An audience new to the checkpoint starts at 0; one
 * the person has lost is swept: stubs for its documents, a page at a time, until the checkpoint no longer names it.
 * What a device has never read from begins with today: the documents of the clinic's day come first, beside the checkpoint, which
 * moves by the order of changes alone, so that they come once more in their place.
 * A page never ends inside a number. Invariants and their tests: docs/sync.md.
 */
import { type Audience, audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import {
  type Checkpoint,
  EMPTY_CHECKPOINT,
  packCheckpoint,
  parseCheckpoint,
  type WireCheckpoint,
} from '#domain/sync/checkpoint.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import { BOOKMARK_ID, stubOf } from '#domain/sync/stub.ts'
import { MAX_PULL_DOCUMENTS, type PullResult } from '#domain/sync/wire-messages.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { Tx } from '#server/database/dialect.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { type Change, findVisible, listChanges, listChangesAt, type Shelf } from '#server/repositories/changes.ts'
import { listSeenOfDay } from '#server/repositories/dated-rows.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import { findWindow } from '#server/repositories/replication-windows.ts'
import { findUserAudiences, rememberUserAudiences } from '#server/repositories/user-audiences.ts'
import type { NoteAccess } from './access-audit.ts'
import type { AudienceHeads } from './audience-heads.ts'
import { recordDisclosure } from './record-disclosure.ts'

export type PullDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly noteAccess: NoteAccess
  /** Answers devices that are level without a look into the tables. */
  readonly heads?: AudienceHeads
}

/** `hasMore`: another pull will find something, also where this page holds less than was asked for. */
export type PullAnswer =
  | { readonly ok: true; readonly result: PullResult; readonly hasMore: boolean }
  | { readonly ok: false; readonly field: string; readonly message: string }

type Page = {
  readonly documents: readonly WireDocument[]
  readonly checkpoint: Checkpoint
  readonly hasMore: boolean
  /** Audiences this person reads from for the first time. */
  readonly firstRead: readonly Audience[]
}
type Reader = {
  readonly tx: Tx
  readonly shelf: Shelf
  readonly audiences: readonly Audience[]
  /** The counter: nothing above it is looked at. */
  readonly upTo: number
  readonly limit: number
}

/** A refused change may hold two whole documents of 64 KiB, a message ten; a page has to fit into one frame. */
const PAGE_LIMITS: Partial<Record<CollectionName, number>> = { rejected_changes: 20, notifications: 100 }

/**
 * Reads the next page. Answers `ok: false` when the checkpoint is none that this server gave out.
 * When the answer holds patient records, its audit row is durable before this resolves.
 */
export async function pullChanges(
  deps: PullDeps,
  subject: Subject,
  collection: CollectionName,
  wire: WireCheckpoint | null,
  limit: number,
): Promise<PullAnswer> {
  const from = wire === null ? EMPTY_CHECKPOINT : parseCheckpoint(wire)
  if (!from) return { ok: false, field: 'checkpoint', message: 'The checkpoint was not given out by this server.' }
  const wanted = Math.max(1, Math.min(limit, PAGE_LIMITS[collection] ?? MAX_PULL_DOCUMENTS))
  const { clinicId } = subject
  if (wire && (await deps.heads?.isLevel({ clinicId, collection }, audiencesFor(subject, collection), from))) {
    return { ok: true, result: { documents: [], checkpoint: wire }, hasMore: false }
  }
  const page = await deps.database.read((tx) => readPage(tx, subject, collection, from, wanted))
  if (page.firstRead.length > 0) {
    const reader = { clinicId, userId: subject.userId, collection }
    await deps.database.write((tx) => rememberUserAudiences(tx, reader, page.firstRead, deps.now()))
  }
  await recordDisclosure(deps.noteAccess, subject, 'pulled', collection, page.documents)
  const mustBeKept = page.documents.length === 0 && !namesTheSame(from, page.checkpoint)
  const documents = mustBeKept ? [stubOf(collection, BOOKMARK_ID)] : [...page.documents]
  const result: PullResult = { documents, checkpoint: packCheckpoint(page.checkpoint) }
  return { ok: true, result, hasMore: page.hasMore }
}

/**
 * Whether two checkpoints name the same audiences of the same history. When they do not, the device has to keep the new one even
 * if nothing came with it: what it pushes into an audience can only be swept later if its checkpoint has named that audience.
 */
function namesTheSame(a: Checkpoint, b: Checkpoint): boolean {
  const names = ({ epoch, audiences, leaving }: Checkpoint) =>
    [epoch, ...[...audiences.keys()].sort(), '', ...[...leaving.keys()].sort()].join()
  return names(a) === names(b)
}

async function readPage(
  tx: Tx,
  subject: Subject,
  collection: CollectionName,
  from: Checkpoint,
  limit: number,
): Promise<Page> {
  const counter = await findCounter(tx, subject.clinicId)
  if (!counter) throw new Error('The clinic has no counter row')
  const { clinicId, userId } = subject
  const audiences = audiencesFor(subject, collection)
  const known = await findUserAudiences(tx, { clinicId, userId, collection })
  const position = startOf(from, counter.epoch, audiences, known)
  const reader: Reader = { tx, shelf: { clinicId, collection }, audiences, upTo: Number(counter.value), limit }

  const swept = await sweepLost(reader, position.leaving)
  const first = await readToday(reader, position.fresh)
  const read = await readChanges(reader, new Set([...swept.ids, ...first]), position.audiences)
  return {
    documents: await toDocuments(reader, read.ids),
    checkpoint: { epoch: counter.epoch, audiences: read.positions, leaving: swept.positions },
    hasMore: swept.hasMore || read.hasMore,
    firstRead: audiences.filter((audience) => !known.has(audience)),
  }
}

/**
 * Where to begin. Another epoch is another history, its numbers mean nothing here: everything starts over. Only audiences
 * that this person was once given are swept, so that an invented checkpoint lists nobody's documents.
 */
function startOf(
  from: Checkpoint,
  epoch: string,
  audiences: readonly Audience[],
  known: ReadonlySet<string>,
): Pick<Checkpoint, 'audiences' | 'leaving'> & { readonly fresh: readonly Audience[] } {
  const isSameHistory = from.epoch === epoch
  const held = new Set<string>(audiences)
  const lost = [...new Set([...from.leaving.keys(), ...from.audiences.keys()])].filter(
    (audience) => !held.has(audience) && known.has(audience),
  )
  return {
    audiences: new Map(audiences.map((one) => [one, isSameHistory ? (from.audiences.get(one) ?? 0) : 0])),
    leaving: new Map(lost.map((one) => [one, isSameHistory ? (from.leaving.get(one) ?? 0) : 0])),
    fresh: audiences.filter((one) => !(isSameHistory && from.audiences.has(one))),
  }
}

/** What audiences new to the device see of the clinic's today, so that a board can be drawn while the rest is on its way. */
async function readToday({ tx, shelf }: Reader, fresh: readonly Audience[]): Promise<readonly string[]> {
  const day = fresh.length > 0 ? (await findWindow(tx, shelf.clinicId))?.day : undefined
  return day === undefined ? [] : listSeenOfDay(tx, shelf, fresh, { day, limit: MAX_PULL_DOCUMENTS })
}

/**
 * The next documents to be taken off a device because their audience was lost. In ascending order of number, all of them and
 * not only those the device had read: a document changed since moves ahead of the sweep, never behind it.
 */
async function sweepLost(reader: Reader, leaving: ReadonlyMap<string, number>) {
  const positions = new Map(leaving)
  const ids = new Set<string>()
  for (const audience of leaving.keys()) {
    while (positions.has(audience) && ids.size < reader.limit) {
      const after = positions.get(audience) ?? 0
      const { rows, isFull } = await listWhole(reader, audience, after)
      const stillSeen = await findVisible(reader.tx, reader.shelf, reader.audiences, rows.map(toId))
      const taken = takeWhole(rows, reader.limit - ids.size, (id) => !stillSeen.has(id))
      for (const id of taken.ids) ids.add(id)
      if (isFull || taken.isCut) positions.set(audience, taken.last ?? after)
      else positions.delete(audience)
    }
  }
  return { ids, positions, hasMore: positions.size > 0 }
}

/**
 * The next changes of all audiences, merged by number, until with what is there already the page is full: RxDB takes a shorter
 * page for the last one, and the same document may be met twice.
 */
async function readChanges(reader: Reader, taken: ReadonlySet<string>, start: ReadonlyMap<string, number>) {
  const ids = new Set(taken)
  let positions = start
  let hasMore = true
  while (hasMore && ids.size < reader.limit) {
    const step = await readStep({ ...reader, limit: reader.limit - ids.size }, positions)
    for (const id of step.ids) ids.add(id)
    positions = step.positions
    hasMore = step.hasMore
  }
  return { ids, positions, hasMore }
}

async function readStep(reader: Reader, positions: ReadonlyMap<string, number>) {
  const merged: Change[] = []
  // Behind the last row of an audience that filled its share there may be more: nothing beyond that number is certain.
  let certain = reader.upTo
  for (const [audience, after] of positions) {
    const { rows, isFull } = await listWhole(reader, audience, after)
    merged.push(...rows)
    if (isFull) certain = Math.min(certain, rows.at(-1)?.seq ?? certain)
  }
  const inOrder = merged.filter(({ seq }) => seq <= certain).sort((a, b) => a.seq - b.seq)
  const { ids, last, isCut } = takeWhole(inOrder, reader.limit, () => true)
  const hasMore = isCut || certain < reader.upTo
  const end = hasMore ? (last ?? certain) : reader.upTo
  const moved = new Map([...positions].map(([audience, seq]) => [audience, Math.max(seq, end)]))
  return { ids, positions: moved, hasMore }
}

/** The next changes of one audience, about a page of them, and all of those that share the last number. */
async function listWhole({ tx, shelf, upTo, limit }: Reader, audience: string, after: number) {
  const rows = await listChanges(tx, shelf, audience, { after, upTo, limit })
  if (rows.length < limit) return { rows, isFull: false }
  const last = rows.at(-1)?.seq ?? after
  const atLast = await listChangesAt(tx, shelf, audience, last)
  return { rows: [...rows.filter(({ seq }) => seq < last), ...atLast], isFull: true }
}

/**
 * Takes rows in order until enough of them count, and then the rest of the number it stands in.
 * `last` is the number up to which everything was taken.
 */
function takeWhole(rows: readonly Change[], limit: number, counts: (id: string) => boolean) {
  const ids = new Set<string>()
  let last: number | undefined
  for (const { documentId, seq } of rows) {
    if (ids.size >= limit && seq !== last) return { ids, last, isCut: true }
    if (counts(documentId)) ids.add(documentId)
    last = seq
  }
  return { ids, last, isCut: false }
}

const toId = ({ documentId }: Change): string => documentId

/** The documents as this reader may see them; what is deleted or hidden is a stub. */
async function toDocuments({ tx, shelf, audiences }: Reader, ids: ReadonlySet<string>): Promise<WireDocument[]> {
  const { collection } = shelf
  const visible = await findVisible(tx, shelf, audiences, [...ids])
  const found = await findDocuments(tx, collection, [...visible])
  const byId = new Map(found.map((document) => [document.id as string, document]))
  return [...ids].map((id) => {
    const document = byId.get(id)
    return document && !document._deleted ? document : stubOf(collection, id)
  })
}
