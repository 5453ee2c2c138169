import { filter, firstValueFrom } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { IdenticalPushes, PUSH_PATIENCE } from '#renderer/local-db/identical-pushes.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { changeParked, discardParked, readParked, retryParked } from '#renderer/local-db/parked-changes.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import { onlyHere, type SyncEngine, type SyncStatus } from '#renderer/local-db/sync-status.ts'
import { anAppointment, aPatient, testId } from '#tests/support/builders.ts'
import { FakeSyncServer } from '#tests/support/fake-sync-server.ts'
import {
  type Asked,
  polite,
  type ScriptedLine,
  type ScriptedServer,
  startScriptedServer,
} from '#tests/support/scripted-sync-server.ts'

const POISON = testId('Appointment', 13)

let line: ScriptedServer
let server: FakeSyncServer
let database: LocalDatabase
let engine: SyncEngine
/** Answers a push in place of the server; undefined leaves it to the server. */
let interfere: (rows: readonly PushRow[], line: ScriptedLine, frame: Asked) => true | undefined

const namesPoison = (rows: readonly PushRow[]) => rows.some(({ newDocumentState }) => newDocumentState.id === POISON)
const refusePoison: typeof interfere = (rows, said, frame) => {
  if (!namesPoison(rows)) return undefined
  said.fail(frame, { code: 'BAD_REQUEST', message: 'the server failed over it' })
  return true
}

beforeEach(async () => {
  line = await startScriptedServer()
  server = new FakeSyncServer()
  interfere = refusePoison
  line.script = (said, frame) => {
    polite(said, frame)
    const name = frame.collection as CollectionName
    const [first, second] = frame.params as [never, never]
    if (frame.method === 'masterChangesSince')
      void server.pull(name, first ?? undefined, second).then((result) => said.answer(frame, result))
    if (frame.method === 'masterWrite' && !interfere(first, said, frame))
      void server.push(name, first).then((result) => said.answer(frame, result))
  }
  server.onStored = (name) => line.lines.at(-1)?.poke(name)
  database = await openLocalDatabase({ serverId: line.url, userId: testId('User'), key: null, multiInstance: false })
})
afterEach(async () => {
  await engine.stop()
  await database.close()
  await line.close()
})

async function start(): Promise<void> {
  engine = startSync({
    database,
    serverApi: {
      origin: line.url.replace(/^ws(.*)\/sync\/v1$/, 'http$1'),
      fetch: async () => Promise.reject(new Error('only sockets here')),
      socketTicket: async () => ({ ok: true, value: { ticket: 'a-ticket-of-the-test', expiresAt: 0 } }),
    },
    user: { id: testId('User') },
    deviceId: 'device-1',
    random: () => 0,
  })
  await until(({ initialSync, connection }) => initialSync.done && connection.phase === 'ready')
}
const until = (fits: (status: SyncStatus) => boolean) => firstValueFrom(engine.status$.pipe(filter(fits)))
const level = () => until(({ waiting }) => waiting === 0)
const pushesOf = (id: string) =>
  line.lines
    .flatMap(({ frames }) => frames)
    .filter(({ method }) => method === 'masterWrite')
    .map(({ params }) => params[0] as readonly PushRow[])
    .filter((rows) => rows.some(({ newDocumentState }) => newDocumentState.id === id))
const local = async (id: string) => (await database.appointments.findOne(id).exec())?.toJSON()
const visit = (number: number, part: object = {}) =>
  anAppointment({ id: testId('Appointment', number), revision: 0, ...part })

