/**
 * Checks that what a clinic's tables say agrees with itself: bookings, stored hashes, views, the order of changes, the audit.
 * For `npm run verify`, the night and tests. Reads only, one snapshot per check; says what is wrong in sentences of ids.
 */
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import { COLLECTION_NAMES, type CollectionName, type WireDocument } from '#domain/sync/collections.ts'
import { dayOfDocument, isSettled } from '#domain/sync/window.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { contentHash } from '#server/repositories/document-rows.ts'
import { listVisibleAudiences } from '#server/repositories/document-views.ts'
import { listLeaseClashes } from '#server/repositories/overlaps.ts'
import { findWindow } from '#server/repositories/replication-windows.ts'
import { findHighestSeq, listStored } from '#server/repositories/stored-documents.ts'
import type { SealKey } from './audit-seal.ts'
import { replicatedAudiences } from './replicated-audiences.ts'
import { type BrokenChain, verifyAudit } from './verify-audit.ts'
import { verifyBookings } from './verify-bookings.ts'

export const CHECKS = ['bookings', 'documents', 'order', 'audit'] as const
export type Problem = { readonly check: (typeof CHECKS)[number]; readonly sentence: string }

type Deps = { readonly database: Database; readonly now: () => Instant; readonly sealKey: SealKey }

/** Everything that is wrong in one clinic; nothing when all is well. */
export async function verifyClinic(deps: Deps, clinicId: ClinicId): Promise<readonly Problem[]> {
  const { database, sealKey } = deps
  const overlaps = await verifyBookings(database, clinicId)
  const broken = await verifyAudit(database, clinicId, sealKey)
  return [
    ...overlaps.map((overlap): Problem => ({ check: 'bookings', sentence: overlapSentence(overlap) })),
    ...(await verifyAllotments(deps, clinicId)),
    ...(await verifyDocuments(deps, clinicId)),
    ...(await verifyOrder(database, clinicId)),
    ...broken.map((one): Problem => ({ check: 'audit', sentence: AUDIT_SENTENCES[one.fault](one) })),
  ]
}

const overlapSentence = ({ kind, first, second }: { kind: string; first: string; second: string }) =>
  `The visits ${first} and ${second} hold the same time of one ${kind}.`

/** What devices keep stands in nobody else's time. */
async function verifyAllotments({ database, now }: Deps, clinicId: ClinicId): Promise<Problem[]> {
  const clashes = await database.read((tx) => listLeaseClashes(tx, clinicId, now()))
  return clashes.map(({ lease, with: kind, other }) => ({
    check: 'bookings',
    sentence: `The allotment ${lease} and the ${kind} ${other} hold the same time of one doctor.`,
  }))
}

const AUDIT_SENTENCES: Readonly<Record<BrokenChain['fault'], (broken: BrokenChain) => string>> = {
  row: ({ chain, seq }) =>
    `The audit chain ${chain} does not hold from row ${seq} on: it was changed, removed or moved.`,
  end: ({ chain, seq }) => `The audit chain ${chain} ends before row ${seq}: rows were cut off its end.`,
  seal: ({ seq }) => `The audit's seal ${seq} was not made with this server's key, or its place was changed.`,
}

const ROWS_AT_ONCE = 500

/** Every stored hash is that of its content, and everyone who should see a document does. */
async function verifyDocuments({ database, now }: Deps, clinicId: ClinicId): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const collection of COLLECTION_NAMES) {
    for (let after: string | null = ''; after !== null; ) {
      const from: string = after
      const page = await database.read(async (tx) => {
        const stored = await listStored(tx, collection, clinicId, { after: from, limit: ROWS_AT_ONCE })
        for (const one of stored) problems.push(...(await problemsOf({ tx, clinicId, now: now() }, collection, one)))
        return stored
      })
      after = page.length < ROWS_AT_ONCE ? null : (page.at(-1)?.document.id ?? null)
    }
  }
  return problems
}

type Stored<Name extends CollectionName> = { readonly document: WireDocument<Name>; readonly hash: string }
type Context = { readonly tx: Tx; readonly clinicId: ClinicId; readonly now: Instant }

async function problemsOf<Name extends CollectionName>(
  { tx, clinicId, now }: Context,
  collection: Name,
  { document, hash }: Stored<Name>,
): Promise<Problem[]> {
  const name = `${collection} ${document.id}`
  const problem = (sentence: string): Problem => ({ check: 'documents', sentence })
  const problems: Problem[] = []
  if (contentHash(document) !== hash) problems.push(problem(`${name}: the stored hash is not that of the content.`))
  if (dayOfDocument(collection, document) !== null && (document._deleted || (await isMoving(tx, clinicId))))
    return problems
  const recall = <Value>(_: string, load: () => Promise<Value>) => load()
  const wanted = await replicatedAudiences({ tx, clinicId, now, recall }, collection, document)
  const seen = new Set<string>(await listVisibleAudiences(tx, collection, document.id))
  const missing = wanted.filter((audience) => !seen.delete(audience))
  if (missing.length > 0) problems.push(problem(`${name}: not shown to ${missing.join(', ')}, who should see it.`))
  const extra = [...seen].filter((audience) => !fadesByTime(collection, audience as Audience))
  if (extra.length > 0) problems.push(problem(`${name}: shown to ${extra.join(', ')}, who should not see it.`))
  return problems
}

/**
 * While the window of replicated days moves, rows at its edges are still to follow. What is deleted does not follow at all: it is
 * a stub on either side.
 */
async function isMoving(tx: Tx, clinicId: ClinicId): Promise<boolean> {
  const window = await findWindow(tx, clinicId)
  return window !== undefined && !isSettled(window)
}

/**
 * A doctor's sight of a patient ends a year after the last visit: by time, and noted with the next change. What somebody was told
 * leaves their devices by time, with the next daily look.
 */
const fadesByTime = (collection: CollectionName, audience: Audience): boolean =>
  collection === 'notifications' || (collection === 'patients' && audience.startsWith('doctor:'))

/** The counter is ahead of every number it has given out. */
function verifyOrder(database: Database, clinicId: ClinicId): Promise<Problem[]> {
  return database.read(async (tx) => {
    const counter = Number((await findCounter(tx, clinicId))?.value ?? 0)
    const highest = await findHighestSeq(tx, clinicId)
    if (counter >= highest) return []
    const sentence = `The counter stands at ${counter}, but a change carries the number ${highest}.`
    return [{ check: 'order', sentence }]
  })
}
