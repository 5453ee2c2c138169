/** The thread of a client in Node: one first sync by one of three clients, or bookings from one client to another. */
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { addRxPlugin, createRxDatabase, type RxCollection } from 'rxdb'
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema'
import { replicateWithWebsocketServer } from 'rxdb/plugins/replication-websocket'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import type { RxServerReplicationState } from 'rxdb-server/plugins/replication-server'
import { filter, firstValueFrom } from 'rxjs'
import { WebSocket } from 'ws'
import { type Documents, definitionOf } from '#domain/sync/collections.ts'
import { minutes } from '#domain/time/instant.ts'
import { bookLocally } from '#renderer/local-db/appointments-store.ts'
import { at } from '#tests/support/bookings.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { addStockCollection, readStockSchema } from '#tests/support/stock-collection.ts'
import { openSyncClient } from '#tests/support/sync-client.ts'

export type Account = { readonly email: string; readonly password: string }
export type FirstSync = {
  readonly task: 'first-sync'
  readonly client: 'ours' | 'stock-websocket' | 'stock-http'
  readonly url: string
  readonly account: Account
  /** Of a session of that account, for the stock clients. */
  readonly token: string
  readonly documents: number
}
export type Bookings = {
  readonly task: 'bookings'
  readonly url: string
  readonly accounts: readonly [Account, Account]
  /** Of a server that commits what it is sent and passes it on to the other socket. */
  readonly relayUrl: string
  readonly now: number
  readonly count: number
  readonly warmUp: number
}
/** Milliseconds, one for each time. */
export type Latencies = { readonly ours: readonly number[]; readonly relayed: readonly number[] }

/** Pages as large as ours are. */
const PAGE = 200
const task = workerData as FirstSync | Bookings

/** Milliseconds from the start of replication until everything is there. */
async function firstSync({ client, documents, ...where }: FirstSync): Promise<number> {
  const begun = await { ours, 'stock-websocket': stockWebSocket, 'stock-http': stockHttp }[client](where)
  await begun.isLevel
  const took = performance.now() - begun.begin
  const found = await begun.collection.count().exec()
  if (found !== documents) throw new Error(`${client} has ${found} documents of ${documents}`)
  return took
}

type Where = Pick<FirstSync, 'url' | 'account' | 'token'>
type Begun = {
  readonly begin: number
  readonly isLevel: Promise<unknown>
  readonly collection: Pick<RxCollection, 'count'>
}

async function ours({ url, account }: Where): Promise<Begun> {
  const options = { name: 'bench', origin: url, ...account, seed: 1, now: () => Date.now() }
  const { sync, database } = await openSyncClient({ ...options, collections: ['appointments'] })
  const begin = performance.now()
  const isLevel = firstValueFrom(sync.status$.pipe(filter(({ initialSync }) => initialSync.done)))
  return { begin, isLevel, collection: database.appointments }
}

async function stockWebSocket({ url, token }: Where): Promise<Begun> {
  // RxDB asks for it as soon as a schema has a version of its own.
  addRxPlugin(RxDBMigrationSchemaPlugin)
  const database = await createRxDatabase({ name: 'stock', storage: getRxStorageMemory(), multiInstance: false })
  const schema = await readStockSchema(url, 'appointments')
  const collection = await addStockCollection(database, 'appointments', schema)
  const begin = performance.now()
  const state = await replicateWithWebsocketServer<Documents['appointments'], unknown>({
    replicationIdentifier: 'stock',
    collection,
    url: `${url.replace('http', 'ws')}/sync/v1`,
    batchSize: PAGE,
    live: true,
    headers: { authorization: `Bearer ${token}` },
  })
  return { begin, isLevel: state.awaitInitialReplication(), collection: collection as never }
}

