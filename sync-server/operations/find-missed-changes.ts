/**
 * What other processes have committed without this one hearing of it: a notice between instances may be lost, and tools on the same
 * database send none. The tables tell, so a lost notice costs time and nothing else.
 */
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import { type CollectionName, isCollectionName } from '#domain/sync/collections.ts'
import type { PokedName } from '#domain/sync/live-names.ts'
import type { Database } from '#server/database/database.ts'
import type { Tx } from '#server/database/dialect.ts'
import { listHeads } from '#server/repositories/change-counters.ts'
import { listTouchedSince } from '#server/repositories/document-views.ts'

/** How far each clinic's order of changes has come. */
export type Heads = ReadonlyMap<ClinicId, number>
type Touched = ReadonlyMap<PokedName, ReadonlySet<Audience>>

/** Audiences of one question. */
const AT_ONCE = 200

export const readHeads = (database: Database): Promise<Heads> => database.read(listHeads)

/**
 * @param known the heads this process has heard of
 * @param heard the audiences that somebody here listens to; a collection that nobody listens to is not looked at
 * @returns the heads now, and what of `heard` has changed beyond the known ones
 */
export async function findMissedChanges(
  database: Database,
  known: Heads,
  heard: () => Touched,
): Promise<{ readonly heads: Heads; readonly missed: Touched }> {
  return database.read(async (tx) => {
    const heads = await listHeads(tx)
    const missed = new Map<PokedName, Set<Audience>>()
    for (const [clinicId, head] of heads) {
      const after = known.get(clinicId) ?? 0
      if (head <= after) continue
      for (const [name, audiences] of heard()) {
        if (!isCollectionName(name)) continue
        const touched = await listTouched(tx, { clinicId, collection: name }, [...audiences], after)
        if (touched.length > 0) missed.set(name, new Set([...(missed.get(name) ?? []), ...touched]))
      }
    }
    return { heads, missed }
  })
}

async function listTouched(
  tx: Tx,
  shelf: { readonly clinicId: ClinicId; readonly collection: CollectionName },
  audiences: readonly Audience[],
  after: number,
): Promise<Audience[]> {
  const touched: Audience[] = []
  for (let from = 0; from < audiences.length; from += AT_ONCE) {
    touched.push(...(await listTouchedSince(tx, shelf, audiences.slice(from, from + AT_ONCE), after)))
  }
  return touched
}
