/**
 * Whether everything in the local store is what was written: the same reading at every start, in slices behind the screen, so that the
 * start costs nothing and a damage is met before somebody needs the row. A damaged row that is read earlier says so by itself.
 */
import { COLLECTION_NAMES } from '#domain/sync/collections.ts'
import { metaCollectionOf, NOTES, newestPart, RawRows, rawParts } from './raw-store.ts'
import { pagesOf } from './salvage.ts'
import { type Damage, DamagedRowError, damageOf, openRow, SEALED_FIELD } from './sealed-row.ts'

export type CheckOptions = {
  readonly storeName: string
  readonly key: CryptoKey
  /** Called between slices; resolves when the next may be read. */
  readonly pause: () => Promise<void>
  readonly isStopped: () => boolean
}

/** The first damage found, or null. What RxDB has not made yet is no damage. */
export async function checkStore({ storeName, key, pause, isStopped }: CheckOptions): Promise<Damage | null> {
  const parts = await rawParts(storeName)
  const look = async (collection: string): Promise<Damage | null> => {
    const part = newestPart(parts, collection)
    if (!part) return null
    const kept = await RawRows.open(part)
    try {
      if (!kept.isWhole) return damageOf(collection, '', undefined)
      for await (const { ids, rows } of pagesOf(kept)) {
        if (isStopped()) return null
        // What an earlier version wrote in plain, where it may, vouches for nothing.
        const sealed = rows.flatMap((row, index) => (row[SEALED_FIELD] === undefined ? [] : [{ row, id: ids[index] }]))
        await Promise.all(sealed.map(({ row, id }) => openRow({ key, collection, id: id as string }, row)))
        await pause()
      }
      return null
    } catch (error) {
      if (error instanceof DamagedRowError) return error.damage
      throw error
    } finally {
      kept.close()
    }
  }
  for (const name of [NOTES, ...COLLECTION_NAMES]) {
    const damage = await look(name)
    if (damage || isStopped()) return damage
  }
  for (const name of COLLECTION_NAMES) {
    const damage = (await look(await metaCollectionOf(name))) ?? (await findLost(parts, name, pause, isStopped))
    if (damage || isStopped()) return damage
  }
  return null
}

/** A document that the replication remembers and that is not there: it was written before it was remembered. */
async function findLost(
  parts: Awaited<ReturnType<typeof rawParts>>,
  name: (typeof COLLECTION_NAMES)[number],
  pause: () => Promise<void>,
  isStopped: () => boolean,
): Promise<Damage | null> {
  const [part, metaPart] = [newestPart(parts, name), newestPart(parts, await metaCollectionOf(name))]
  if (!metaPart) return null
  if (!part) return damageOf(name, '', undefined)
  const [documents, metas] = [await RawRows.open(part), await RawRows.open(metaPart)]
  try {
    for await (const { ids } of pagesOf(metas)) {
      if (isStopped()) return null
      const known = ids.filter((id) => id.endsWith('|0')).map((id) => id.slice(0, -2))
      const found = await documents.get(known)
      const lost = known.findIndex((_, index) => found[index] === undefined)
      if (lost >= 0) return damageOf(name, known[lost] as string, undefined)
      await pause()
    }
    return null
  } finally {
    documents.close()
    metas.close()
  }
}
