import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { stubOf } from '#domain/sync/stub.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { minutes } from '#domain/time/instant.ts'
import { editWordsLocally } from '#renderer/local-db/appointments-store.ts'
import type { AccessEntry } from '#server/operations/access-audit.ts'
import { findAppointment, listAppointments } from '#server/operations/find-appointments.ts'
import { followWindow } from '#server/operations/follow-window.ts'
import { pushChanges } from '#server/operations/push-changes.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listVisible } from '#server/repositories/visible-documents.ts'
import { at, stored } from '#tests/support/bookings.ts'
import { anAppointment, aSchedule, TEST_ZONE, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import {
  aFixtureClinic,
  FIXTURE_CLINIC_ID,
  FIXTURE_NOW,
  type Fixture,
  seedDocuments,
  subjectOf,
} from '#tests/support/fixture-clinic.ts'
import { aPullDevice } from '#tests/support/pull-device.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aSyncHarness } from '#tests/support/sync-harness.ts'
import { engines } from '#tests/support/throw-away-database.ts'

type Visit = WireDocument<'appointments'>

/** Days from the builders' Wednesday; the fixture's today is the day before. */
const LAST_DAY = 179
const FIRST_DAY = -31
const BEYOND = LAST_DAY + 10

const visit = (number: number, start: number, part: Partial<Appointment> = {}): Visit => ({
  ...anAppointment({ id: testId('Appointment', number), patientId: testId('Patient', 2), start }),
  status: 'pending',
  revision: 0,
  ...part,
  _deleted: false,
})

describe.each(engines)('a push about a day outside the window on %s', (engine) => {
  let fixture: Fixture
  let desk: Subject
  let disclosed: AccessEntry[]
  beforeEach(async () => {
    fixture = await aFixtureClinic(engine)
    desk = subjectOf(fixture.clinic, 'receptionist')
    disclosed = []
  })
  afterEach(() => fixture.close())

  const push = async (wanted: Visit, base?: Visit, subject: Subject = desk) => {
    const row = { newDocumentState: wanted, ...(base && { assumedMasterState: base }) } as unknown as PushRow
    const deps = { writer: fixture.writer, noteAccess: async (entry: AccessEntry) => void disclosed.push(entry) }
    const [answer] = await pushChanges(deps, subject, 'appointments', [row])
    return answer as Visit | undefined
  }
  const inbox = async () => {
    const rows = await fixture.database.read((tx) =>
      tx.selectFrom('rejected_changes').select(['reason', 'attempted']).where('is_deleted', '=', 0).execute(),
    )
    return rows.map(({ reason, attempted }) => [reason, JSON.parse(attempted).note ?? ''])
  }
  const viewCount = async (id: string) =>
    (
      await fixture.database.read((tx) =>
        tx.selectFrom('document_views').select('audience').where('document_id', '=', id).execute(),
      )
    ).length

  /** A visit of the first day inside, which then leaves; the device has pulled before and knows nothing of it. */
  async function aVisitThatLeaves(part: Partial<Appointment> = {}): Promise<Visit> {
    await seedDocuments(fixture.writer, 'appointments', [visit(1, at(FIRST_DAY), { status: 'confirmed', ...part })])
    const held = await stored(fixture, testId('Appointment', 1))
    if (!held) throw new Error('not stored')
    fixture.clock.now += minutes(60 * 24)
    const deps = { database: fixture.database, writer: fixture.writer, now: () => fixture.clock.now }
    expect(await followWindow(deps, { id: FIXTURE_CLINIC_ID, zone: TEST_ZONE })).toBe(1)
    return held
  }

  test('an edit made offline of a visit that has left is accepted, and the answer takes the visit off the device', async () => {
    const held = await aVisitThatLeaves()
    const edited = { ...held, note: 'came after all' }
    expect(await push(edited, held)).toEqual(stubOf('appointments', held.id))
    expect(await stored(fixture, held.id)).toMatchObject({ note: 'came after all', revision: held.revision + 1 })
    expect(await inbox()).toEqual([])
    expect(disclosed).toEqual([])
    // The answer was lost: the same again changes nothing and is answered the same.
    expect(await push(edited, held)).toEqual(stubOf('appointments', held.id))
    expect(await stored(fixture, held.id)).toMatchObject({ revision: held.revision + 1 })
  })

  test('a refused edit of it is in the inbox, and the visit leaves all the same', async () => {
    const held = await aVisitThatLeaves()
    const jump = { ...held, status: 'arrived' as const, end: held.start, note: 'mine' }
    expect(await push(jump, held)).toEqual(stubOf('appointments', held.id))
    expect(await inbox()).toMatchObject([[expect.any(String), 'mine']])
    expect(await stored(fixture, held.id)).toEqual(held)
  })

  test('an edit of what somebody else has edited since is a conflict with content, so that nothing is lost in merging', async () => {
    const held = await aVisitThatLeaves()
    expect(await push({ ...held, note: 'first' }, held)).toEqual(stubOf('appointments', held.id))
    const current = (await stored(fixture, held.id)) as Visit
    expect(await push({ ...held, reason: 'second' }, held)).toEqual(current)
    expect(await push({ ...current, reason: 'second' }, current)).toEqual(stubOf('appointments', held.id))
    expect(await stored(fixture, held.id)).toMatchObject({ note: 'first', reason: 'second' })
  })

  test('a patient keeps the own visit and edits it like any other', async () => {
    const held = await aVisitThatLeaves({ patientId: testId('Patient', 1) })
    const patient = subjectOf(fixture.clinic, 'patient')
    const device = aPullDevice(fixture, 'appointments')
    await device.pull(patient)
    expect(device.live()).toEqual([held.id])
    expect(await push(held, held, patient)).toBeUndefined()
  })

  test('a new booking beyond the window is stored, and leaves the device without a row in the views', async () => {
    const wanted = visit(5, at(BEYOND))
    expect(await push(wanted)).toEqual(stubOf('appointments', wanted.id))
    expect(await stored(fixture, wanted.id)).toMatchObject({ status: 'pending', revision: 1 })
    expect(await viewCount(wanted.id)).toBe(0)
    expect(await inbox()).toEqual([])
    const last = visit(6, at(LAST_DAY))
    expect(await push(last)).toBeUndefined()
    expect(await viewCount(last.id)).toBeGreaterThan(0)
  })

  test('a booking beyond the window that lost its time is refused into the inbox: unplaced, nobody would see it', async () => {
    await push(visit(5, at(BEYOND)))
    const late = visit(6, at(BEYOND), { patientId: testId('Patient', 3), note: 'wanted' })
    expect(await push(late)).toEqual(stubOf('appointments', late.id))
    expect(await inbox()).toEqual([['slot-taken', 'wanted']])
    expect(await stored(fixture, late.id)).toBeUndefined()
  })

  test('a move beyond the window takes the visit off the devices that hold it', async () => {
    const placed = visit(7, at(1))
    await push(placed)
    const device = aPullDevice(fixture, 'appointments')
    await device.pull(desk)
    const held = device.documents.get(placed.id) as Visit
    const start = at(BEYOND)
    expect(await push({ ...held, start, end: start + minutes(15) }, held)).toEqual(stubOf('appointments', placed.id))
    await device.pull(desk)
    expect(device.live()).toEqual([])
  })

  test('over HTTP every day is there for whoever may see it', async () => {
    const { userIds } = fixture.clinic
    const own = { patientId: testId('Patient', 1) }
    const unplaced = { reason: 'slot-taken', at: FIXTURE_NOW, takenBy: '', takenAt: null } as const
    const visits = [-400, -20, 20, 300].flatMap((day, index) => [
      visit(10 + index, at(day, '09:00'), { status: 'confirmed' }),
      visit(20 + index, at(day, '10:00'), { status: 'confirmed', doctorId: testId('Doctor', 2), ...own }),
      visit(30 + index, at(day, '11:00'), { status: 'unplaced', unplaced, createdBy: userIds.doctor }),
      visit(40 + index, at(day, '12:00'), { status: 'unplaced', unplaced, createdBy: userIds.receptionist, ...own }),
    ])
    await seedDocuments(fixture.writer, 'appointments', visits)
    const read = async (role: 'receptionist' | 'doctor' | 'patient') => {
      const subject = subjectOf(fixture.clinic, role)
      const deps = { database: fixture.database, audit: async () => undefined }
      const listed: string[] = []
      for (const { localDay } of visits.filter((_, index) => index % 4 === 0)) {
        const days = { from: localDay, to: localDay }
        const answer = await listAppointments(deps, subject, days, { limit: 100, after: undefined })
        if (answer.ok) listed.push(...answer.page.items.map(({ id }) => id))
      }
      const found = await Promise.all(visits.map(({ id }) => findAppointment(deps, subject, id)))
      expect(found.flatMap((one) => one?.id ?? []).sort()).toEqual(listed.toSorted())
      return listed.map((id) => Number(id.slice(-12))).sort((a, b) => a - b)
    }
    const decades = (...tens: readonly number[]) => tens.flatMap((ten) => [0, 1, 2, 3].map((one) => ten * 10 + one))
    expect(await read('receptionist')).toEqual(decades(1, 2, 3, 4))
    expect(await read('doctor')).toEqual(decades(1, 3))
    expect(await read('patient')).toEqual(decades(2, 4))

    await seedDocuments(
      fixture.writer,
      'schedules',
      [1, 2].map((n) => aSchedule({ id: testId('Schedule', n), doctorId: testId('Doctor', n), date: '2027-10-14' })),
    )
    const schedules = ['receptionist', 'doctor', 'patient'] as const
    const counts = schedules.map(async (role) => {
      const audiences = audiencesFor(subjectOf(fixture.clinic, role), 'schedules')
      const question = { clinicId: FIXTURE_CLINIC_ID, audiences, order: ['date'], limit: 10 }
      return (await fixture.database.read((tx) => listVisible(tx, 'schedules', question))).items.length
    })
    expect(await Promise.all(counts)).toEqual([2, 1, 0])
  })
})

describe.each(engines)('a real client on %s', (engine) => {
  test('what leaves the window leaves quietly; an unsent edit of it is sent first', async () => {
    const harness = await aSyncHarness(engine, TEST_SEED)
    try {
      const { server } = harness
      const [edited, other] = [visit(1, at(FIRST_DAY), { status: 'confirmed' }), visit(2, at(FIRST_DAY, '12:00'))]
      await seedDocuments(server.server.writer, 'appointments', [edited, other, visit(3, at(3))])
      const client = await harness.addClient('receptionist')
      const heldIds = async () => [...(await client.all('appointments')).keys()].sort()
      const isLevel = () =>
        client.sync.getStatus().waiting === 0 && client.sync.getStatus().connection.phase === 'ready'
      await eventually('all three arrive', async () => (await heldIds()).length === 3)

      client.proxy.setOffline(true)
      const written = await editWordsLocally(client.desk, edited.id, { note: 'written on the train' })
      expect(written.ok).toBe(true)
      // Only the window's clock moves on: the session is to live.
      const now = () => server.clock.now + minutes(60 * 24)
      const deps = { database: server.database, writer: server.server.writer, now }
      expect(await followWindow(deps, { id: FIXTURE_CLINIC_ID, zone: TEST_ZONE })).toBe(2)
      expect(await heldIds()).toHaveLength(3)

      client.proxy.setOffline(false)
      client.sync.kick()
      await eventually('only the near visit stays', async () => {
        const ids = await heldIds()
        return (isLevel() && ids.join() === testId('Appointment', 3)) || ids
      })
      const kept = await server.database.read((tx) => findDocument(tx, 'appointments', edited.id))
      expect(kept?.note).toBe('written on the train')
      expect((await client.all('rejected_changes')).size).toBe(0)
    } finally {
      await harness.close()
    }
  })
})
