import { getAssumedMasterState } from 'rxdb'
import { REPLICATION_STATE_BY_COLLECTION } from 'rxdb/plugins/replication'
import { filter, firstValueFrom, map, take, toArray } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isSameDocument } from '#domain/sync/conflict.ts'
import { minutes } from '#domain/time/instant.ts'
import type { LocalDatabase } from '#renderer/local-db/local-database.ts'
import { openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { SyncEngine, SyncStatus } from '#renderer/local-db/sync-status.ts'
import { createServerApi } from '#renderer/server-api/server-api.ts'
import { anAppointment, aPatient, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { type FakeSyncService, startFakeSyncService } from '#tests/support/fake-sync-service.ts'
import { testRandom } from '#tests/support/seeded.ts'

let service: FakeSyncService
let database: LocalDatabase
let engine: SyncEngine

beforeEach(async () => {
  service = await startFakeSyncService()
  database = await openLocalDatabase({ serverId: service.url, userId: testId('User'), key: null, multiInstance: false })
})
afterEach(async () => {
  await engine.stop()
  await database.close()
  await service.close()
})

function start(): SyncEngine {
  engine = startSync({
    database,
    serverApi: createServerApi({ origin: service.url, transport: 'bearer' }),
    user: { id: testId('User') },
    deviceId: 'device-1',
    random: () => 0,
  })
  return engine
}
const until = (fits: (status: SyncStatus) => boolean) => firstValueFrom(engine.status$.pipe(filter(fits)))
const stored = (id: string) => service.server.get('appointments', id)

describe('replication of a database', () => {
  it('brings everything, says how far it is, and when it was last level', async () => {
    for (let number = 1; number <= 450; number += 1)
      service.server.put('patients', aPatient({ id: testId('Patient', number) }))
    service.server.put('appointments', anAppointment())
    start()
    const waiting = new Set<number>()
    engine.status$.subscribe((status) => waiting.add(status.waiting))
    expect(engine.getStatus()).toMatchObject({ isLeader: true, initialSync: { done: false }, lastSyncAt: null })
    const status = await until(({ initialSync, lastSyncAt }) => initialSync.done && lastSyncAt !== null)
    expect(status).toMatchObject({
      connection: { phase: 'ready' },
      initialSync: { received: 451 },
      waiting: 0,
      problem: null,
    })
    expect(await database.patients.count().exec()).toBe(450)
    // What comes from the server was never taken for something to send.
    expect([...waiting]).toEqual([0])
  })

  it('knows at the next start that the first download is done, before the server is there', async () => {
    start()
    await until(({ initialSync, lastSyncAt }) => initialSync.done && lastSyncAt !== null)
    await engine.stop()
    service.setOnline(false)
    start()
    const status = await until(({ connection, initialSync }) => connection.phase === 'offline' && initialSync.done)
    expect(status.connection.reason).toBe('server-unreachable')
    expect(status.lastSyncAt).toEqual(expect.any(Number))
  })

  it('hears a poke and brings the change', async () => {
    start()
    await until(({ initialSync }) => initialSync.done)
    const arrived = firstValueFrom(database.appointments.findOne(testId('Appointment')).$.pipe(filter(Boolean)))
    service.server.put('appointments', anAppointment())
    expect((await arrived).note).toBe('')
  })
})

describe('what waits to be sent', () => {
  const sizes = () =>
    engine.unsent$('appointments').pipe(
      map((ids) => ids.size),
      filter((size, index) => index > 0 || size > 0),
    )

  it('is marked at once, and no more when the server has taken it', async () => {
    start()
    await until(({ initialSync }) => initialSync.done)
    const course = firstValueFrom(sizes().pipe(take(2), toArray()))
    await database.appointments.insert(anAppointment({ revision: 0 }))
    expect(engine.getUnsent('appointments')).toEqual(new Set([testId('Appointment')]))
    expect(await course).toEqual([1, 0])
    expect(stored(testId('Appointment'))).toBeDefined()
  })

  it('is counted offline, across collections, once per document', async () => {
    service.setOnline(false)
    start()
    await until(({ connection }) => connection.phase === 'offline')
    const appointment = await database.appointments.insert(anAppointment({ revision: 0 }))
    await appointment.incrementalPatch({ note: 'a' })
    await appointment.incrementalPatch({ note: 'b' })
    await database.patients.insert(aPatient())
    expect(await until(({ waiting }) => waiting === 2)).toBeDefined()
    service.setOnline(true)
    engine.kick()
    await until(({ waiting }) => waiting === 0)
    expect(stored(testId('Appointment'))).toMatchObject({ note: 'b' })
  })

  it('is known after a restart, before the server is there', async () => {
    service.server.put('appointments', anAppointment({ id: testId('Appointment', 2) }))
    start()
    await until(({ initialSync }) => initialSync.done)
    await engine.stop()
    service.setOnline(false)
    await database.appointments.insert(anAppointment({ revision: 0 }))
    const other = await database.appointments.findOne(testId('Appointment', 2)).exec()
    await other?.incrementalPatch({ note: 'mine' })
    start()
    expect(await engine.countWaiting()).toBe(2)
    expect(engine.getUnsent('appointments')).toEqual(new Set([testId('Appointment', 1), testId('Appointment', 2)]))
    service.setOnline(true)
    engine.kick()
    await until(({ waiting }) => waiting === 0)
    expect(stored(testId('Appointment', 2))).toMatchObject({ note: 'mine' })
  })

  it('is nothing after a change was taken back', async () => {
    service.server.put('appointments', anAppointment())
    start()
    await until(({ initialSync }) => initialSync.done)
    service.setOnline(false)
    const document = await database.appointments.findOne(testId('Appointment')).exec()
    await document?.incrementalPatch({ note: 'x' })
    await until(({ waiting }) => waiting === 1)
    await document?.incrementalPatch({ note: '' })
    await until(({ waiting }) => waiting === 0)
  })

  it('is nothing after the server refused, and the server’s state stands', async () => {
    service.server.put('appointments', anAppointment())
    service.server.rule = () => 'refused'
    start()
    await until(({ initialSync }) => initialSync.done)
    const document = await database.appointments.findOne(testId('Appointment')).exec()
    await document?.incrementalPatch({ note: 'x' })
    await until(({ waiting }) => waiting === 1)
    await until(({ waiting }) => waiting === 0)
    expect((await database.appointments.findOne(testId('Appointment')).exec())?.note).toBe('')
  })

  it('is nothing after a merge was taken', async () => {
    service.server.put('appointments', anAppointment({ note: 'knee' }))
    start()
    await until(({ initialSync }) => initialSync.done)
    service.setOnline(false)
    const document = await database.appointments.findOne(testId('Appointment')).exec()
    await document?.incrementalPatch({ note: 'knee\nmine' })
    service.server.put('appointments', anAppointment({ note: 'knee\ntheirs', revision: 1 }))
    service.setOnline(true)
    engine.kick()
    await vi.waitFor(() => expect(stored(testId('Appointment'))).toMatchObject({ note: 'knee\nmine\ntheirs' }))
    await until(({ waiting }) => waiting === 0)
  })
})

it('what waits is exactly what differs from the last known state of the server, after every change of an outage', async () => {
  const random = testRandom()
  const ids = Array.from({ length: 12 }, (_, number) => testId<'Appointment'>('Appointment', number))
  for (const id of ids.slice(0, 8)) service.server.put('appointments', anAppointment({ id }))
  start()
  await until(({ initialSync }) => initialSync.done)
  service.setOnline(false)
  for (let round = 0; round < 60; round += 1) {
    const id = random.pick(ids)
    const document = await database.appointments.findOne(id).exec()
    const note = random.pick(['', '', 'a', 'b'])
    if (document && random.chance(0.1)) await document.remove()
    else if (document) await document.incrementalPatch({ note })
    else await database.appointments.insert(anAppointment({ id, note, revision: 0 }))
    const expected = await unsentByScan(ids)
    await vi.waitFor(() => expect([...engine.getUnsent('appointments')].sort()).toEqual(expected))
  }
  service.setOnline(true)
  engine.kick()
  await until(({ waiting }) => waiting === 0)
})

/** The slow way: every document beside what replication noted of the server. */
async function unsentByScan(ids: string[]): Promise<readonly string[]> {
  const [state] = REPLICATION_STATE_BY_COLLECTION.get(database.appointments as never) ?? []
  const masters = await getAssumedMasterState(state?.internalReplicationState as never, ids)
  const held = await database.appointments.storageInstance.findDocumentsById(ids, true)
  return held
    .filter((document) => !isSameDocument(masters[document.id]?.docData ?? {}, document))
    .map(({ id }) => id as string)
    .sort()
}

describe('an outage', () => {
  it('is told with its beginning, and ends with everything level', async () => {
    start()
    await until(({ initialSync, lastSyncAt }) => initialSync.done && lastSyncAt !== null)
    service.setOnline(false)
    const { connection } = await until((status) => status.connection.phase === 'offline')
    expect(Math.abs(connection.since - Date.now())).toBeLessThan(5_000)
    service.server.put('appointments', anAppointment({ start: NINE_O_CLOCK + minutes(30) }))
    await database.appointments.insert(anAppointment({ id: testId('Appointment', 2), revision: 0 }))
    service.setOnline(true)
    await until(({ connection: { phase }, waiting }) => phase === 'ready' && waiting === 0)
    await vi.waitFor(async () => {
      const revisions = (await database.appointments.find().exec()).map(({ revision }) => revision)
      expect(revisions).toEqual([1, 1])
    })
  })
})
