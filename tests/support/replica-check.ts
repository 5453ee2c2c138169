/** Whether a device holds exactly what the server would let it see. */
import { audiencesFor } from '#domain/access/audiences.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import { subjectOf } from '#renderer/local-db/desk.ts'
import type { SyncStatus } from '#renderer/local-db/sync-status.ts'
import type { Database } from '#server/database/database.ts'
import { findVisible } from '#server/repositories/changes.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import type { RemoteDesk } from './remote-desk.ts'

type Replica = Pick<RemoteDesk, 'name' | 'user' | 'all'>

export type Difference = {
  readonly client: string
  readonly collection: CollectionName
  readonly id: string
  readonly what: string
}

/** Every document in which the device and the server differ; empty when they are level. */
export async function findDifferences(
  database: Database,
  client: Replica,
  collections: readonly CollectionName[],
): Promise<readonly Difference[]> {
  const lists = await Promise.all(collections.map((name) => differencesIn(database, client, name)))
  return lists.flat()
}

/** Five seconds are promised; on a busy machine they are waited for three times over, from each step forward on. */
const STALL_MS = 3 * 5_000

/**
 * Waits until all has been sent and every device holds what the server would let it see.
 * @returns how long that took, in milliseconds
 * @throws Error with the first differences when nothing has come nearer for three times the promised time: a stall
 */
export async function untilLevel(
  database: Database,
  desks: readonly (Replica & Pick<RemoteDesk, 'status'>)[],
  collections: readonly CollectionName[],
): Promise<number> {
  const began = performance.now()
  let [least, leastAt] = [Number.POSITIVE_INFINITY, began]
  for (;;) {
    const stands = await Promise.all(desks.map(({ status }) => status()))
    const waiting = stands.reduce((sum, stand) => sum + stand.waiting, 0)
    // Comparing replicas is work for the server too: it is left in peace until everything has been sent.
    const found =
      waiting > 0 ? [] : (await Promise.all(desks.map((desk) => findDifferences(database, desk, collections)))).flat()
    const left = waiting > 0 ? waiting + 1e6 : found.length
    if (left === 0) return Math.round(performance.now() - began)
    if (left < least) [least, leastAt] = [left, performance.now()]
    if (performance.now() - leastAt > STALL_MS)
      throw new Error(
        `stalled: ${JSON.stringify({ stands: stands.map(inShort), count: found.length, found: found.slice(0, 3) })}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const inShort = ({ connection, waiting, parked, problem }: SyncStatus) => [connection, waiting, parked, problem]

async function differencesIn(database: Database, client: Replica, collection: CollectionName): Promise<Difference[]> {
  const [wanted, held] = [await visibleTo(database, client, collection), await client.all(collection)]
  const ids = new Set([...wanted.keys(), ...held.keys()])
  return [...ids].flatMap((id) => {
    const [here, there] = [held.get(id), wanted.get(id)]
    if (here && there && canonicalText(here) === canonicalText(there)) return []
    const what = !here ? 'missing on the device' : there ? changedFields(here, there) : 'gone or hidden on the server'
    return [{ client: client.name, collection, id, what }]
  })
}

/** What the server shows this person, read without any of the pull's code. */
async function visibleTo(
  database: Database,
  { user }: Replica,
  collection: CollectionName,
): Promise<ReadonlyMap<string, WireDocument>> {
  const shelf = { clinicId: user.clinic.id, collection }
  const audiences = audiencesFor(subjectOf(user), collection)
  return database.read(async (tx) => {
    const rows = await tx
      .selectFrom('document_views')
      .select('document_id')
      .distinct()
      .where('clinic_id', '=', shelf.clinicId)
      .where('collection', '=', collection)
      .execute()
    const ids = rows.map((row) => row.document_id)
    const documents = await findDocuments(tx, collection, [...(await findVisible(tx, shelf, audiences, ids))])
    return new Map(documents.filter(({ _deleted }) => !_deleted).map((document) => [document.id as string, document]))
  })
}

function changedFields(here: WireDocument, there: WireDocument): string {
  const [mine, theirs] = [here, there] as unknown as readonly Record<string, unknown>[]
  const fields = Object.keys({ ...mine, ...theirs }).filter(
    (field) => canonicalText({ value: mine?.[field] }) !== canonicalText({ value: theirs?.[field] }),
  )
  return fields
    .map((field) => `${field}: ${JSON.stringify(mine?.[field])} here, ${JSON.stringify(theirs?.[field])} there`)
    .join('; ')
}
