/**
 * RxDB's own `replicateWithWebsocketServer`, unchanged, against our server: one socket per collection, no subprotocol, a
 * bearer token in its headers. It is never shipped; it keeps the protocol honest.
 */
import { addRxPlugin, createRxDatabase, type RxCollection, type RxDatabase } from 'rxdb'
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema'
import { replicateWithWebsocketServer } from 'rxdb/plugins/replication-websocket'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { afterEach, describe, test } from 'vitest'
import type { Documents } from '#domain/sync/collections.ts'
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

// RxDB asks for it as soon as a schema has a version of its own.
addRxPlugin(RxDBMigrationSchemaPlugin)

const databases: RxDatabase[] = []
let server: ServerUnderTest
afterEach(async () => {
  for (const database of databases.splice(0)) await database.close()
  await server.stop()
})

let count = 0
const start: StartReplica = async <N extends StockName>(name: N, role: 'receptionist' | 'admin') => {
  const database = await createRxDatabase({
    name: `stock-${process.pid}-${count++}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  })
  databases.push(database)
  const collection = await aStockCollection(database, server, name)
  const state = await replicateWithWebsocketServer<Documents[N], unknown>({
    replicationIdentifier: 'stock',
    collection: collection as unknown as RxCollection<Documents[N]>,
    url: `${server.url.replace('http', 'ws')}/sync/v1`,
    batchSize: 7,
    live: true,
    headers: { authorization: `Bearer ${await server.logIn(role)}` },
  })
  return withErrors(collection, state)
}

describe.each(engines)('RxDB’s stock WebSocket client on %s', (engine) => {
  test('pulls everything in small pages', async () => {
    server = await aServer(engine)
    await pullsInSmallPages(start)
  })

  test('pushes a new document, hears of another’s change live, and deletes', async () => {
    server = await aServer(engine)
    await pushesHearsAndDeletes(server, start)
  })

  test('a conflict ends with the server’s state at both, and a lost time as unplaced', async () => {
    server = await aServer(engine)
    await conflictsEndLevel(server, start)
  })

  test('what the server deletes or hides leaves the device', async () => {
    server = await aServer(engine)
    await losesWhatIsDeleted(server, start)
  })
})
