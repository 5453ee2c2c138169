/**
 * What a device that has read up to its checkpoint has to hold, as one number. The device compares; where it holds something else it reads
 * everything anew (docs/sync.md, section 2). No document leaves.
 */
import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import { parseCheckpoint, type WireCheckpoint } from '#domain/sync/checkpoint.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { type ReplicaSum, replicaSum } from '#domain/sync/replica-sum.ts'
import type { Database } from '#server/database/database.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { listChangedSince, listVisibleRevisions } from '#server/repositories/changes.ts'

/** `except`: documents that changed since the checkpoint, left out of the sum. Null where the two cannot be compared now. */
export type ReplicaAnswer =
  | { readonly ok: true; readonly held: (ReplicaSum & { readonly except: readonly string[] }) | null }
  | { readonly ok: false; readonly field: string; readonly message: string }

/** A device that far behind is about to pull anyway. */
const MOST_CHANGED = 500

/** Answers `ok: false` when the checkpoint is none that this server gave out. */
export async function sumReplica(
  { database }: { readonly database: Database },
  subject: Subject,
  collection: CollectionName,
  wire: WireCheckpoint,
): Promise<ReplicaAnswer> {
  const from = parseCheckpoint(wire)
  if (!from) return { ok: false, field: 'id', message: 'The checkpoint was not given out by this server.' }
  const audiences = audiencesFor(subject, collection)
  const numbers = new Set(audiences.map((audience) => from.audiences.get(audience)))
  const [readTo] = numbers
  // One number for all audiences, and none that is being left: the device was level when it was given this.
  if (numbers.size !== 1 || readTo === undefined || from.leaving.size > 0) return { ok: true, held: null }
  const shelf = { clinicId: subject.clinicId, collection }
  return database.read(async (tx) => {
    const counter = await findCounter(tx, subject.clinicId)
    if (counter?.epoch !== from.epoch) return { ok: true, held: null }
    const except = await listChangedSince(tx, shelf, audiences, readTo, MOST_CHANGED + 1)
    if (except.length > MOST_CHANGED) return { ok: true, held: null }
    const held = replicaSum(await listVisibleRevisions(tx, shelf, audiences), new Set(except))
    return { ok: true, held: { ...held, except } }
  })
}
