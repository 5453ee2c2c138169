/**
 * How far each audience of a collection has come, remembered until the clinic's counter moves. After an outage every device asks for
 * every collection, and nearly all of them are level: they are answered with one look at the counter, where a pull takes a snapshot
 * and seven questions. The counter tells of every commit, whatever process made it, so what is remembered is never out of date.
 */
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { Checkpoint } from '#domain/sync/checkpoint.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Database } from '#server/database/database.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { findHead } from '#server/repositories/document-views.ts'

export type AudienceHeads = {
  /** True when nothing in these audiences is newer than the checkpoint, and it names them and no others. */
  readonly isLevel: (
    shelf: { readonly clinicId: ClinicId; readonly collection: CollectionName },
    audiences: readonly Audience[],
    checkpoint: Checkpoint,
  ) => Promise<boolean>
}

type Remembered = { readonly stamp: string; readonly head: Promise<number> }
const MOST_KEYS = 100_000

export function createAudienceHeads(database: Database): AudienceHeads {
  const remembered = new Map<string, Remembered>()
  /** @param stamp the counter as it stood before: a head read later may count more, never less */
  function headOf(key: string, stamp: string, read: () => Promise<number>): Promise<number> {
    const known = remembered.get(key)
    if (known?.stamp === stamp) return known.head
    if (remembered.size >= MOST_KEYS) remembered.clear()
    const head = read()
    remembered.set(key, { stamp, head })
    head.catch(() => remembered.delete(key))
    return head
  }
  return {
    async isLevel(shelf, audiences, { epoch, audiences: read, leaving }) {
      if (leaving.size > 0 || read.size !== audiences.length) return false
      const counter = await database.read((tx) => findCounter(tx, shelf.clinicId))
      if (counter?.epoch !== epoch) return false
      for (const audience of audiences) {
        const position = read.get(audience)
        if (position === undefined) return false
        const key = `${shelf.clinicId} ${shelf.collection} ${audience}`
        const look = () => database.read((tx) => findHead(tx, shelf, audience))
        if (position < (await headOf(key, `${epoch} ${counter.value}`, look))) return false
      }
      return true
    },
  }
}
