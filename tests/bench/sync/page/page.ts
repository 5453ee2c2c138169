/** The product's local database and replication in a real browser, and the floors beside them: `window.bench`. */
import { createRxDatabase, fillWithDefaultSettings, type RxCollection, type RxJsonSchema } from 'rxdb'
import { getDexieDbWithTables, getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { filter, firstValueFrom } from 'rxjs'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Id } from '#domain/ids.ts'
import { COLLECTION_NAMES } from '#domain/sync/collections.ts'
import { isSameDocument } from '#domain/sync/conflict.ts'
import { rxSchemaOf } from '#domain/sync/rx-schema.ts'
import { migrationsOf } from '#domain/sync/schema-migrations.ts'
import { bookLocally, type Wish } from '#renderer/local-db/appointments-store.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { openStorage } from '#renderer/local-db/open-storage.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { SyncEngine } from '#renderer/local-db/sync-status.ts'
import { createServerApi } from '#renderer/server-api/server-api.ts'
import { testId } from '#tests/support/builders.ts'

const api = createServerApi({ origin: '', transport: 'cookie', timeoutMs: 20_000 })
const DEVICE = testId<'Device'>('Device') as Id<'Device'>
let user: SignedInUser
let database: LocalDatabase
let sync: SyncEngine
/** When a visit became visible here, by the clock that all pages of a machine share. */
const seen = new Map<string, number>()

const clock = (): number => performance.timeOrigin + performance.now()
const aKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

const open = async (isEncrypted: boolean): Promise<LocalDatabase> =>
  isEncrypted
    ? openLocalDatabase({ serverId: location.origin, userId: user.id, key: await aKey(), multiInstance: true })
    : openPlain()

/** The same collections on Dexie as it is. The product has no such storage: what it keeps is encrypted. */
async function openPlain(): Promise<LocalDatabase> {
  const plain = await createRxDatabase({
    name: 'plain',
    storage: getRxStorageDexie(),
    multiInstance: true,
    localDocuments: true,
  })
  const conflictHandler = {
    isEqual: (a: never, b: never) => isSameDocument(a, b),
    resolve: async ({ realMasterState }: { readonly realMasterState: object }) => realMasterState,
  }
  const creators = COLLECTION_NAMES.map((name) => {
    const schema = { ...rxSchemaOf(name), encrypted: [] } as unknown as RxJsonSchema<object>
    return [name, { schema, migrationStrategies: migrationsOf(name), conflictHandler }]
  })
  await plain.addCollections(Object.fromEntries(creators) as never)
  return plain as unknown as LocalDatabase
}

/** Milliseconds of writing all documents at once. */
const timed = async (write: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now()
  await write()
  return performance.now() - begin
}

/** In RxDB's own table with all its indexes, past RxDB; and with the Dexie that RxDB brings along, of which a page takes one only. */
async function bareDexieMs(visits: readonly Appointment[]): Promise<number> {
  const schema = { ...rxSchemaOf('appointments'), encrypted: [] } as unknown as RxJsonSchema<Appointment>
  const { dexieDb, dexieTable } = await getDexieDbWithTables('bare', 'visits', {}, fillWithDefaultSettings(schema))
  // As RxDB writes them: an index takes no boolean.
  const rows = visits.map((visit, lwt) => ({
    ...visit,
    _deleted: '0',
    _attachments: {},
    _rev: '1-bare',
    _meta: { lwt },
  }))
  const took = await timed(() => dexieTable.bulkAdd(rows))
  dexieDb.close()
  return took
}

const bench = {
  /** Signs in with the cookie of this page. */
  logIn: async (email: string, password: string): Promise<void> => {
    const answer = await api.login({ email, password, device: { id: DEVICE, name: 'Chromium' } })
    if (!answer.ok) throw new Error(JSON.stringify(answer))
    user = answer.value.user
  },
  /** Milliseconds from the start of replication into an empty database until everything is there, and how many visits are. */
  firstSync: async (isEncrypted: boolean): Promise<{ readonly ms: number; readonly documents: number }> => {
    database = await open(isEncrypted)
    const begin = performance.now()
    sync = startSync({ database, serverApi: api, user, deviceId: DEVICE })
    await firstValueFrom(sync.status$.pipe(filter(({ initialSync }) => initialSync.done)))
    const ms = performance.now() - begin
    return { ms, documents: await database.appointments.count().exec() }
  },
  /** Milliseconds that the visits of this device take when they are simply written: into the same storage, and into bare Dexie. */
  floors: async (): Promise<{ readonly sameStorage: number; readonly bareDexie: number }> => {
    const visits = (await database.appointments.find().exec()).map((visit) => visit.toJSON() as Appointment)
    await sync.stop()
    await database.close()
    const other = await createRxDatabase({
      name: 'floor',
      storage: openStorage({ key: await aKey() }),
      multiInstance: false,
    })
    const { appointments } = await other.addCollections({
      appointments: {
        schema: rxSchemaOf('appointments') as unknown as RxJsonSchema<Appointment>,
        migrationStrategies: migrationsOf('appointments'),
      },
    })
    const sameStorage = await timed(() => (appointments as RxCollection<Appointment>).bulkInsert(visits))
    await other.close()
    const bareDexie = await bareDexieMs(visits)
    return { sameStorage, bareDexie }
  },
  watchVisits: (): void => {
    database.appointments.$.subscribe(({ documentId }) => {
      if (!seen.has(documentId)) seen.set(documentId, clock())
    })
  },
  /** Books, and answers which visit and when the person pressed. */
  book: async (wish: Wish, now: number): Promise<{ readonly id: string; readonly begin: number }> => {
    const begin = clock()
    const answer = await bookLocally({ database, user, now: () => now }, wish)
    if (!answer.ok) throw new Error(`refused: ${answer.reason}`)
    return { id: answer.appointment.id, begin }
  },
  /** When the visit was there. */
  untilSeen: async (id: string): Promise<number> => {
    for (;;) {
      const at = seen.get(id)
      if (at !== undefined) return at
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  },
  /** Milliseconds of each of some single writes into the encrypted storage, nothing else going on. */
  singleWrites: async (visits: readonly Appointment[]): Promise<readonly number[]> => {
    await sync.stop()
    const times: number[] = []
    for (const visit of visits) times.push(await timed(() => database.appointments.insert(visit)))
    return times
  },
}

declare global {
  interface Window {
    bench: typeof bench
  }
}
window.bench = bench