describe('a change the server cannot take', () => {
  it('is sent five times and then set aside, whole; the document stands as the server has it', async () => {
    const before = anAppointment({ id: POISON, note: 'theirs' })
    server.put('appointments', before)
    await start()
    const document = await database.appointments.findOne(POISON).exec()
    await document?.incrementalPatch({ note: 'mine' })
    await until(({ parked }) => parked === 1)
    await level()
    expect(pushesOf(POISON)).toHaveLength(PUSH_PATIENCE)
    expect(await local(POISON)).toMatchObject({ note: 'theirs' })
    const [change] = await readParked(database)
    expect(change).toMatchObject({ collection: 'appointments', reason: 'refused-request', isAgain: false })
    expect(change?.message).toContain('the server failed over it')
    expect(change?.row.newDocumentState).toMatchObject({ ...before, note: 'mine', revision: 1 })
    expect(change?.row.assumedMasterState).toMatchObject({ note: 'theirs' })
  })

  it('does not stop the others: those in the same push, those after it, and other collections', async () => {
    await start()
    await database.appointments.bulkInsert([11, 12, 13, 14, 15].map((number) => visit(number)))
    await database.patients.insert(aPatient({ revision: 0 }))
    await until(({ parked }) => parked === 1)
    await database.appointments.insert(visit(16))
    await level()
    for (const number of [11, 12, 14, 15, 16]) {
      expect(server.get('appointments', testId('Appointment', number))).toBeDefined()
    }
    expect(server.get('patients', testId('Patient'))).toBeDefined()
    expect(server.get('appointments', POISON)).toBeUndefined()
    expect(await local(POISON)).toBeUndefined()
  })

  it('stays set aside over a restart, is not sent again by itself, and keeps log-out waiting', async () => {
    await start()
    await database.appointments.insert(visit(13))
    await until(({ parked }) => parked === 1)
    await level()
    await engine.stop()
    const sent = pushesOf(POISON).length
    await start()
    await level()
    expect(await engine.countWaiting()).toBe(1)
    expect(onlyHere(engine.getStatus())).toBe(1)
    await database.appointments.insert(visit(17))
    await level()
    expect(pushesOf(POISON)).toHaveLength(sent)
    expect(await readParked(database)).toHaveLength(1)
  })

  it('is not sent again when the page ended before the document had returned to its base', async () => {
    await database.appointments.insert(visit(13))
    const newDocumentState = { ...visit(13), _deleted: false }
    const change = {
      id: 'one',
      collection: 'appointments',
      schemaVersion: 1,
      reason: 'refused-request',
      message: '',
      at: 1,
    } as const
    await changeParked(database, () => [{ ...change, row: { newDocumentState }, isAgain: false }])
    await start()
    await level()
    expect(pushesOf(POISON)).toEqual([])
    expect(await local(POISON)).toBeUndefined()
    expect(await readParked(database)).toMatchObject([{ id: 'one' }])
  })

  it('is sent once more when asked: set aside again at once, or taken once the server has recovered', async () => {
    await start()
    await database.appointments.insert(visit(13, { note: 'mine' }))
    await until(({ parked }) => parked === 1)
    await level()
    const sent = pushesOf(POISON).length
    const [first] = await readParked(database)
    expect(await retryParked(database, first?.id ?? '')).toBe('again')
    await vi.waitFor(async () => expect((await readParked(database))[0]?.id).not.toBe(first?.id))
    expect(pushesOf(POISON)).toHaveLength(sent + 1)
    const [second, ...more] = await readParked(database)
    expect([second?.isAgain, more]).toEqual([false, []])

    interfere = () => undefined
    await vi.waitFor(async () => expect(await local(POISON)).toBeUndefined())
    expect(await retryParked(database, second?.id ?? '')).toBe('again')
    await until(({ parked, waiting }) => parked === 0 && waiting === 0)
    expect(server.get('appointments', POISON)).toMatchObject({ note: 'mine' })
    expect(
      pushesOf(POISON)
        .map(([row]) => row?.assumedMasterState)
        .filter(Boolean),
    ).toEqual([])
    await vi.waitFor(async () => expect(await local(POISON)).toMatchObject({ note: 'mine', revision: 1 }))
    expect(await engine.countWaiting()).toBe(0)
  })

  it('is made again on top of what others changed since, and stays when nothing of it is left', async () => {
    server.put('appointments', anAppointment({ id: POISON }))
    await start()
    const document = await database.appointments.findOne(POISON).exec()
    await document?.incrementalPatch({ note: 'mine', locationId: null, reason: 'a reason' })
    await until(({ parked }) => parked === 1)
    await level()
    server.put('appointments', anAppointment({ id: POISON, note: 'theirs', status: 'cancelled' }))
    await vi.waitFor(async () => expect(await local(POISON)).toMatchObject({ status: 'cancelled' }))
    interfere = () => undefined
    const [change] = await readParked(database)
    expect(await retryParked(database, change?.id ?? '')).toBe('again')
    await until(({ parked, waiting }) => parked === 0 && waiting === 0)
    expect(server.get('appointments', POISON)).toMatchObject({
      status: 'cancelled',
      reason: 'a reason',
      note: 'mine\ntheirs',
    })

    interfere = refusePoison
    await (await database.appointments.findOne(POISON).exec())?.incrementalPatch({ doctorId: testId('Doctor', 2) })
    await until(({ parked }) => parked === 1)
    await level()
    const moved = server.get('appointments', POISON) as never as ReturnType<typeof anAppointment>
    server.put('appointments', { ...moved, doctorId: testId('Doctor', 3) })
    await vi.waitFor(async () => expect(await local(POISON)).toMatchObject({ doctorId: testId('Doctor', 3) }))
    const [lost] = await readParked(database)
    expect(await retryParked(database, lost?.id ?? '')).toBe('superseded')
    expect(await readParked(database)).toEqual([lost])
  })

  it('is still there, and can be sent, after an update that changed the schema', async () => {
    const { roomId: _, equipmentIds: __, ...newDocumentState } = { ...visit(13, { note: 'mine' }), _deleted: false }
    const change = { id: 'one', collection: 'appointments', reason: 'refused-request', message: '', at: 1 } as const
    await changeParked(database, () => [{ ...change, schemaVersion: 0, row: { newDocumentState }, isAgain: false }])
    interfere = () => undefined
    await start()
    expect(await retryParked(database, 'one')).toBe('again')
    await until(({ parked, waiting }) => parked === 0 && waiting === 0)
    expect(server.get('appointments', POISON)).toMatchObject({ note: 'mine', roomId: null, equipmentIds: [] })
  })

  it('stays when the document it was about has left the device', async () => {
    server.put('appointments', anAppointment({ id: POISON }))
    await start()
    await (await database.appointments.findOne(POISON).exec())?.incrementalPatch({ note: 'mine' })
    await until(({ parked }) => parked === 1)
    await level()
    server.put('appointments', { ...anAppointment({ id: POISON }), _deleted: true } as never)
    await vi.waitFor(async () => expect(await local(POISON)).toBeUndefined())
    const [change] = await readParked(database)
    expect(await retryParked(database, change?.id ?? '')).toBe('superseded')
    expect(await readParked(database)).toHaveLength(1)
  })

  it('leaves the device only when it is discarded', async () => {
    await start()
    await database.appointments.insert(visit(13))
    await until(({ parked }) => parked === 1)
    const [change] = await readParked(database)
    await discardParked(database, change?.id ?? '')
    await until(({ parked, waiting }) => parked === 0 && waiting === 0)
    expect(await engine.countWaiting()).toBe(0)
  })

  it('is set aside when every answer asks for it again, and the server’s state stands', async () => {
    const before = anAppointment({ id: POISON, note: 'one' })
    server.put('appointments', before)
    await start()
    let turns = 0
    // Each answer is another state than the base, so that the merge never comes to an end.
    interfere = (rows, said, frame) => {
      if (!namesPoison(rows)) return undefined
      turns += 1
      said.answer(frame, [{ ...before, _deleted: false, note: turns % 2 === 0 ? 'one' : 'two' }])
      return true
    }
    await (await database.appointments.findOne(POISON).exec())?.incrementalPatch({ reason: 'mine' })
    await until(({ parked }) => parked === 1)
    await level()
    expect(turns).toBeLessThanOrEqual(2 * PUSH_PATIENCE)
    expect(await readParked(database)).toMatchObject([{ reason: 'no-progress' }])
    expect(await local(POISON)).toMatchObject({ reason: '', note: turns % 2 === 0 ? 'one' : 'two' })
  })

  it('is set aside when the answer speaks of something else', async () => {
    await start()
    interfere = (rows, said, frame) => {
      if (!namesPoison(rows)) return undefined
      said.answer(frame, [{ ...visit(99), _deleted: false }])
      return true
    }
    await database.appointments.insert(visit(13))
    await until(({ parked }) => parked === 1)
    expect((await readParked(database))[0]).toMatchObject({ reason: 'senseless-answer' })
    expect(await local(testId('Appointment', 99))).toBeUndefined()
  })

  it('is set aside at once when no message may be so long', async () => {
    await start()
    await database.appointments.bulkInsert([visit(13, { note: 'ä'.repeat(2_200_000) }), visit(14)])
    await until(({ parked, waiting }) => parked === 1 && waiting === 0)
    expect(pushesOf(POISON)).toEqual([])
    expect((await readParked(database))[0]).toMatchObject({ reason: 'too-large' })
    expect(server.get('appointments', testId('Appointment', 14))).toBeDefined()
  })
})

