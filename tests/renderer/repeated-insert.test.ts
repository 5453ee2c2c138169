// A new booking whose answer is lost, while somebody else changes the visit: the repeated push must undo nobody's change.
import { filter, firstValueFrom } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { readList } from '#renderer/local-db/live-note.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { overruledChanges$ } from '#renderer/local-db/overruled-changes.ts'
import { SentInserts, withFirstSent } from '#renderer/local-db/sent-inserts.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { SyncEngine, SyncStatus } from '#renderer/local-db/sync-status.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { FakeSyncServer } from '#tests/support/fake-sync-server.ts'
import { polite, type ScriptedServer, startScriptedServer } from '#tests/support/scripted-sync-server.ts'

const HOUR = 3_600_000
const ID = testId('Appointment', 21)
const BOOKED = anAppointment({ id: ID, status: 'pending', revision: 0 })
const at = (hours: number) => ({ start: BOOKED.start + hours * HOUR, end: BOOKED.end + hours * HOUR })

let line: ScriptedServer
let server: FakeSyncServer
let database: LocalDatabase
let engine: SyncEngine
/** While true the server stores what is pushed and its answers are lost. */
let isDeaf: boolean

beforeEach(async () => {
  isDeaf = false
  server = new FakeSyncServer()
  await listen()
  database = await openLocalDatabase({ serverId: line.url, userId: testId('User'), key: null, multiInstance: false })
})
afterEach(async () => {
  await engine.stop()
  await database.close()
  await line.close()
})

async function listen(): Promise<void> {
  line = await startScriptedServer()
  line.script = (said, frame) => {
    polite(said, frame)
    const name = frame.collection as CollectionName
    const [first, second] = frame.params as [never, never]
    if (frame.method === 'masterChangesSince')
      void server.pull(name, first ?? undefined, second).then((result) => said.answer(frame, result))
    if (frame.method === 'masterWrite')
      void server.push(name, first).then((result) => isDeaf || said.answer(frame, result))
  }
  server.onStored = (name) => isDeaf || line.lines.at(-1)?.poke(name)
}

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
const stored = () => server.get('appointments', ID) as unknown as Appointment
const overruled = () => firstValueFrom(overruledChanges$(database))
const change = async (part: Partial<Appointment>) =>
  (await database.appointments.findOne(ID).exec(true)).incrementalPatch(part)

/** Books; the server takes it, and the device does not hear of it. */
async function bookUnanswered(): Promise<void> {
  isDeaf = true
  await database.appointments.insert(BOOKED)
  while (!stored()) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** The page is opened again, and the server answers. */
async function comeBack(): Promise<void> {
  await engine.stop()
  isDeaf = false
  await start()
  await until(({ waiting }) => waiting === 0)
}

describe('a booking whose answer is lost, repeated after somebody else has changed the visit', () => {
  it('leaves their change, and adds what was changed here since', async () => {
    await start()
    await bookUnanswered()
    server.put('appointments', { ...stored(), ...at(1), status: 'confirmed' })
    await change({ note: 'bring x-rays' })
    await comeBack()
    expect(stored()).toMatchObject({ ...at(1), status: 'confirmed', note: 'bring x-rays' })
    expect((await database.appointments.findOne(ID).exec())?.toJSON()).toMatchObject({ ...at(1), note: 'bring x-rays' })
    expect(await overruled()).toEqual([])
  })

  it('tells its author of a move that gave way to theirs', async () => {
    await start()
    await bookUnanswered()
    server.put('appointments', { ...stored(), ...at(1) })
    await change(at(2))
    await comeBack()
    expect(stored()).toMatchObject(at(1))
    expect(await overruled()).toMatchObject([
      { documentId: ID, fields: ['end', 'start'], row: { newDocumentState: at(2), assumedMasterState: at(0) } },
    ])
  })

  it('stays unplaced where the server made it so, until its author chooses another time', async () => {
    await start()
    const unplaced = { reason: 'slot-taken', at: 1, takenBy: '', takenAt: null }
    server.rule = (wanted) =>
      (wanted as unknown as Appointment).start === BOOKED.start
        ? ({ ...wanted, status: 'unplaced', unplaced } as never)
        : wanted
    await bookUnanswered()
    await comeBack()
    expect((await database.appointments.findOne(ID).exec())?.toJSON()).toMatchObject({ status: 'unplaced' })
    await change({ ...at(3), status: 'pending' })
    await eventually('the wish arrives', () => stored().start === at(3).start && stored().status === 'pending')
    expect(await overruled()).toEqual([])
  })

  it('keeps what was first sent only until the answer is recorded', async () => {
    await start()
    await bookUnanswered()
    expect(await readList<PushRow>(database, 'sent-inserts')).toHaveLength(1)
    await comeBack()
    await change({ note: 'later' })
    await eventually('the change arrives', () => stored().note === 'later')
    await eventually('nothing is kept', async () => (await readList<PushRow>(database, 'sent-inserts')).length === 0)
  })
})

describe('what was first sent', () => {
  const other = anAppointment({ id: testId('Appointment', 22), revision: 0 })
  const wire = (document: Appointment) => ({ ...document, _deleted: false })
  const row = (document: Appointment) => ({ newDocumentState: wire(document) })
  const firstOf = async (mine: Appointment, master: Appointment) =>
    (await withFirstSent(database, 'appointments', { newDocumentState: wire(mine), realMasterState: wire(master) }))
      .firstSent

  it('is still known where RxDB could not record the answer, whatever is pushed in between', async () => {
    await start()
    const sent = new SentInserts(database, 'appointments')
    const master = { ...BOOKED, ...at(1), revision: 2 }
    await sent.beforePush([row(BOOKED)])
    sent.onSend([row(BOOKED)])
    sent.onSend([row(BOOKED)])
    await sent.afterAnswer([row(BOOKED)], new Map([[ID as string, wire(master)]]))
    // It was changed here meanwhile, so RxDB sends it as new again; but something else comes first.
    await sent.beforePush([row(other)])
    const changed = { ...BOOKED, note: 'since then' }
    await sent.beforePush([row(changed)])
    expect(await firstOf(changed, master)).toMatchObject({ id: ID, note: BOOKED.note })
    await sent.beforePush([{ ...row(changed), assumedMasterState: wire(master) }])
    expect(await firstOf(changed, master)).toBeUndefined()
  })

  it('is not taken from a state that the server knew before it was sent from here', async () => {
    await start()
    const sent = new SentInserts(database, 'appointments')
    await sent.beforePush([row(BOOKED)])
    sent.onSend([row(BOOKED)])
    await sent.afterAnswer([row(BOOKED)], new Map([[ID as string, wire({ ...BOOKED, ...at(1), revision: 2 })]]))
    expect(await firstOf(BOOKED, { ...BOOKED, ...at(1) })).toBeUndefined()
  })
})
