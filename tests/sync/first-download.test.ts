// A device that has read nothing yet gets today before the rest, says how far it is, and ends with exactly what it may hold.
import { afterEach, describe, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { addDays, localDayOf, toInstantChoosing } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { SyncStatus } from '#renderer/local-db/sync-status.ts'
import type { Engine } from '#server/database/dialect.ts'
import { countReplica } from '#server/operations/count-replica.ts'
import { followWindow } from '#server/operations/follow-window.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { anAppointment, TEST_ZONE, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import {
  aFixtureClinic,
  FIXTURE_EMAILS,
  type Fixture,
  seedDocuments,
  subjectOf,
} from '#tests/support/fixture-clinic.ts'
import { aPullDevice } from '#tests/support/pull-device.ts'
import { aServer, FIXTURE_PASSWORD } from '#tests/support/server-under-test.ts'
import { openDesktopSocket, openSyncClient } from '#tests/support/sync-client.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const LIMIT = 50

/** Visit `n` of a day so many days from today, with a patient of its own number. */
function visitOn(today: string, n: number, days: number): Appointment {
  const localDay = addDays(today, days)
  const start = toInstantChoosing(localDay, '09:00', TEST_ZONE, 'earlier') + minutes(5 * (n % 60))
  return anAppointment({
    id: testId('Appointment', n),
    doctorId: testId('Doctor', 1 + (n % 3)),
    patientId: testId('Patient', days === 0 ? 20 : 2 + (n % 17)),
    localDay,
    start,
    end: start + minutes(5),
  })
}

/** `others` visits on other days, written before those of today: in the order of changes today comes last. */
const visitsOf = (today: string, others: number, ofToday: number): readonly Appointment[] => [
  ...Array.from({ length: others }, (_, n) => visitOn(today, n + 1, 1 + (n % 60))),
  ...Array.from({ length: ofToday }, (_, n) => visitOn(today, others + n + 1, 0)),
]

describe.each(engines)('the first pages of a device on %s', (engine) => {
  let fixture: Fixture
  let today = ''
  afterEach(() => fixture.close())

  async function aClinic(others: number, ofToday: number) {
    fixture = await aFixtureClinic(engine)
    today = localDayOf(fixture.clock.now, TEST_ZONE)
    await followWindow(fixture, { id: fixture.clinic.clinicId, zone: TEST_ZONE })
    await seedDocuments(fixture.writer, 'appointments', visitsOf(today, others, ofToday))
    return { device: aPullDevice(fixture, 'appointments'), desk: subjectOf(fixture.clinic, 'receptionist') }
  }
  const idsOfToday = (others: number, ofToday: number) =>
    Array.from({ length: ofToday }, (_, n) => testId('Appointment', others + n + 1))
  const change = (id: string, part: Partial<Appointment>) =>
    fixture.writer.submit(fixture.clinic.clinicId, 'interactive', {
      subject: null,
      door: 'seed',
      run: async (ctx) => {
        const before = await findDocument(ctx.tx, 'appointments', id)
        if (!before) throw new Error('no such visit')
        return { ok: true, value: await saveDocument(ctx, 'appointments', before, { ...before, ...part }) }
      },
    })

  test('hold today, and nothing is skipped by it', async () => {
    const { device, desk } = await aClinic(160, 7)
    const first = await device.pullPage(desk, LIMIT)
    expect(first.result.documents.length).toBeGreaterThanOrEqual(LIMIT)
    expect(device.live()).toEqual(expect.arrayContaining(idsOfToday(160, 7)))
    expect(device.live().length).toBeLessThan(100)
    await device.pull(desk, LIMIT)
    expect(device.live()).toHaveLength(167)
    expect(await countReplica(fixture, desk, ['appointments'])).toBe(167)
  })

  test('hold today when it is more than a page, and the next one goes on', async () => {
    const { device, desk } = await aClinic(70, 120)
    await device.pullPage(desk, LIMIT)
    expect(device.live()).toEqual([...idsOfToday(70, 120)].sort())
    await device.pull(desk, LIMIT)
    expect(device.live()).toHaveLength(190)
    // The page of today, and the order of changes: four whole pages but for their end.
    expect(device.pages).toBeLessThanOrEqual(6)
  })

  test('hold the patients of today as well', async () => {
    const { desk } = await aClinic(60, 3)
    const patients = aPullDevice(fixture, 'patients')
    await patients.pullPage(desk, 5)
    expect(patients.live()).toContain(testId('Patient', 20))
    await patients.pull(desk, 5)
    expect(patients.live()).toHaveLength(20)
  })

  test('interrupted: what changes meanwhile arrives, and a device that lost its place begins with today again', async () => {
    const { device, desk } = await aClinic(120, 4)
    await device.pullPage(desk, LIMIT)
    const [moved = '', edited = ''] = idsOfToday(120, 4)
    await change(edited, { note: 'edited meanwhile' })
    const far = addDays(today, 400)
    const start = toInstantChoosing(far, '09:00', TEST_ZONE, 'earlier')
    await change(moved, { localDay: far, start, end: start + minutes(5) })
    device.checkpoint = null
    await device.pullPage(desk, LIMIT)
    expect(device.documents.get(edited)).toMatchObject({ note: 'edited meanwhile' })
    await device.pull(desk, LIMIT)
    expect(device.live()).not.toContain(moved)
    expect(device.live()).toHaveLength(123)
  })

  test('do not keep what is taken away after them', async () => {
    const { device } = await aClinic(160, 7)
    const doctor: Subject = subjectOf(fixture.clinic, 'doctor')
    await device.pullPage(doctor, 20)
    expect(device.live().length).toBeGreaterThan(2)
    await device.pull({ ...doctor, doctorId: null }, 20)
    expect(device.live()).toEqual([])
  })

  test('of another history begin with today again', async () => {
    const { device, desk } = await aClinic(120, 4)
    await device.pull(desk, LIMIT)
    const { id } = device.checkpoint as { id: string }
    device.checkpoint = { lwt: 0, id: id.replace(/^[^~]+/, 'another-history') }
    device.documents.clear()
    await device.pullPage(desk, LIMIT)
    expect(device.live()).toEqual(expect.arrayContaining(idsOfToday(120, 4)))
    await device.pull(desk, LIMIT)
    expect(device.live()).toHaveLength(124)
  })
})