/** Loaded as CommonJS, with an RxDB of its own: built as a module it cannot extend the classes of RxDB 17. */
async function stockHttp({ url, token }: Where): Promise<Begun> {
  const load = createRequire(import.meta.url)
  const rxdb = load('rxdb') as typeof import('rxdb')
  const migrations = load('rxdb/plugins/migration-schema') as typeof import('rxdb/plugins/migration-schema')
  const memory = load('rxdb/plugins/storage-memory') as typeof import('rxdb/plugins/storage-memory')
  const peer = load('rxdb-server/plugins/replication-server') as typeof import('rxdb-server/plugins/replication-server')
  rxdb.addRxPlugin(migrations.RxDBMigrationSchemaPlugin)
  const storage = memory.getRxStorageMemory()
  const database = await rxdb.createRxDatabase({ name: 'stock-http', storage, multiInstance: false })
  const schema = await readStockSchema(url, 'appointments')
  const collection = await addStockCollection(database, 'appointments', schema)
  const begin = performance.now()
  const state = peer.replicateServer<Documents['appointments']>({
    replicationIdentifier: 'stock-http',
    collection,
    url: `${url}/sync/appointments/${definitionOf('appointments').version}`,
    headers: { authorization: `Bearer ${token}` },
    live: true,
    pull: { batchSize: PAGE },
    push: { batchSize: PAGE },
  }) as RxServerReplicationState<Documents['appointments']>
  return { begin, isLevel: state.awaitInitialReplication(), collection: collection as never }
}

/** Both clients live in this thread, so that one clock sees both ends; the server has a thread of its own. */
async function bookings({ url, accounts, relayUrl, now, count, warmUp }: Bookings): Promise<Latencies> {
  const [author, reader] = await Promise.all(
    accounts.map((account, seed) =>
      openSyncClient({ name: account.email, origin: url, ...account, seed, now: () => now }),
    ),
  )
  if (!author || !reader) throw new Error('Two accounts are needed')
  for (const { sync } of [author, reader]) {
    await firstValueFrom(sync.status$.pipe(filter(({ initialSync }) => initialSync.done)))
  }
  const seen = new Map<string, (at: number) => void>()
  const early = new Map<string, number>()
  reader.database.appointments.$.subscribe(({ documentId }) => {
    const notice = seen.get(documentId)
    if (notice) notice(performance.now())
    else if (!early.has(documentId)) early.set(documentId, performance.now())
  })
  const bookOne = async (number: number): Promise<number> => {
    const doctor = number % 3
    const start = at(1 + Math.floor(number / 3 / 32)) + minutes(15 * (Math.floor(number / 3) % 32))
    const people = {
      doctorId: testId<'Doctor'>('Doctor', doctor + 1),
      patientId: testId<'Patient'>('Patient', doctor + 1),
    }
    const begin = performance.now()
    const answer = await bookLocally(author.desk, { ...people, typeId: testId('AppointmentType', 9), start })
    if (!answer.ok) throw new Error(`refused: ${answer.reason}`)
    const { id } = answer.appointment
    return (early.get(id) ?? (await new Promise<number>((resolve) => seen.set(id, resolve)))) - begin
  }
  const ours = await times(count, warmUp, bookOne)
  const relayed = await relay(relayUrl, count, warmUp)
  await Promise.all([author.stop(), reader.stop()])
  return { ours, relayed }
}

/** The same way through a bare socket each: there, one durable commit, and on to the other. */
async function relay(url: string, count: number, warmUp: number): Promise<readonly number[]> {
  const sockets = [new WebSocket(url), new WebSocket(url)] as const
  for (const socket of sockets) await new Promise((resolve) => socket.once('open', resolve))
  const text = JSON.stringify(anAppointment())
  const relayed = await times(count, warmUp, async () => {
    const begin = performance.now()
    const arrival = new Promise<void>((resolve) => sockets[1].once('message', () => resolve()))
    sockets[0].send(text)
    await arrival
    return performance.now() - begin
  })
  for (const socket of sockets) socket.close()
  return relayed
}

async function times(count: number, warmUp: number, once: (number: number) => Promise<number>): Promise<number[]> {
  const all: number[] = []
  for (let number = 0; number < count + warmUp; number += 1) all.push(await once(number))
  return all.slice(warmUp)
}

parentPort?.postMessage(task.task === 'bookings' ? await bookings(task) : await firstSync(task))
