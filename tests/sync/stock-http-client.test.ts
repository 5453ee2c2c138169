/**
 * rxdb-server's own HTTP client, unchanged, against our server. It and the RxDB it sits on are loaded as CommonJS: built as a
 * module, it cannot extend the classes of RxDB 17. It is never shipped; it keeps the protocol honest.
 */
import { createRequire } from 'node:module'
import type { RxDatabase } from 'rxdb'
import type { RxServerReplicationState } from 'rxdb-server/plugins/replication-server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Documents } from '#domain/sync/collections.ts'
import { definitionOf } from '#domain/sync/collections.ts'
import { aPatient, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { type FaultProxy, startFaultProxy } from '#tests/support/fault-proxy.ts'
import { testRandom } from '#tests/support/seeded.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import {
  aStockCollection,
  conflictsEndLevel,
  losesWhatIsDeleted,
  pullsInSmallPages,
  pushesHearsAndDeletes,
  type StartReplica,
  type StockName,
  withErrors,
} from '#tests/support/stock-replica.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const load = createRequire(import.meta.url)
const { addRxPlugin, createRxDatabase } = load('rxdb') as typeof import('rxdb')
const { RxDBMigrationSchemaPlugin } = load(
  'rxdb/plugins/migration-schema',
) as typeof import('rxdb/plugins/migration-schema')
const { getRxStorageMemory } = load('rxdb/plugins/storage-memory') as typeof import('rxdb/plugins/storage-memory')
const { replicateServer } = load(
  'rxdb-server/plugins/replication-server',
) as typeof import('rxdb-server/plugins/replication-server')

// RxDB asks for it as soon as a schema has a version of its own.
addRxPlugin(RxDBMigrationSchemaPlugin)

const databases: RxDatabase[] = []
let server: ServerUnderTest
let line: FaultProxy | undefined
afterEach(async () => {
  for (const database of databases.splice(0)) await database.close()
  await line?.close()
  line = undefined
})

const RETRY_MS = 200
let count = 0
/** @param origin where the server seems to be */
async function aReplica<N extends StockName>(name: N, token: string, origin = server.url) {
  const database = await createRxDatabase({
    name: `stock-http-${process.pid}-${count++}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  })
  databases.push(database)
  const collection = await aStockCollection(database, server, name)
  const state = replicateServer<Documents[N]>({
    replicationIdentifier: 'stock-http',
    collection,
    url: `${origin}/sync/${name}/${definitionOf(name).version}`,
    headers: { authorization: `Bearer ${token}` },
    retryTime: RETRY_MS,
    live: true,
    pull: { batchSize: 7 },
    push: { batchSize: 7 },
  }) as RxServerReplicationState<Documents[N]>
  return { ...withErrors(collection, state as never), state }
}
const start: StartReplica = async (name, role) => (await aReplica(name, await server.logIn(role))) as never

const isThere = async (
  { collection }: { readonly collection: { findOne(id: string): { exec(): unknown } } },
  id: string,
) => (await collection.findOne(id).exec()) !== null

describe.each(engines)('rxdb-server’s stock HTTP client on %s', (engine) => {
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  test('pulls everything in small pages', async () => {
    await pullsInSmallPages(start)
  })

  test('pushes a new document, hears of another’s change live, and deletes', async () => {
    await pushesHearsAndDeletes(server, start)
  })

  test('a conflict ends with the server’s state at both, and a lost time as unplaced', async () => {
    await conflictsEndLevel(server, start)
  })

  test('what the server deletes or hides leaves the device', async () => {
    await losesWhatIsDeleted(server, start)
  })

  test('cut off and back, it brings what it missed and sends what waited', async () => {
    line = await startFaultProxy({ port: Number(new URL(server.url).port) }, testRandom())
    const away = await aReplica('patients', await server.logIn('receptionist'), `http://127.0.0.1:${line.port}`)
    const other = await aReplica('patients', await server.logIn('admin'))
    await Promise.all([away, other].map(({ state }) => state.awaitInitialReplication()))
    line.setOffline(true)
    const mine = aPatient({ id: testId('Patient', 501), revision: 0 })
    const theirs = aPatient({ id: testId('Patient', 502), revision: 0 })
    await away.collection.insert(mine)
    await other.collection.insert(theirs)
    await eventually('the server has the other’s', () => isThere(other, theirs.id))
    expect(await isThere(away, theirs.id)).toBe(false)
    line.setOffline(false)
    await eventually('what was missed is here', () => isThere(away, theirs.id))
    await eventually('what waited is there', () => isThere(other, mine.id))
  })

  test('signed out, it is told so, and goes on with a new token', async () => {
    const token = await server.logIn('receptionist')
    const a = await aReplica('patients', token)
    await a.state.awaitInitialReplication()
    let refusals = 0
    a.state.unauthorized$.subscribe(() => {
      refusals += 1
    })
    await server.request('POST', '/api/v1/auth/logout', { as: { token } })
    await eventually('its stream is closed and refused', () => refusals > 0)
    const added = aPatient({ id: testId('Patient', 503), revision: 0 })
    await a.collection.insert(added)
    a.state.setHeaders({ authorization: `Bearer ${await server.logIn('receptionist')}` })
    const other = await aReplica('patients', await server.logIn('admin'))
    await eventually('what waited is there', () => isThere(other, added.id))
    expect(a.state.isStopped()).toBe(false)
  })
})