describe.each(engines)('a first download on %s', (engine: Engine) => {
  const OTHERS = 700
  const TODAY = 30

  async function aDesk() {
    const server = await aServer(engine)
    const today = localDayOf(server.clock.now, TEST_ZONE)
    await followWindow(
      { ...server.server, database: server.database, now: () => server.clock.now },
      {
        id: server.clinic.clinicId,
        zone: TEST_ZONE,
      },
    )
    await seedDocuments(server.server.writer, 'appointments', visitsOf(today, OTHERS, TODAY))
    const client = await openSyncClient({
      name: 'desk',
      origin: server.url,
      email: FIXTURE_EMAILS.receptionist,
      password: FIXTURE_PASSWORD,
      seed: 1,
      now: () => server.clock.now,
    })
    const ofToday = async () => client.database.appointments.find({ selector: { localDay: today } }).exec()
    const all = async () => (await client.database.appointments.find().exec()).length
    return { server, client, ofToday, all, stop: () => client.stop().then(() => server.stop()) }
  }

  test('shows all of today while the rest is still coming, says how far it is, and ends with everything', async () => {
    const { client, ofToday, all, stop } = await aDesk()
    const told: SyncStatus['initialSync'][] = []
    client.sync.status$.subscribe(({ initialSync }) => told.push(initialSync))
    await eventually('today is here', async () => (await ofToday()).length === TODAY)
    const [countThen, { done }] = [await all(), client.sync.getStatus().initialSync]
    expect([countThen < OTHERS + TODAY, done]).toEqual([true, false])
    await eventually('the download is over', () => client.sync.getStatus().initialSync.done)
    expect(await all()).toBe(OTHERS + TODAY)
    const { received, total } = client.sync.getStatus().initialSync
    expect(received).toBe(total)
    const counts = told.map((progress) => progress.received)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    expect(
      told.some((progress) => !progress.done && progress.total === total && progress.received < (total ?? 0)),
    ).toBe(true)
    await stop()
  })

  test('that is interrupted goes on from what is here', async () => {
    const { client, all, stop } = await aDesk()
    await eventually('some of it is here', async () => (await all()) > TODAY)
    await client.sync.stop()
    const before = await all()
    expect(before).toBeLessThan(OTHERS + TODAY)
    const sync = startSync({
      database: client.database,
      serverApi: client.api,
      user: client.user,
      deviceId: client.deviceId,
      random: () => 0,
      socket: { createSocket: openDesktopSocket, isOnline: () => true },
    })
    const firstTold = new Promise<number>((resolve) => {
      sync.status$.subscribe(({ initialSync }) => initialSync.total !== null && resolve(initialSync.received))
    })
    expect(await firstTold).toBeGreaterThanOrEqual(before)
    await eventually('the download is over', () => sync.getStatus().initialSync.done)
    expect(await all()).toBe(OTHERS + TODAY)
    await sync.stop()
    await stop()
  })
})
