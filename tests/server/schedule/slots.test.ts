/** Free times: what is offered can be booked, what is not cannot, page by page and for whoever asks. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import type { SlotAnswer, SlotsQuery } from '#domain/api/slot-api.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import { addDays } from '#domain/time/clinic-time.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { findNextFree, findSlots, findThirdNext, type SlotPage } from '#server/operations/find-slots.ts'
import { ReadMemory } from '#server/operations/read-memory.ts'
import { at, book, placed, reasonOf } from '#tests/support/bookings.ts'
import { anAppointmentType, aSchedule, aScheduleTemplate, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { addResources, HALL, RESOURCE_TYPES, ROOM_A, ROOM_B } from '#tests/support/resources.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const CONSULTATION = testId('AppointmentType', 9)
const CHECK_UP = testId('AppointmentType', 2)
const SPECIAL = testId('AppointmentType', 3)
const DAY = '2026-10-14'
const DOCTORS = [1, 2, 3].map((number) => testId('Doctor', number))

describe.each(engines)('free times on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const memory = new ReadMemory()
  const deps = () => ({ database: fixture.database, memory, now: () => fixture.clock.now })
  type Asked = Partial<SlotsQuery> & Partial<SlotPage>
  const ask = ({ limit = 100, after = null, ...query }: Asked = {}, role: ShippedRole = 'receptionist') =>
    findSlots(
      deps(),
      subjectOf(fixture.clinic, role),
      { typeId: CONSULTATION, from: DAY, to: DAY, ...query },
      { limit, after },
    )
  const slotsOf = async (query: Asked = {}, role: ShippedRole = 'receptionist') => {
    const answer = await ask(query, role)
    if (!answer.ok) throw new Error(`refused: ${answer.reason} ${answer.field}`)
    return answer.slots
  }
  const times = (slots: readonly SlotAnswer[]) => slots.map(({ date, time }) => `${date} ${time}`)

  test('of any doctor come in order of time, then of the board, with instant and wall time', async () => {
    const slots = await slotsOf({ limit: 500 })
    expect(slots).toHaveLength(3 * 8 * 4)
    expect(slots.slice(0, 4).map(({ doctorId, time }) => [doctorId, time])).toEqual([
      ...DOCTORS.map((id) => [id, '09:00']),
      [DOCTORS[0], '09:15'],
    ])
    expect(slots[0]).toEqual({
      doctorId: DOCTORS[0],
      start: at(0),
      end: at(0, '09:15'),
      date: DAY,
      time: '09:00',
      mode: 'online',
      roomId: null,
      seatsLeft: 1,
    })
  })

  test('come page by page: nothing twice, nothing left out, and the end is said', async () => {
    const whole = await slotsOf({ limit: 500 })
    const pages: SlotAnswer[] = []
    let after: SlotPage['after'] = null
    let count = 0
    do {
      const answer = await ask({ limit: 7, after })
      if (!answer.ok) throw new Error(answer.reason)
      pages.push(...answer.slots)
      after = answer.last
      count += 1
    } while (after !== null)
    expect(pages).toEqual(whole)
    expect(count).toBe(Math.ceil(whole.length / 7))
  })

  test('are exactly those that can be booked: buffers of both visits, leave and extra hours included', async () => {
    const day = addDays(DAY, 20)
    await seedDocuments(fixture.writer, 'schedules', [
      aSchedule({ id: testId('Schedule', 20), date: day, startTime: '12:00', endTime: '13:10' }),
      aSchedule({ id: testId('Schedule', 21), date: day, startTime: '17:30', endTime: '18:30', isAvailable: true }),
    ])
    const doctorId = testId('Doctor', 1)
    placed(
      await book(fixture, { doctorId, typeId: CHECK_UP, start: at(20, '10:00'), patientId: testId('Patient', 11) }),
    )
    const offered = new Set(
      (await slotsOf({ doctorId, typeId: CHECK_UP, from: day, to: day, step: 5 })).map((each) => each.time),
    )
    expect(offered.size).toBeGreaterThan(20)
    for (const time of [
      '09:25',
      '09:30',
      '09:35',
      '10:35',
      '10:40',
      '11:30',
      '11:35',
      '13:10',
      '17:15',
      '17:30',
      '18:00',
      '18:05',
    ]) {
      const answer = await book(fixture, {
        doctorId,
        typeId: CHECK_UP,
        start: at(20, time),
        patientId: testId('Patient', 12),
      })
      expect([time, answer.ok]).toEqual([time, offered.has(time)])
      if (!answer.ok) continue
      const { id, revision } = answer.appointment
      const cancelled = await cancelAppointment(fixture, subjectOf(fixture.clinic, 'receptionist'), id, {
        reason: 'x',
        revision,
      })
      expect(cancelled.ok).toBe(true)
    }
  })

  test('for a patient keep notice and horizon, and only types that are open online', async () => {
    // The check-up asks for 24 hours of notice and may be booked 60 days ahead; it is noon on the 13th.
    expect((await slotsOf({ typeId: CHECK_UP }, 'patient'))[0]?.time).toBe('12:00')
    expect((await slotsOf({ typeId: CHECK_UP }, 'receptionist'))[0]?.time).toBe('09:00')
    const late = { typeId: CHECK_UP, from: '2026-12-11', to: '2026-12-14', limit: 500 }
    expect(new Set((await slotsOf(late, 'patient')).map(({ date }) => date))).toEqual(
      new Set(['2026-12-11', '2026-12-12']),
    )
    expect(new Set((await slotsOf(late)).map(({ date }) => date)).size).toBe(4)
    expect(await ask({ typeId: SPECIAL }, 'patient')).toEqual({
      ok: false,
      reason: 'type-not-offered',
      field: 'typeId',
    })
  })

  test('say how they may be booked, and hours for staff alone are no patient’s', async () => {
    const doctor = testId('Doctor', 3)
    const day = addDays(DAY, 30)
    const templates = [
      { startTime: '18:00', endTime: '19:00', publish: 'ask' },
      { startTime: '19:00', endTime: '20:00', publish: 'staff' },
    ] as const
    await seedDocuments(
      fixture.writer,
      'schedule_templates',
      templates.map((part, index) =>
        aScheduleTemplate({
          ...part,
          id: testId('ScheduleTemplate', 900 + index),
          doctorId: doctor,
          weekday: 5,
          validFrom: day,
          validUntil: day,
        }),
      ),
    )
    const evening = async (role: ShippedRole) =>
      (await slotsOf({ doctorId: doctor, from: day, to: day, limit: 500, step: 30 }, role))
        .filter(({ time }) => time >= '16:30')
        .map(({ time, mode }) => `${time} ${mode}`)
    expect(await evening('patient')).toEqual(['16:30 online', '18:00 ask', '18:30 ask'])
    expect(await evening('receptionist')).toEqual([
      '16:30 online',
      '18:00 ask',
      '18:30 ask',
      '19:00 staff',
      '19:30 staff',
    ])
  })

  test('narrow down to a specialization, and to whom one may book', async () => {
    expect(await slotsOf({ specialization: 'Cardiology' })).toEqual([])
    expect(new Set((await slotsOf({ specialization: 'General practice' })).map(({ doctorId }) => doctorId)).size).toBe(
      3,
    )
    expect(new Set((await slotsOf({}, 'doctor')).map(({ doctorId }) => doctorId))).toEqual(new Set([DOCTORS[0]]))
    expect(await ask({ doctorId: testId('Doctor', 2) }, 'doctor')).toMatchObject({
      reason: 'not-allowed',
      field: 'doctorId',
    })
    expect(new Set((await slotsOf({ typeId: SPECIAL })).map(({ doctorId }) => doctorId))).toEqual(new Set([DOCTORS[0]]))
    expect(await ask({ typeId: SPECIAL, doctorId: testId('Doctor', 2) })).toMatchObject({ reason: 'type-not-offered' })
    expect(await ask({ doctorId: testId('Doctor', 77) })).toMatchObject({
      reason: 'unknown-reference',
      field: 'doctorId',
    })
    expect(await ask({ typeId: testId('AppointmentType', 77) })).toMatchObject({
      reason: 'unknown-reference',
      field: 'typeId',
    })
  })

  test('that somebody holds are not offered until the hold has run out', async () => {
    const start = at(40, '09:00')
    const isOffered = async () =>
      (await slotsOf({ doctorId: testId('Doctor', 2), from: addDays(DAY, 40), to: addDays(DAY, 40) })).some(
        (each) => each.start === start,
      )
    expect(await isOffered()).toBe(true)
    await fixture.database.write((tx) =>
      tx
        .insertInto('holds')
        .values({
          id: testId('Hold'),
          clinic_id: fixture.clinic.clinicId,
          doctor_id: testId('Doctor', 2),
          patient_id: null,
          type_id: CONSULTATION,
          room_id: null,
          equipment_ids: '[]',
          start_at: start,
          end_at: start + minutes(15),
          user_id: fixture.clinic.userIds.receptionist,
          waitlist_entry_id: null,
          created_at: fixture.clock.now,
          expires_at: fixture.clock.now + minutes(2),
        })
        .execute(),
    )
    expect(await isOffered()).toBe(false)
    fixture.clock.now += minutes(2)
    expect(await isOffered()).toBe(true)
    fixture.clock.now -= minutes(2)
  })

  test('next free: the first ones from now on, across doctors, however far they lie', async () => {
    const found = await findNextFree(deps(), subjectOf(fixture.clinic, 'receptionist'), {
      typeId: CONSULTATION,
      limit: 4,
    })
    if (!found.ok) throw new Error(found.reason)
    expect(times(found.slots)).toEqual(['2026-10-13 12:00', '2026-10-13 12:00', '2026-10-13 12:00', '2026-10-13 12:15'])
    const rare = anAppointmentType({
      id: testId('AppointmentType', 50),
      code: 'RARE',
      durationMinutes: 300,
      doctorIds: [testId('Doctor', 2)],
    })
    await seedDocuments(fixture.writer, 'appointment_types', [rare])
    const leave = Array.from({ length: 15 }, (_, index) =>
      aSchedule({
        id: testId('Schedule', 100 + index),
        doctorId: testId('Doctor', 2),
        date: addDays('2026-10-13', index),
        startTime: '12:00',
        endTime: '13:00',
      }),
    )
    await seedDocuments(fixture.writer, 'schedules', leave)
    const later = await findNextFree(deps(), subjectOf(fixture.clinic, 'patient'), { typeId: rare.id, limit: 2 })
    if (!later.ok) throw new Error(later.reason)
    expect(times(later.slots)).toEqual(['2026-10-28 09:00', '2026-10-28 09:15'])
  })

  test('third next available: days until the third visit that would fit behind two others', async () => {
    const measure = async (typeId = CONSULTATION) => {
      const found = await findThirdNext(deps(), subjectOf(fixture.clinic, 'receptionist'), { typeId })
      if (!found.ok) throw new Error(found.reason)
      return found
    }
    const { doctors, today, searchedTo } = await measure()
    expect([today, searchedTo]).toEqual(['2026-10-13', '2027-04-11'])
    expect(doctors.map(({ days, time }) => [days, time])).toEqual([
      [0, '12:30'],
      [0, '13:30'],
      [0, '12:30'],
    ])
    // Special visits last 45 minutes: three of them end at 14:15, and three starts a quarter apart would not.
    expect((await measure(SPECIAL)).doctors).toMatchObject([{ doctorId: DOCTORS[0], days: 0, time: '13:30' }])
    const start = fixture.clock.now
    fixture.clock.now = at(0, '16:20')
    expect((await measure()).doctors[0]).toMatchObject({ days: 1, date: '2026-10-15', time: '09:00' })
    fixture.clock.now = start
    expect(await findThirdNext(deps(), subjectOf(fixture.clinic, 'patient'), { typeId: CONSULTATION })).toMatchObject({
      ok: false,
      reason: 'not-allowed',
    })
  })

  test('refuse days that are none, in the wrong order and too far apart', async () => {
    expect(await ask({ from: '2026-02-30' })).toMatchObject({ reason: 'invalid-field', field: 'from' })
    expect(await ask({ to: '2026-02-30' })).toMatchObject({ reason: 'invalid-field', field: 'to' })
    expect(await ask({ from: addDays(DAY, 1) })).toMatchObject({ reason: 'end-before-start', field: 'to' })
    expect(await ask({ to: addDays(DAY, 62) })).toMatchObject({ reason: 'range-too-long', field: 'to' })
    expect((await ask({ to: addDays(DAY, 61), limit: 1 })).ok).toBe(true)
  })

  test('need a free room and free equipment, and offer the seats a group has left, as the booking decision does', async () => {
    await addResources(fixture)
    const day = addDays(DAY, 50)
    const [first, second, third] = [1, 2, 3].map((number) => testId('Doctor', number)) as [DoctorId, DoctorId, DoctorId]
    const on = (typeId: AppointmentTypeId, doctorId: DoctorId, part: object = {}) => ({
      typeId,
      doctorId,
      from: day,
      to: day,
      ...part,
    })
    const offer = async (typeId: AppointmentTypeId, doctorId: DoctorId, time: string) => {
      const slot = (await slotsOf(on(typeId, doctorId, { limit: 500 }))).find((each) => each.time === time)
      return slot && [slot.roomId, slot.seatsLeft]
    }
    const visit = (typeId: AppointmentTypeId, doctorId: DoctorId, time: string, patient: number) =>
      book(fixture, { typeId, doctorId, start: at(50, time), patientId: testId('Patient', patient) })
    const { roomed, scan, group } = RESOURCE_TYPES

    expect(await offer(roomed.id, third, '10:00')).toEqual([ROOM_A, 1])
    placed(await visit(scan.id, first, '10:00', 11))
    expect(await offer(roomed.id, third, '10:00')).toEqual([ROOM_B, 1])
    expect(await offer(scan.id, third, '10:00')).toBeUndefined()
    expect(reasonOf(await visit(scan.id, third, '10:00', 12))).toBe('equipment-taken')
    placed(await visit(roomed.id, second, '10:00', 13))
    expect(await offer(roomed.id, third, '10:00')).toBeUndefined()
    expect(reasonOf(await visit(roomed.id, third, '10:00', 14))).toBe('room-taken')
    expect(await offer(roomed.id, third, '10:15')).toEqual([ROOM_A, 1])

    expect(await offer(group.id, first, '11:00')).toEqual([HALL, 3])
    placed(await visit(group.id, first, '11:00', 11))
    expect(await offer(group.id, first, '11:00')).toEqual([HALL, 2])
    expect(await offer(group.id, first, '11:15')).toBeUndefined()
    placed(await visit(group.id, first, '11:00', 12))
    placed(await visit(group.id, first, '11:00', 13))
    expect(await offer(group.id, first, '11:00')).toBeUndefined()
    expect(reasonOf(await visit(group.id, first, '11:00', 14))).toBe('group-full')
    expect(await offer(group.id, first, '11:30')).toEqual([HALL, 3])
  })

  test('of days that no table can hold there are none, and the last that it can hold are there', async () => {
    for (const day of ['9999-12-31', '9999-12-20', '2286-11-20'])
      expect(await slotsOf({ from: day, to: day })).toEqual([])
    expect(await slotsOf({ from: '2286-11-19', to: '2286-11-25' })).toHaveLength(3 * 8 * 4)
  })

  test('of days that have passed there are none', async () => {
    fixture.clock.now += hours(48)
    expect(await slotsOf()).toEqual([])
    fixture.clock.now -= hours(48)
  })
})
