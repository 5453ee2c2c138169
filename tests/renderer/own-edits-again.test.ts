import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { type Conflict, resolveConflict } from '#domain/sync/conflict.ts'
import { minutes } from '#domain/time/instant.ts'
import { deviceClock } from '#renderer/local-db/clock.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { type CollectionReplication, replicateCollection } from '#renderer/local-db/replicate-collection.ts'
import { SyncError } from '#renderer/local-db/sync-error.ts'
import { beyondOwnPushes, noteUnanswered } from '#renderer/local-db/unanswered-pushes.ts'
import { anAppointment, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { FakeSyncServer } from '#tests/support/fake-sync-server.ts'

let database: LocalDatabase
let server: FakeSyncServer
let replication: CollectionReplication<'appointments'>

beforeEach(async () => {
  database = await openLocalDatabase({
    serverId: `http://${crypto.randomUUID()}.test`,
    userId: testId('User'),
    key: null,
    multiInstance: false,
  })
  server = new FakeSyncServer()
  const socket = server as never
  replication = replicateCollection({ database, name: 'appointments', socket, clock: deviceClock, random: () => 0 })
})
afterEach(async () => {
  await replication.cancel()
  await database.close()
})

type Edits = {
  readonly first: Partial<Appointment>
  readonly second: Partial<Appointment>
  /** Somebody else's, between the two. */
  readonly theirs: Partial<Appointment>
}

/** Two edits of one device; the answer to the first is lost, and somebody else writes before it is repeated. */
async function editTwice({ first, second, theirs }: Edits): Promise<unknown> {
  const { id } = anAppointment()
  server.put('appointments', anAppointment())
  await replication.state.start()
  await replication.state.awaitInitialReplication()
  const document = await vi.waitFor(async () => {
    const found = await database.appointments.findOne(id).exec()
    if (!found) throw new Error('not here')
    return found
  })
  let isLost = false
  server.beforePushAnswer = async () => {
    if (isLost) return
    isLost = true
    const stored = server.get('appointments', id) as unknown as Appointment
    server.put('appointments', { ...stored, ...theirs })
    await document.incrementalPatch(second)
    throw new SyncError('LOST', 'the connection was lost')
  }
  await document.incrementalPatch(first)
  await vi.waitFor(() => expect(isLost).toBe(true))
  await replication.state.awaitInSync()
  replication.poke()
  await replication.state.awaitInSync()
  return server.get('appointments', id)
}

const words = { first: { reason: 'knee' }, second: { reason: 'knee, left' }, theirs: { note: 'somebody else’s' } }
const time = {
  first: { start: NINE_O_CLOCK + minutes(15) },
  second: { start: NINE_O_CLOCK + minutes(30) },
  theirs: { note: 'somebody else’s' },
}

it.each<[string, Edits]>([
  ['words', words],
  ['a time', time],
])('the later of two own edits of %s stands, though the answer to the first was lost', async (_, edits) => {
  expect(await editTwice(edits)).toMatchObject({ ...edits.second, ...edits.theirs })
})

it('words that somebody else wrote over the first own edit are joined to the second', async () => {
  const joined = await editTwice({ ...words, theirs: { reason: 'hip' } })
  expect(joined).toMatchObject({ reason: 'hip\nknee, left' })
})

it('a time that somebody else chose after the first own edit stands', async () => {
  const theirs = { start: NINE_O_CLOCK + minutes(45) }
  expect(await editTwice({ ...time, theirs })).toMatchObject(theirs)
})

it('a server that has nothing but the first own edit gets the second alone; one that refused it is believed', () => {
  const device = {}
  const state = (part: Partial<Appointment>) => ({ ...anAppointment(part), _deleted: false })
  const [base, first, second] = ['', 'knee', 'knee, left'].map((reason) => state({ reason }))
  if (!base || !first || !second) throw new Error('three states')
  noteUnanswered(device, 'appointments', [{ newDocumentState: first as never }])
  const resolve = (conflict: Conflict<'appointments'>) =>
    resolveConflict('appointments', beyondOwnPushes(device, 'appointments', conflict))
  const realMasterState = { ...first, revision: 2 }
  expect(resolve({ newDocumentState: second, assumedMasterState: base, realMasterState })).toEqual({
    ...second,
    revision: 2,
  })
  expect(resolve({ newDocumentState: second, assumedMasterState: first, realMasterState })).toEqual(realMasterState)
})
