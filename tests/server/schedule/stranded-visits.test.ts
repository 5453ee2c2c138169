import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Schedule } from '#domain/schedule/schedule-schemas.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import { parseStrandedVisits } from '#domain/sync/stranded-visits.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { pushChanges } from '#server/operations/push-changes.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { anAppointment, aSchedule, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let fixture: Fixture
let doctor: Subject
let admin: Subject

const stored = <Name extends CollectionName>(collection: Name, id: string) =>
  fixture.database.read((tx) => findDocument(tx, collection, id))

async function push<Name extends CollectionName>(subject: Subject, collection: Name, wanted: object, base?: object) {
  const row = { newDocumentState: { _deleted: false, ...wanted }, ...(base && { assumedMasterState: base }) } as PushRow
  fixture.clock.now += 1000
  return pushChanges({ writer: fixture.writer, noteAccess: async () => undefined }, subject, collection, [row])
}

/** Pushes a schedule as its next version and returns it as stored. */
async function change(subject: Subject, id: number, part: Partial<WireDocument<'schedules'>> = {}) {
  const base = await stored('schedules', testId('Schedule', id))
  const wanted = { ...(base ?? aSchedule({ id: testId('Schedule', id) })), ...part }
  expect(await push(subject, 'schedules', wanted, base)).toEqual([])
  return (await stored('schedules', wanted.id)) as WireDocument<'schedules'>
}

/** Everything in the inboxes of all people, oldest first. */
async function inboxes() {
  const rows = await fixture.database.read((tx) =>
    tx.selectFrom('rejected_changes').selectAll().where('is_deleted', '=', 0).orderBy('at').execute(),
  )
  return rows.map(({ user_id, document_id, reason, attempted, revision }) => {
    const list = parseStrandedVisits({ reason, attempted })
    const visits = list?.visits.map(({ id }) => Number(id.slice(-3))) ?? []
    return { userId: user_id, scheduleId: document_id, isLeave: list?.schedule.isLeave, visits, list, revision }
  })
}
const listed = async () => (await inboxes()).map(({ visits }) => visits)

/** Visits 1 to 4 of the first doctor at 9, 10, 11 and 12 o'clock, 5 of the second doctor at 9. */
const VISITS: readonly Appointment[] = [0, 1, 2, 3, 0].map((hour, index) =>
  anAppointment({
    id: testId('Appointment', index + 1),
    doctorId: testId('Doctor', index === 4 ? 2 : 1),
    patientId: testId('Patient', index + 2),
    start: NINE_O_CLOCK + hours(hour),
    status: index === 0 ? 'pending' : 'confirmed',
  }),
)
const MORNING: Partial<Schedule> = { startTime: '08:00', endTime: '10:30' }

