/**
 * What a client of RxDB's own is put through, whichever way it talks to our server: over its WebSocket, or over rxdb-server's
 * HTTP. A third party would build its replica like this, from `GET /sync/v1/schemas` and a bearer token.
 */
import type { RxCollection, RxDatabase } from 'rxdb'
import type { RxReplicationState } from 'rxdb/plugins/replication'
import { expect } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Documents } from '#domain/sync/collections.ts'
import { rxSchemaOf } from '#domain/sync/rx-schema.ts'
import { minutes } from '#domain/time/instant.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { anAppointment, aPatient, NINE_O_CLOCK, testId } from './builders.ts'
import { eventually } from './eventually.ts'
import type { ServerUnderTest } from './server-under-test.ts'
import { addStockCollection, readStockSchema } from './stock-collection.ts'

export type StockName = 'patients' | 'appointments'
export type StockReplica<N extends StockName> = {
  readonly collection: RxCollection<Documents[N]>
  readonly state: RxReplicationState<Documents[N], unknown>
  readonly errors: unknown[]
}
type Role = 'receptionist' | 'admin'
/** One of the two clients at work against a server. */
export type StartReplica = <N extends StockName>(name: N, role: Role) => Promise<StockReplica<N>>

/** The one collection of a new database, as the server describes it. */
export async function aStockCollection<N extends StockName>(
  database: RxDatabase,
  server: ServerUnderTest,
  name: N,
): Promise<RxCollection<Documents[N]>> {
  const schema = await readStockSchema(server.url, name)
  expect(schema).toEqual({ ...rxSchemaOf(name), encrypted: [] })
  return addStockCollection(database, name, schema)
}

/** The replica with a list of what goes wrong in it. */
export function withErrors<N extends StockName>(
  collection: RxCollection<Documents[N]>,
  state: RxReplicationState<Documents[N], unknown>,
): StockReplica<N> {
  const errors: unknown[] = []
  state.error$.subscribe((error) => errors.push(error))
  return { collection, state, errors }
}

const stored = <N extends StockName>({ database }: ServerUnderTest, name: N, id: string) =>
  database.read((tx) => findDocument(tx, name, id))

/** What a device holds, beside what the server holds, without the count of writes: the stock client may be one behind. */
const isLevel = async (server: ServerUnderTest, { collection }: StockReplica<'appointments'>, id: string) => {
  const here = (await collection.findOne(id).exec())?.toJSON() as Appointment | undefined
  const there = await stored(server, 'appointments', id)
  return (
    (here?.status === there?.status && here?.start === there?.start && here?.note === there?.note) || { here, there }
  )
}

export async function pullsInSmallPages(start: StartReplica): Promise<void> {
  const { collection, state, errors } = await start('patients', 'receptionist')
  await state.awaitInitialReplication()
  expect(await collection.count().exec()).toBe(20)
  expect(errors).toEqual([])
}

export async function pushesHearsAndDeletes(server: ServerUnderTest, start: StartReplica): Promise<void> {
  const a = await start('patients', 'receptionist')
  const b = await start('patients', 'admin')
  await Promise.all([a, b].map(({ state }) => state.awaitInitialReplication()))
  const added = aPatient({ id: testId('Patient', 500), revision: 0 })
  await a.collection.insert(added)
  await eventually('the other hears of it', async () => (await b.collection.findOne(added.id).exec()) !== null)
  const there = await b.collection.findOne(added.id).exec()
  await there?.incrementalPatch({ phone: '0123' })
  await eventually('the server has it', async () => (await stored(server, 'patients', added.id))?.phone === '0123')
  await eventually('the first hears of it', async () => {
    const phone = (await a.collection.findOne(added.id).exec())?.phone
    return phone === '0123' || phone
  })
  // Nobody deletes a patient: the stock client gets its document back.
  await (await a.collection.findOne(added.id).exec())?.remove()
  await eventually('it comes back', async () => (await a.collection.findOne(added.id).exec()) !== null)
  expect([...a.errors, ...b.errors]).toEqual([])
}

export async function conflictsEndLevel(server: ServerUnderTest, start: StartReplica): Promise<void> {
  const a = await start('appointments', 'receptionist')
  const b = await start('appointments', 'admin')
  await Promise.all([a, b].map(({ state }) => state.awaitInitialReplication()))
  const visit = anAppointment({
    id: testId('Appointment', 1),
    status: 'pending',
    patientId: testId('Patient', 2),
    revision: 0,
  })
  await a.collection.insert(visit)
  await eventually('both are level', async () => {
    const states = await Promise.all([isLevel(server, a, visit.id), isLevel(server, b, visit.id)])
    return states.every((state) => state === true) || states
  })
  const documents = await Promise.all([a, b].map(({ collection }) => collection.findOne(visit.id).exec()))
  await Promise.all(documents.map((document, n) => document?.incrementalPatch({ note: `note ${n}` })))
  await eventually('both are level again', async () => {
    const states = await Promise.all([isLevel(server, a, visit.id), isLevel(server, b, visit.id)])
    return states.every((state) => state === true) || states
  })
  expect((await stored(server, 'appointments', visit.id))?.note).toMatch(/^note [01]$/)

  const second = { ...visit, id: testId<'Appointment'>('Appointment', 2), patientId: testId<'Patient'>('Patient', 3) }
  await b.collection.insert(second)
  await eventually('it reads unplaced', async () => {
    const status = (await b.collection.findOne(second.id).exec())?.status
    return status === 'unplaced' || status
  })
  expect([...a.errors, ...b.errors]).toEqual([])
}

export async function losesWhatIsDeleted(server: ServerUnderTest, start: StartReplica): Promise<void> {
  const a = await start('appointments', 'receptionist')
  await a.state.awaitInitialReplication()
  const visit = anAppointment({
    id: testId('Appointment', 3),
    start: NINE_O_CLOCK + minutes(60),
    end: NINE_O_CLOCK + minutes(75),
  })
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
}
