/**
 * How far each audience of a collection has come, remembered for a moment. After an outage every device asks for every collection,
 * and nearly all of them are level: they are answered from here, where a look into the tables takes a snapshot and seven questions.
 *
 * What this process commits or is told of counts at once. What other processes commit untold, also a new history, is seen when the
 * moment is over; so a level answer is never older than that.
 */
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { Checkpoint } from '#domain/sync/checkpoint.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { type Instant, seconds } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { findHead } from '#server/repositories/document-views.ts'
import type { Committed } from './write-context.ts'

export type AudienceHeads = {
  /** True when nothing in these audiences is newer than the checkpoint, and it names them and no others. */
  readonly isLevel: (
    shelf: { readonly clinicId: ClinicId; readonly collection: CollectionName },
    audiences: readonly Audience[],
    checkpoint: Checkpoint,
  ) => Promise<boolean>
  /** After every commit of this process, and after every notice of another one, before anybody is poked. */
  readonly note: (committed: Committed) => void
}

const MOMENT_MS = seconds(2)
const MOST_KEYS = 100_000

/** @param now milliseconds of a clock that only goes forward */
export function createAudienceHeads(database: Database, now: () => Instant = () => performance.now()): AudienceHeads {
  const remembered = new Map<string, { readonly at: Instant; readonly value: Promise<unknown> }>()
  const touched = new Map<string, number>()
  async function remember<Value>(key: string, read: () => Promise<Value>): Promise<Value> {
    const known = remembered.get(key)
    if (known && now() - known.at < MOMENT_MS) return known.value as Promise<Value>
    if (remembered.size >= MOST_KEYS) remembered.clear()
    const value = read()
    remembered.set(key, { at: now(), value })
    value.catch(() => remembered.delete(key))
    return value
  }
  const keyOf = (clinicId: ClinicId, name: string, audience: string) => `${clinicId} ${name} ${audience}`

  return {
    async isLevel({ clinicId, collection }, audiences, { epoch, audiences: read, leaving }) {
      if (leaving.size > 0 || read.size !== audiences.length) return false
      const counter = await remember(clinicId, () => database.read((tx) => findCounter(tx, clinicId)))
      if (counter?.epoch !== epoch) return false
      for (const audience of audiences) {
        const position = read.get(audience)
        if (position === undefined) return false
        const key = keyOf(clinicId, collection, audience)
        if (position < (touched.get(key) ?? 0)) return false
        const shelf = { clinicId, collection }
        if (position < (await remember(key, () => database.read((tx) => findHead(tx, shelf, audience))))) return false
        // Something may have come while it was read.
        if (position < (touched.get(key) ?? 0)) return false
      }
      return true
    },
    note({ clinicId, seq, touched: names }) {
      if (touched.size >= MOST_KEYS) {
        touched.clear()
        remembered.clear()
      }
      for (const [name, audiences] of names) for (const one of audiences) touched.set(keyOf(clinicId, name, one), seq)
    },
  }
}
