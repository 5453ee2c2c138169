// Rooms, holds, series and waitlist come to a clinic that has been booking for a while: its rows stay and get the plain defaults.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '#server/database/database.ts'
import type { Tx } from '#server/database/dialect.ts'
import { kindOfDatabaseError } from '#server/database/errors.ts'
import { MIGRATIONS, migrateDatabase } from '#server/database/migrate.ts'
import type { TableName } from '#server/database/tables.ts'
import { insertClinic } from '#server/repositories/clinic-rows.ts'
import { NINE_O_CLOCK, TEST_ZONE, testId } from '#tests/support/builders.ts'
import { anEmptyDatabase, engines, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'

const TAIL = { revision: 1, content_hash: 'h', is_deleted: 0, updated_at: 1 }
const [OURS, THEIRS] = [1, 2].map((number) => testId('Clinic', number))
const QUARTER = 15 * 60_000

/** Rows as the version before wrote them, whatever the types of today say. */
const insert = (tx: Tx, table: string, row: object) =>
  tx
    .insertInto(table as 'clinics')
    .values(row as never)
    .execute()

async function fillClinic(tx: Tx, clinicId: string, number: number): Promise<void> {
  await insertClinic(tx, { id: clinicId as never, name: 'Old', zone: TEST_ZONE }, testId('Epoch', number), 1)
  const own = { clinic_id: clinicId, ...TAIL }
  await insert(tx, 'doctors', {
    ...own,
    id: testId('Doctor', number),
    user_id: null,
    location_id: null,
    name: 'Dr Old',
    specialization: '',
    bio: '',
    languages: '[]',
    room: '',
    position: 0,
    is_active: 1,
  })
  await insert(tx, 'patients', {
    ...own,
    id: testId('Patient', number),
    user_id: null,
    name: 'Pat Old',
    birth_date: null,
    gender: 'unknown',
    phone: '',
    email: '',
    alerts: '[]',
    note: '',
  })
  await insert(tx, 'appointment_types', {
    ...own,
    id: testId('AppointmentType', number),
    code: 'GP',
    name: 'Visit',
    duration_minutes: 15,
    buffer_before_minutes: 0,
    buffer_after_minutes: 0,
    notice_minutes: 0,
    horizon_days: 30,
    doctor_ids: '[]',
    is_online: 1,
    is_active: 1,
  })
  await insert(tx, 'schedules', {
    ...own,
    id: testId('Schedule', number),
    doctor_id: testId('Doctor', number),
    date: '2026-10-14',
    start_time: '09:00',
    end_time: '10:00',
    zone: TEST_ZONE,
    is_available: 0,
    note: '',
  })
  await insert(tx, 'appointments', {
    ...own,
    id: testId('Appointment', number),
    doctor_id: testId('Doctor', number),
    patient_id: testId('Patient', number),
    type_id: testId('AppointmentType', number),
    location_id: null,
    start_at: NINE_O_CLOCK,
    end_at: NINE_O_CLOCK + QUARTER,
    zone: TEST_ZONE,
    local_day: '2026-10-14',
    local_start: '09:00',
    status: 'confirmed',
    holds_time: 1,
    origin: 'desk',
    reason: 'cough',
    note: '',
    cancel_reason: '',
    arrived_at: null,
    started_at: null,
    finished_at: null,
    age_at_visit: null,
    unplaced: null,
    created_by: null,
    created_by_name: '',
    created_at: 1,
  })
}

describe.each(engines)('resources on %s', (engine) => {
  let throwAway: ThrowAwayDatabase
  let database: Database
  beforeAll(async () => {
    throwAway = await anEmptyDatabase(engine)
    const before = MIGRATIONS.filter(({ number }) => number <= 6)
    await migrateDatabase({ url: throwAway.url }, { migrations: before })
    database = openDatabase({ url: throwAway.url })
    await database.write(async (tx) => {
      await fillClinic(tx, OURS as string, 1)
      await fillClinic(tx, THEIRS as string, 2)
    })
    await migrateDatabase({ url: throwAway.url })
    const room = { location_id: null, name: 'Room', capacity: 1, position: 0, is_active: 1, ...TAIL }
    await database.write(async (tx) => {
      await insert(tx, 'rooms', { id: testId('Room', 1), clinic_id: OURS, ...room })
      await insert(tx, 'rooms', { id: testId('Room', 2), clinic_id: THEIRS, ...room })
    })
  })
  afterAll(async () => {
    await database.close()
    await throwAway.drop()
  })

  const kindOf = (work: Promise<unknown>) => work.then(() => 'accepted', kindOfDatabaseError)
  const first = (table: TableName) =>
    database.read((tx) =>
      tx
        .selectFrom(table)
        .selectAll()
        .orderBy('id' as never)
        .executeTakeFirst(),
    )

  test('the rows there get what a clinic without rooms means', async () => {
    expect(await first('appointments')).toMatchObject({
      reason: 'cough',
      room_id: null,
      equipment_ids: '[]',
      series_id: null,
      overbook_reason: '',
      cancelled_at: null,
      cancelled_by: null,
      cancelled_by_name: '',
    })
    expect(await first('schedules')).toMatchObject({ note: '', closure_id: null })
    expect(await first('appointment_types')).toMatchObject({
      code: 'GP',
      capacity: 1,
      room_ids: '[]',
      equipment_ids: '[]',
      change_cutoff_minutes: 0,
      patient_limit: 0,
    })
  })

  const setOnAppointment = (part: object) =>
    database.attempt((tx) =>
      tx
        .updateTable('appointments')
        .set(part as never)
        .where('id', '=', testId('Appointment', 1))
        .execute(),
    )

  test.each<[string, object, string]>([
    ['a room of the clinic', { room_id: testId('Room', 1) }, 'accepted'],
    ['a room of another clinic', { room_id: testId('Room', 2) }, 'foreign-key'],
    ['a room that is not there', { room_id: testId('Room', 9) }, 'foreign-key'],
    ['a series that is not there', { series_id: testId('AppointmentSeries', 9) }, 'foreign-key'],
    ['no room', { room_id: null }, 'accepted'],
  ])('an appointment that names %s is answered %s', async (_, part, kind) => {
    expect(await kindOf(setOnAppointment(part))).toBe(kind)
  })

  test.each<[string, TableName, object, string]>([
    ['a type for nobody', 'appointment_types', { capacity: 0 }, 'constraint'],
    ['a type with a cut-off before the visit’s end', 'appointment_types', { change_cutoff_minutes: -1 }, 'constraint'],
    ['a type for eight', 'appointment_types', { capacity: 8 }, 'accepted'],
    ['a schedule of an unknown closure', 'schedules', { closure_id: testId('Closure', 9) }, 'foreign-key'],
  ])('%s (%s %o) is answered %s', async (_, table, part, kind) => {
    const change = database.attempt((tx) =>
      tx
        .updateTable(table)
        .set(part as never)
        .where('clinic_id' as never, '=', OURS as never)
        .execute(),
    )
    expect(await kindOf(change)).toBe(kind)
  })

  const resource = {
    clinic_id: OURS,
    appointment_id: testId('Appointment', 1),
    kind: 'room',
    resource_id: testId('Room', 1),
    start_at: NINE_O_CLOCK,
    end_at: NINE_O_CLOCK + QUARTER,
    holds_time: 1,
  }
  const entry = {
    ...TAIL,
    id: testId('WaitlistEntry', 1),
    clinic_id: OURS,
    patient_id: testId('Patient', 1),
    type_id: testId('AppointmentType', 1),
    doctor_ids: '[]',
    specialization: '',
    kind: 'wait',
    weekdays: '[]',
    from_time: null,
    until_time: null,
    from_day: '2026-10-14',
    until_day: null,
    note: '',
    status: 'waiting',
    appointment_id: null,
    created_by: null,
    created_at: 1,
  }
  const closure = {
    id: testId('Closure', 1),
    clinic_id: OURS,
    location_id: null,
    name: 'Holiday',
    from_day: '2026-12-25',
    until_day: '2026-12-26',
    start_time: null,
    end_time: null,
    revision: 1,
    is_deleted: 0,
    updated_at: 1,
  }

  test.each<[string, string, object, string]>([
    ['a resource of a foreign visit', 'appointment_resources', { ...resource, clinic_id: THEIRS }, 'foreign-key'],
    ['a resource that ends before it begins', 'appointment_resources', { ...resource, end_at: 1 }, 'constraint'],
    ['an unknown kind of resource', 'appointment_resources', { ...resource, kind: 'parrot' }, 'constraint'],
    ['a resource', 'appointment_resources', resource, 'accepted'],
    ['the same resource again', 'appointment_resources', resource, 'duplicate'],
    [
      'a foreign patient on the list',
      'waitlist_entries',
      { ...entry, patient_id: testId('Patient', 2) },
      'foreign-key',
    ],
    ['an unknown status on the list', 'waitlist_entries', { ...entry, status: 'maybe' }, 'constraint'],
    ['an entry', 'waitlist_entries', entry, 'accepted'],
    ['a closure that ends before it begins', 'closures', { ...closure, until_day: '2026-12-24' }, 'constraint'],
    ['a closure with half a time', 'closures', { ...closure, start_time: '09:00' }, 'constraint'],
    ['a closure', 'closures', closure, 'accepted'],
  ])('%s in %s: %o is answered %s', async (_, table, row, kind) => {
    expect(await kindOf(database.attempt((tx) => insert(tx, table, row)))).toBe(kind)
  })
})