it('trouble of the line or of the server counts for nothing, however long it lasts', async () => {
  await start()
  let tries = 0
  interfere = (_, said, frame) => {
    tries += 1
    if (tries > 3 * PUSH_PATIENCE) return undefined
    if (tries % 3 === 0) said.cut()
    else said.fail(frame, { code: tries % 3 === 1 ? 'UNAVAILABLE' : 'BUSY', retryAfter: 0 })
    return true
  }
  await database.appointments.insert(visit(13))
  await until(({ waiting }) => waiting === 1)
  await level()
  expect(tries).toBeGreaterThan(3 * PUSH_PATIENCE)
  expect(await readParked(database)).toEqual([])
  expect(server.get('appointments', POISON)).toBeDefined()
})

it('counts what is wanted together with its base, for each document by itself', () => {
  const row = (number: number, note: string, base?: string): PushRow => ({
    newDocumentState: { ...visit(number, { note }), _deleted: false },
    ...(base !== undefined && { assumedMasterState: { ...visit(number, { note: base }), _deleted: false } }),
  })
  const counts = new IdenticalPushes()
  const pushes = [row(1, 'a'), row(1, 'a', 'b'), row(1, 'b', 'a'), row(2, 'a')]
  for (let count = 1; count < PUSH_PATIENCE; count += 1) {
    for (const push of pushes) expect(counts.add(push)).toBe(false)
  }
  expect(pushes.map((push) => counts.add(push))).toEqual([true, true, true, true])
  counts.forget(testId('Appointment', 1))
  expect(pushes.map((push) => counts.add(push))).toEqual([false, false, false, true])
})
