/** The product's own client on a network that lets no WebSocket through: everything over HTTP, and back when it can. */
import { filter, firstValueFrom, timeout } from 'rxjs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { definitionOf } from '#domain/sync/collections.ts'
import { minutes } from '#domain/time/instant.ts'
import { readParked } from '#renderer/local-db/parked-changes.ts'
import type { SyncStatus } from '#renderer/local-db/sync-status.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { anAppointment, aPatient, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { type PlainProxy, startPlainProxy } from '#tests/support/plain-proxy.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { openSyncClient, type SyncClient, type SyncClientOptions } from '#tests/support/sync-client.ts'

const PATIENCE_MS = 20_000
let server: ServerUnderTest
let proxy: PlainProxy
let client: SyncClient

beforeAll(async () => {
  server = await aServer('sqlite')
})
afterAll(() => server.stop())
beforeEach(async () => {
  proxy = await startPlainProxy(Number(new URL(server.url).port))
})
afterEach(async () => {
  await client.stop()
  await proxy.close()
})

let count = 0
/** @param timings such that nothing but what a test is about comes by a clock */
async function open(timings: SyncClientOptions['timings'] = { heartbeatMs: 60_000 }): Promise<SyncClient> {
  count += 1
  client = await openSyncClient({
    name: `http-${count}`,
    origin: proxy.origin,
    email: FIXTURE_EMAILS.receptionist,
    password: FIXTURE_PASSWORD,
    seed: count,
    now: () => NINE_O_CLOCK,
    timings: { socketRetryMs: minutes(60), ...timings },
  })
  return client
}
const until = (fits: (status: SyncStatus) => boolean) =>
  firstValueFrom(client.sync.status$.pipe(filter(fits), timeout({ first: PATIENCE_MS })))
const level = () =>
  until(({ connection: { phase, transport }, initialSync, waiting, lastSyncAt }) =>
    [phase === 'ready', transport === 'http', initialSync.done, waiting === 0, lastSyncAt !== null].every(Boolean),
  )
const stored = (id: string) => server.database.read((tx) => findDocument(tx, 'patients', id))
const here = (id: string) => client.database.patients.findOne(id).exec()
/** Somebody else's change, straight to the server. */
const pushAs = async (rows: readonly object[], name: 'patients' | 'appointments' = 'patients') => {
  const path = `/sync/${name}/${definitionOf(name).version}/push`
  const { status, body } = await server.request('POST', path, { as: 'admin', body: rows })
  expect([status, body]).toEqual([200, []])
}
const added = (number: number) => aPatient({ id: testId('Patient', number), revision: 0 })
const insertElsewhere = (number: number) => pushAs([{ newDocumentState: { ...added(number), _deleted: false } }])

describe('a client whose WebSockets are refused', () => {
  test('works wholly over HTTP: it reads everything, sends, merges and is told of a refusal', async () => {
    await open()
    await level()
    expect(proxy.seen).toMatchObject({ upgradesAsked: 2, upgradesLet: 0 })
    expect(await client.database.patients.count().exec()).toBe(20)

    await client.database.patients.insert(added(801))
    await eventually('the server has it', async () => (await stored(added(801).id)) !== undefined)

    const visit = anAppointment({ id: testId('Appointment', 801), patientId: testId('Patient', 3), revision: 0 })
    await client.database.appointments.insert(visit)
    const visitThere = () => server.database.read((tx) => findDocument(tx, 'appointments', visit.id))
    await eventually('the server has the visit', async () => (await visitThere()) !== undefined)
    // Both change it while nothing comes through.
    proxy.rules.isPortal = true
    await (await client.database.appointments.findOne(visit.id).exec())?.incrementalPatch({ reason: 'mine' })
    await until(({ connection, waiting }) => connection.phase === 'offline' && waiting === 1)
    const base = { ...(await visitThere()), _deleted: false }
    await pushAs([{ newDocumentState: { ...base, note: 'theirs' }, assumedMasterState: base }], 'appointments')
    proxy.rules.isPortal = false
    client.sync.kick()
    await eventually('both words are on both sides', async () => {
      const there = await visitThere()
      const local = await client.database.appointments.findOne(visit.id).exec()
      const words = [there?.note, there?.reason, local?.note, local?.reason]
      return words.join() === 'theirs,mine,theirs,mine' || words
    })

    await (await client.database.appointments.findOne(visit.id).exec())?.incrementalPatch({ status: 'fulfilled' })
    await eventually('the refusal lies in the inbox', async () => {
      const found = await client.database.rejected_changes.find().exec()
      return found.map(({ documentId, reason }) => [documentId, reason]).join() === `${visit.id},status-jump` || found
    })
    expect((await client.database.appointments.findOne(visit.id).exec())?.status).not.toBe('fulfilled')
    expect(proxy.seen.upgradesLet).toBe(0)
  })

  test('is told by its stream what others change, and opens one stream for all it listens to', async () => {
    await open()
    await level()
    await eventually('its stream stands', () => server.server.socketCount() === 1)
    await insertElsewhere(802)
    await eventually('it arrives', async () => (await here(added(802).id)) !== null)
    expect(proxy.seen.paths.filter((path) => path.includes('/ping'))).toEqual([])
    expect(server.server.socketCount()).toBe(1)
  })

  test('hears of changes a little later where a proxy holds its stream back', async () => {
    proxy.rules.holdsStreams = true
    await open({ heartbeatMs: 500 })
    await level()
    await insertElsewhere(803)
    await eventually('it arrives', async () => (await here(added(803).id)) !== null)
    expect(proxy.seen.paths).toContain('GET /sync/v1/ping')
  })

  test('asks for a log-in when its session has ended', async () => {
    await open()
    await level()
    await eventually('its stream stands', () => server.server.socketCount() === 1)
    await client.api.logout()
    await until(({ connection }) => connection.phase === 'unauthenticated')
  })

  test('keeps what is unsent while a portal answers for the server, sets nothing aside, and sends it afterwards', async () => {
    await open({ heartbeatMs: 500 })
    await level()
    proxy.rules.isPortal = true
    await client.database.patients.insert(added(804))
    await until(({ connection }) => connection.phase === 'offline')
    expect(await stored(added(804).id)).toBeUndefined()
    proxy.rules.isPortal = false
    client.sync.kick()
    await level()
    expect(await stored(added(804).id)).toBeDefined()
    expect(await readParked(client.database)).toEqual([])
  })

  test('returns to a WebSocket when one comes through again, with everything', async () => {
    await open({ socketRetryMs: 700 })
    await level()
    await eventually('it has tried again', () => proxy.seen.upgradesAsked > 2)
    expect(client.sync.getStatus().connection).toMatchObject({ phase: 'ready', transport: 'http' })
    proxy.rules.letsUpgrades = true
    await until(({ connection }) => connection.phase === 'ready' && connection.transport === 'websocket')
    const asked = proxy.seen.paths.length
    await insertElsewhere(805)
    await eventually('it arrives', async () => (await here(added(805).id)) !== null)
    await client.database.patients.insert(added(806))
    await eventually('the server has it', async () => (await stored(added(806).id)) !== undefined)
    expect(proxy.seen.paths.slice(asked).filter((path) => path.includes('/sync/'))).toEqual([])
    // The stream it had has ended with it.
    await eventually('one line is left', () => server.server.socketCount() === 1 || server.server.socketCount())
  })
})
