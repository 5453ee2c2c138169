/** The local database in a real browser: what the specs call through `window.local`. */
import { createRxDatabase, type RxCollection, type RxJsonSchema } from 'rxdb'
import { filter, firstValueFrom } from 'rxjs'
import type { UserId } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { checkStore } from '#renderer/local-db/check-store.ts'
import {
  closeLocalDatabase,
  databaseName,
  type LocalDatabase,
  openLocalDatabase,
  wipeLocalDatabase,
} from '#renderer/local-db/local-database.ts'
import { openStorage } from '#renderer/local-db/open-storage.ts'
import { readParked, retryParked } from '#renderer/local-db/parked-changes.ts'
import { openPatientDirectory, type PatientDirectory } from '#renderer/local-db/patient-directory.ts'
import { carryOver, keepRescue, pendingRescue, resendRescued } from '#renderer/local-db/rescue.ts'
import { salvageStore } from '#renderer/local-db/salvage.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { SyncEngine, SyncStatus } from '#renderer/local-db/sync-status.ts'
import { createServerApi } from '#renderer/server-api/server-api.ts'
import { QueryProbe } from './query-probe.tsx'

const USER = '0198a000-0000-7000-8000-000000000001' as UserId
let database: LocalDatabase
let engine: SyncEngine
let patients: PatientDirectory
let probe: QueryProbe

/** The same 32 bytes give the same key, as a wrapped key does after unlock. */
const keyOf = (byte: number): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', new Uint8Array(32).fill(byte), 'AES-GCM', false, ['encrypt', 'decrypt'])

const collection = (name: CollectionName) => database[name] as unknown as RxCollection
const options = { serverId: location.origin, userId: USER }

/** Tried while the page loads: what a debugger evaluates later is exempt from the page's policy. */
const isEvalForbidden = (() => {
  try {
    return Boolean(new Function('return false')())
  } catch (error) {
    return error instanceof EvalError
  }
})()

const local = {
  isEvalForbidden,
  open: async (keyByte: number | null) => {
    const key = keyByte === null ? null : await keyOf(keyByte)
    database = await openLocalDatabase({ ...options, key, multiInstance: true })
  },
  /** Opens the database as a version with these schemas did. */
  openOlder: async (keyByte: number, schemas: Readonly<Record<string, RxJsonSchema<object>>>) => {
    const older = await createRxDatabase({
      name: await databaseName(options),
      storage: openStorage({ key: await keyOf(keyByte) }),
      multiInstance: true,
      localDocuments: true,
      closeDuplicates: false,
    })
    await older.addCollections(Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, { schema }])))
    database = older as unknown as LocalDatabase
  },
  close: () => closeLocalDatabase(database),
  /** Whether all rows are what was written. */
  check: async (keyByte: number) => {
    const store = { storeName: await databaseName(options), key: await keyOf(keyByte) }
    return checkStore({ ...store, pause: async () => undefined, isStopped: () => false })
  },
  salvage: async (keyByte: number) => salvageStore(await databaseName(options), await keyOf(keyByte)),
  /** Salvages the closed store; the next `openRescued` removes it and brings the rest. */
  replace: async (keyByte: number) => {
    const [name, key] = [await databaseName(options), await keyOf(keyByte)]
    await keepRescue(name, key, await salvageStore(name, key), Date.now())
  },
  openRescued: async (keyByte: number) => {
    const [name, key] = [await databaseName(options), await keyOf(keyByte)]
    const rescue = await pendingRescue(name, key)
    database = await openLocalDatabase({ ...options, key, multiInstance: true })
    if (rescue) await carryOver(name, database, rescue)
    return rescue !== null
  },
  resendRescued: () => resendRescued(database),
  note: async (id: string, note: object) => {
    await database.upsertLocal(id, note)
  },
  noteOf: async (id: string) => (await database.getLocal(id))?.toJSON().data as object | undefined,
  wipe: async (keyByte: number) => wipeLocalDatabase({ ...options, key: await keyOf(keyByte) }),
  insert: async (name: CollectionName, documents: readonly object[]) => {
    const { error } = await collection(name).bulkInsert(documents.map((document) => ({ ...document })))
    return error.length
  },
  patch: async (name: CollectionName, id: string, changes: object) => {
    const document = await collection(name).findOne(id).exec()
    await document?.incrementalPatch(changes)
  },
  find: async (name: CollectionName, selector: object = {}) =>
    (await collection(name).find({ selector }).exec()).map((document) => document.toJSON() as Record<string, unknown>),
  /** Which of these documents the storage finds, and how often IndexedDB was asked for a single one. */
  lookUp: async (name: CollectionName, ids: readonly string[]) => {
    const { get } = IDBObjectStore.prototype
    let requests = 0
    IDBObjectStore.prototype.get = function (query) {
      requests += 1
      return get.call(this, query)
    }
    const found = await collection(name).storageInstance.findDocumentsById([...ids], true)
    IDBObjectStore.prototype.get = get
    return { found: found.map(({ id }: { readonly id: string }) => id), requests }
  },
  /** Collects the values of a field as another tab's changes arrive, until the last one is there. */
  watch: (name: CollectionName, id: string, field: string, last: string) =>
    new Promise<unknown[]>((resolve) => {
      const seen: unknown[] = []
      collection(name)
        .findOne(id)
        .$.subscribe((document) => {
          seen.push(document?.get(field))
          if (seen.at(-1) === last) resolve(seen)
        })
    }),
  startSync: () => {
    const serverApi = createServerApi({ origin: '', transport: 'cookie' })
    engine = startSync({ database, serverApi, user: { id: USER }, deviceId: 'device-1' })
  },
  stopSync: () => engine.stop(),
  status: (): SyncStatus => engine.getStatus(),
  unsent: (name: CollectionName) => [...engine.getUnsent(name)],
  countWaiting: () => engine.countWaiting(),
  parked: () => readParked(database),
  /** Sends the first change that is set aside once more. */
  retryFirst: async () => retryParked(database, (await readParked(database))[0]?.id ?? ''),
  untilStatus: async (part: Partial<SyncStatus>) => {
    const fits = (status: SyncStatus) =>
      Object.entries(part).every(([field, value]) => status[field as keyof SyncStatus] === value)
    await firstValueFrom(engine.status$.pipe(filter(fits)))
  },
  untilInitialSync: () => firstValueFrom(engine.status$.pipe(filter(({ initialSync }) => initialSync.done))),
  openPatients: () => {
    patients = openPatientDirectory(database)
    return new Promise<number>((resolve) => {
      const look = () => (patients.isComplete() ? resolve(patients.size()) : setTimeout(look, 5))
      look()
    })
  },
  showDay: (day: string) => {
    probe ??= new QueryProbe(database)
    probe.show(day)
  },
  /** What was drawn so far: the day, the ids given, and which of them are the very objects of the drawing before. */
  drawn: () =>
    probe.drawn.map(({ day, rows }, index) => ({
      day,
      ids: rows?.map(({ id }) => id),
      same: rows?.map((row) => probe.drawn[index - 1]?.rows?.includes(row) ?? false),
    })),
  search: (text: string) => patients.search(text).map(({ name }) => name),
}

declare global {
  interface Window {
    local: typeof local
  }
}
window.local = local
