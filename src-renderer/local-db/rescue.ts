/**
 * What was salvaged of a damaged store, kept encrypted beside it from before the store is removed until the new one holds it. Whenever
 * the page dies in between, the next opening goes on where it stopped.
 */

import { contentText } from '#domain/sync/canonical.ts'
import { definitionOf } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { UnsentRow } from '#renderer/server-api/hand-in-api.ts'
import type { LocalDatabase } from './local-database.ts'
import { changeParked, discardParked, type ParkedChange, readParked, retryParked } from './parked-changes.ts'
import { removeRaw, settled } from './raw-store.ts'
import type { Salvage } from './salvage.ts'
import { openRow, SEALED_FIELD, sealRow } from './sealed-row.ts'

/** Before `cleared` the damaged store may still be there, whole or in part. */
type Rescue = Pick<Salvage, 'unsent' | 'notes'> & { readonly at: Instant }
type Kept = { readonly id: string; readonly isCleared: boolean; readonly sealed: string }

const STORE = 'rescue'
const PREFIX = 'store-rescue-'

/** Keeps what was salvaged. The next opening removes the damaged store: a page that had it open may hold on to it. */
export async function keepRescue(storeName: string, key: CryptoKey, salvage: Salvage, now: Instant): Promise<void> {
  const { unsent, notes } = salvage
  const sealed = await sealRow(placeOf(storeName, key), {}, { unsent, notes, at: now } satisfies Rescue)
  await keep(storeName, { id: storeName, isCleared: false, sealed })
}

/**
 * To be called before a store is opened: removes one that is given up.
 * @returns what has to be put into the store once it is open; null where there is nothing, or nothing this key opens
 */
export async function pendingRescue(storeName: string, key: CryptoKey): Promise<Rescue | null> {
  const kept = await read(storeName)
  if (!kept) return null
  const rescue = await openRow(placeOf(storeName, key), { [SEALED_FIELD]: kept.sealed }).catch(() => null)
  // As long as what was kept of it does not open, the store is all there is: it is salvaged once more.
  if (rescue === null) return null
  if (!kept.isCleared) await clear(storeName)
  return rescue as unknown as Rescue
}

/** Puts the notes back and sets the unsent changes aside, to be made again on the server's state. Twice does no more than once. */
export async function carryOver(storeName: string, database: LocalDatabase, rescue: Rescue): Promise<void> {
  for (const { id, data } of rescue.notes) {
    if (!(await database.getLocal(id))) await database.upsertLocal(id, data)
  }
  const added = rescue.unsent.map((row) => setAside(row, rescue.at))
  const ids = new Set(added.map(({ id }) => id))
  if (added.length > 0) {
    await changeParked(database, (changes) => [...changes.filter(({ id }) => !ids.has(id)), ...added])
  }
  await forgetRescue(storeName)
}

const setAside = ({ collection, row }: UnsentRow, at: Instant): ParkedChange => ({
  id: `rescued/${collection}/${row.newDocumentState.id}`,
  collection,
  schemaVersion: definitionOf(collection).version,
  row,
  reason: 'rescued',
  message: '',
  at,
  isAgain: false,
})

/**
 * Makes the rescued changes again, once the store holds what the server has. One the server already has is done; one of which nothing
 * would be left, because somebody changed the same since, stays set aside for its author.
 */
export async function resendRescued(database: LocalDatabase): Promise<void> {
  const waiting = (await readParked(database)).filter(({ reason, isAgain }) => reason === 'rescued' && !isAgain)
  for (const { id, collection, row } of waiting) {
    const current = (await database[collection].findOne(row.newDocumentState.id).exec())?.toJSON()
    const wanted = row.newDocumentState
    const isThere = current
      ? contentText({ ...current, _deleted: false }) === contentText(wanted)
      : wanted._deleted === true
    await (isThere ? discardParked(database, id) : retryParked(database, id))
  }
}

export async function forgetRescue(storeName: string): Promise<void> {
  await settled(indexedDB.deleteDatabase(PREFIX + storeName))
}

async function clear(storeName: string): Promise<void> {
  await removeRaw(storeName)
  const kept = await read(storeName)
  if (kept) await keep(storeName, { ...kept, isCleared: true })
}

const placeOf = (storeName: string, key: CryptoKey) => ({ key, collection: STORE, id: storeName })

async function keep(storeName: string, kept: Kept): Promise<void> {
  const database = await openRescue(storeName)
  const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' })
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('The rescue could not be kept'))
  })
  transaction.objectStore(STORE).put(kept, storeName)
  await done.finally(() => database.close())
}

async function read(storeName: string): Promise<Kept | undefined> {
  const isThere = (await indexedDB.databases()).some(({ name }) => name === PREFIX + storeName)
  if (!isThere) return undefined
  const database = await openRescue(storeName)
  const kept = await settled(
    database.transaction(STORE).objectStore(STORE).get(storeName) as IDBRequest<Kept | undefined>,
  )
  database.close()
  return kept
}

function openRescue(storeName: string): Promise<IDBDatabase> {
  const request = indexedDB.open(PREFIX + storeName, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE)
  }
  return settled(request)
}
