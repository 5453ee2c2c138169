/**
 * RxDB's own `replicateWithWebsocketServer`, unchanged, against our server: one socket per collection, no subprotocol, a
 * bearer token in its headers. It is never shipped; it keeps the protocol honest.
 */
import { addRxPlugin, createRxDatabase, type RxCollection, type RxDatabase, type RxJsonSchema } from 'rxdb'
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema'
import type { RxReplicationState } from 'rxdb/plugins/replication'
import { replicateWithWebsocketServer } from 'rxdb/plugins/replication-websocket'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { afterEach, describe, expect, test } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Documents } from '#domain/sync/collections.ts'
import { rxSchemaOf } from '#domain/sync/rx-schema.ts'
import { minutes } from '#domain/time/instant.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { anAppointment, aPatient, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'

import { engines } from '#tests/support/throw-away-database.ts'

type Name = 'patients' | 'appointments'
type StockClient<N extends Name> = {
  readonly collection: RxCollection<Documents[N]>
  readonly state: RxReplicationState<Documents[N], unknown>
  readonly errors: unknown[]
}

// RxDB asks for it as soon as a schema has a version of its own.
addRxPlugin(RxDBMigrationSchemaPlugin)

const databases: RxDatabase[] = []
let server: ServerUnderTest
afterEach(async () => {
  for (const database of databases.splice(0)) await database.close()
  await server.stop()
})

let count = 0
/** A database with one collection, as a third party would build it from `GET /sync/v1/schemas`. */
async function aStockClient<N extends Name>(name: N, role: 'receptionist' | 'admin'): Promise<StockClient<N>> {
  const database = await createRxDatabase({
    name: `stock-${process.pid}-${count++}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  })
  databases.push(database)
  const { body } = await server.request('GET', '/sync/v1/schemas')
  // Memory storage cannot encrypt; everything else of the schema is taken as it is.
  const schema = { ...body.collections[name], encrypted: [] } as RxJsonSchema<Documents[N]>
  expect(schema).toEqual({ ...rxSchemaOf(name), encrypted: [] })
  // A replica that begins with this version has nothing of an older one to bring over.
  const versions = Array.from({ length: schema.version }, (_, version) => version + 1)
  const migrationStrategies = Object.fromEntries(versions.map((version) => [version, (document: unknown) => document]))
  const { [name]: collection } = await database.addCollections({ [name]: { schema, migrationStrategies } })
  if (!collection) throw new Error('no collection')
  const state = await replicateWithWebsocketServer<Documents[N], unknown>({
    replicationIdentifier: 'stock',
    collection: collection as unknown as RxCollection<Documents[N]>,
    url: `${server.url.replace('http', 'ws')}/sync/v1`,
    batchSize: 7,
    live: true,
    headers: { authorization: `Bearer ${await server.logIn(role)}` },
  })
  const errors: unknown[] = []
  state.error$.subscribe((error) => errors.push(error))
  return { collection: collection as unknown as RxCollection<Documents[N]>, state, errors }
}

const stored = <N extends Name>(name: N, id: string) => server.database.read((tx) => findDocument(tx, name, id))

/** What a device holds, beside what the server holds, without the count of writes: the stock client may be one behind. */
const isLevel = async ({ collection }: StockClient<'appointments'>, id: string) => {
  const here = (await collection.findOne(id).exec())?.toJSON() as Appointment | undefined
  const there = await stored('appointments', id)
  return (
    (here?.status === there?.status && here?.start === there?.start && here?.note === there?.note) || { here, there }
  )
}

describe.each(engines)('RxDB’s stock WebSocket client on %s', (engine) => {
  test('pulls everything in small pages', async () => {
    server = await aServer(engine)
    const { collection, state, errors } = await aStockClient('patients', 'receptionist')
    await state.awaitInitialReplication()
    expect(await collection.count().exec()).toBe(20)
    expect(errors).toEqual([])
  })

  test('pushes a new document, hears of another’s change live, and deletes', async () => {
    server = await aServer(engine)
    const a = await aStockClient('patients', 'receptionist')
    const b = await aStockClient('patients', 'admin')
    await Promise.all([a, b].map(({ state }) => state.awaitInitialReplication()))
    const added = aPatient({ id: testId('Patient', 500), revision: 0 })
    await a.collection.insert(added)
    await eventually('the other hears of it', async () => (await b.collection.findOne(added.id).exec()) !== null)
    const there = await b.collection.findOne(added.id).exec()
    await there?.incrementalPatch({ phone: '0123' })
    await eventually('the server has it', async () => (await stored('patients', added.id))?.phone === '0123')
    await eventually('the first hears of it', async () => {
      const phone = (await a.collection.findOne(added.id).exec())?.phone
      return phone === '0123' || phone
    })
    // Nobody deletes a patient: the stock client gets its document back.
    await (await a.collection.findOne(added.id).exec())?.remove()
    await eventually('it comes back', async () => (await a.collection.findOne(added.id).exec()) !== null)
    expect([...a.errors, ...b.errors]).toEqual([])
  })

  test('a conflict ends with the server’s state at both, and a lost time as unplaced', async () => {
    server = await aServer(engine)
    const a = await aStockClient('appointments', 'receptionist')
    const b = await aStockClient('appointments', 'admin')
    await Promise.all([a, b].map(({ state }) => state.awaitInitialReplication()))
    const visit = anAppointment({
      id: testId('Appointment', 1),
      status: 'pending',
      patientId: testId('Patient', 2),
      revision: 0,
    })
    await a.collection.insert(visit)
    await eventually('both are level', async () => {
      const states = await Promise.all([isLevel(a, visit.id), isLevel(b, visit.id)])
      return states.every((state) => state === true) || states
    })
    const documents = await Promise.all([a, b].map(({ collection }) => collection.findOne(visit.id).exec()))
    await Promise.all(documents.map((document, n) => document?.incrementalPatch({ note: `note ${n}` })))
    await eventually('both are level again', async () => {
      const states = await Promise.all([isLevel(a, visit.id), isLevel(b, visit.id)])
      return states.every((state) => state === true) || states
    })
    expect((await stored('appointments', visit.id))?.note).toMatch(/^note [01]$/)

    const second = { ...visit, id: testId<'Appointment'>('Appointment', 2), patientId: testId<'Patient'>('Patient', 3) }
    await b.collection.insert(second)
    await eventually('it reads unplaced', async () => {
      const status = (await b.collection.findOne(second.id).exec())?.status
      return status === 'unplaced' || status
    })
    expect([...a.errors, ...b.errors]).toEqual([])
  })

  test('what the server deletes or hides leaves the device', async () => {
    server = await aServer(engine)
    const a = await aStockClient('appointments', 'receptionist')
    await a.state.awaitInitialReplication()
    const visit = anAppointment({ start: NINE_O_CLOCK + minutes(60), end: NINE_O_CLOCK + minutes(75) })
    const save = (isDeleted: boolean) =>
      server.server.writer.submit(server.clinic.clinicId, 'interactive', {
        subject: null,
        door: 'seed',
        run: async (ctx) => {
          const before = await findDocument(ctx.tx, 'appointments', visit.id)
          const after = { ...(before ?? visit), _deleted: isDeleted }
          return { ok: true, value: await saveDocument(ctx, 'appointments', before ?? null, after) }
        },
      })
    await save(false)
    await eventually('it arrives', async () => (await a.collection.findOne(visit.id).exec()) !== null)
    await save(true)
    await eventually('it leaves', async () => (await a.collection.findOne(visit.id).exec()) === null)
    expect(a.errors).toEqual([])
  })
})