describe.each(engines)('booked visits outside of changed hours on %s', (engine) => {
  beforeEach(async () => {
    fixture = await aFixtureClinic(engine)
    doctor = subjectOf(fixture.clinic, 'doctor')
    admin = subjectOf(fixture.clinic, 'admin')
    await seedDocuments(fixture.writer, 'appointments', VISITS)
  })
  afterEach(() => fixture.close())

  test('pushed leave lists them for its author, touches none of them, and refuses new ones at once', async () => {
    const leave = await change(doctor, 5, MORNING)
    expect(await inboxes()).toMatchObject([
      { userId: doctor.userId, scheduleId: leave.id, isLeave: true, visits: [1, 2], list: { unlisted: 0 } },
    ])
    expect((await inboxes())[0]?.list?.visits[0]).toEqual({
      id: VISITS[0]?.id,
      patientId: VISITS[0]?.patientId,
      start: NINE_O_CLOCK,
      end: NINE_O_CLOCK + minutes(15),
    })
    for (const { id, start, status } of VISITS) {
      expect(await stored('appointments', id)).toMatchObject({ start, status, revision: 1 })
    }
    const next = anAppointment({
      id: testId('Appointment', 9),
      patientId: testId('Patient', 9),
      start: NINE_O_CLOCK + minutes(30),
      status: 'pending',
      revision: 0,
    })
    await push(subjectOf(fixture.clinic, 'receptionist'), 'appointments', next)
    expect(await stored('appointments', next.id)).toMatchObject({
      status: 'unplaced',
      unplaced: { reason: 'outside-hours' },
    })
  })

  test('the same push again, and an edit of its words, change nothing', async () => {
    const leave = await change(doctor, 5, MORNING)
    await push(doctor, 'schedules', { ...leave, revision: 0 })
    expect(await push(doctor, 'schedules', leave, leave)).toEqual([])
    await change(admin, 5, { note: 'conference' })
    expect(await inboxes()).toMatchObject([{ userId: doctor.userId, visits: [1, 2], revision: 1 }])
  })

  test('changed leave corrects the list, and belongs to whoever changed it', async () => {
    await change(doctor, 5, MORNING)
    await change(doctor, 5, { endTime: '11:30' })
    expect(await inboxes()).toMatchObject([{ userId: doctor.userId, visits: [1, 2, 3] }])
    await change(admin, 5, { startTime: '10:30' })
    expect(await inboxes()).toMatchObject([{ userId: admin.userId, visits: [3] }])
    await change(admin, 5, { doctorId: testId('Doctor', 2), startTime: '09:00' })
    expect(await inboxes()).toMatchObject([{ userId: admin.userId, visits: [5] }])
  })

  test('leave that is withdrawn, or strands nobody any more, takes the list away', async () => {
    await change(doctor, 5, MORNING)
    await change(doctor, 5, { date: '2026-10-20' })
    expect(await listed()).toEqual([])
    await change(doctor, 5, { date: '2026-10-14' })
    expect(await listed()).toEqual([[1, 2]])
    await change(doctor, 5, { _deleted: true })
    expect(await listed()).toEqual([])
  })

  test('a list that was dismissed comes back only with other visits', async () => {
    await change(doctor, 5, MORNING)
    const row = await fixture.database.read((tx) =>
      tx.selectFrom('rejected_changes').select('id').executeTakeFirstOrThrow(),
    )
    const item = await stored('rejected_changes', row.id)
    expect(await push(doctor, 'rejected_changes', { ...item, _deleted: true }, item)).toEqual([])
    await change(doctor, 5, { note: 'same hours' })
    expect(await listed()).toEqual([])
    await change(doctor, 5, { endTime: '11:30' })
    expect(await listed()).toEqual([[1, 2, 3]])
  })

  test('of two leaves over one visit each lists it, so that one can be withdrawn', async () => {
    await change(doctor, 5, MORNING)
    await change(doctor, 6, { startTime: '08:00', endTime: '09:30' })
    expect(await listed()).toEqual([[1, 2], [1]])
    await change(doctor, 5, { _deleted: true })
    expect(await listed()).toEqual([[1]])
  })

  test('extra hours that are withdrawn or moved strand what was booked into them, until they are given back', async () => {
    const evening = { isAvailable: true, startTime: '18:00', endTime: '20:00' }
    const late = anAppointment({ id: testId('Appointment', 7), start: NINE_O_CLOCK + hours(9.5) })
    await change(doctor, 5, evening)
    await seedDocuments(fixture.writer, 'appointments', [late])
    expect(await listed()).toEqual([])
    await change(doctor, 5, { date: '2026-10-15' })
    expect(await inboxes()).toMatchObject([{ userId: doctor.userId, isLeave: false, visits: [7] }])
    await change(doctor, 5, { note: 'on Thursday' })
    expect(await listed()).toEqual([[7]])
    await change(doctor, 5, { date: '2026-10-14' })
    expect(await listed()).toEqual([])
    await change(doctor, 5, { _deleted: true })
    expect(await listed()).toEqual([[7]])
  })

  test('visits that are over, called off, seen or outside the hours anyway are not listed', async () => {
    const more = [
      { id: testId('Appointment', 11), start: NINE_O_CLOCK - hours(48), status: 'confirmed' as const },
      { id: testId('Appointment', 12), start: NINE_O_CLOCK + hours(4), status: 'cancelled' as const },
      { id: testId('Appointment', 13), start: NINE_O_CLOCK + hours(5), status: 'fulfilled' as const },
      { id: testId('Appointment', 14), start: NINE_O_CLOCK + hours(10), status: 'confirmed' as const },
      { id: testId('Appointment', 15), start: NINE_O_CLOCK + hours(6), status: 'arrived' as const },
    ]
    await seedDocuments(fixture.writer, 'appointments', more.map(anAppointment))
    await change(doctor, 5)
    expect(await listed()).toEqual([[1, 2, 3, 4, 15]])
    await change(doctor, 6, { date: '2026-10-12' })
    expect(await listed()).toHaveLength(1)
  })

  test('visits the author may not see are counted, not named', async () => {
    const isViewing = (permission: string) => permission === 'view-appointments'
    const blind = { ...admin, grants: admin.grants.filter(({ permission }) => !isViewing(permission)) }
    await change(blind, 5, MORNING)
    expect(await inboxes()).toMatchObject([{ userId: admin.userId, visits: [], list: { unlisted: 2 } }])
    expect(JSON.stringify(await inboxes())).not.toContain(testId('Patient', 2))
  })

  test('leave that is refused strands nobody', async () => {
    const wanted = aSchedule({ id: testId('Schedule', 5), doctorId: testId('Doctor', 2) })
    await push(doctor, 'schedules', wanted)
    expect(await inboxes()).toMatchObject([{ userId: doctor.userId, list: undefined }])
  })
})
