import { createHash } from 'node:crypto'
import { Check, Errors } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { appointmentSchema, appointmentTypeSchema } from '#domain/appointment/appointment-schemas.ts'
import { sessionOf } from '#domain/appointment/occupancy.ts'
import { dayNoteProblem, dayNoteSchema, standsOn } from '#domain/clinic/day-note.ts'
import { roomSchema } from '#domain/clinic/room-schema.ts'
import { type DemoClinic, demoClinic } from '#domain/demo/demo-clinic.ts'
import { doctorSchema, patientSchema } from '#domain/people/people-schemas.ts'
import { type Interval, overlaps } from '#domain/schedule/interval.ts'
import { scheduleSchema, scheduleTemplateSchema } from '#domain/schedule/schedule-schemas.ts'
import { isInsideHours, workingHours } from '#domain/schedule/working-hours.ts'
import { addDays, localDayOf, toLocal } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { waitlistEntrySchema } from '#domain/waitlist/waitlist-schemas.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'

const at = (text: string): number => Date.parse(text)
const WEDNESDAY_MORNING = at('2026-10-14T09:40Z')
const hashOf = (data: unknown): string => createHash('sha256').update(JSON.stringify(data)).digest('hex')

// A weekday, a Sunday, the day London's clock goes back, deep night, and the seed of this run.
const CLINICS: readonly { name: string; now: number; clinic: DemoClinic }[] = [
  { name: 'a Wednesday morning', now: WEDNESDAY_MORNING, seed: undefined },
  { name: 'a Sunday', now: at('2026-10-11T13:10Z'), seed: 7 },
  { name: 'the day the clock goes back, 25 October 2026', now: at('2026-10-25T11:00Z'), seed: 8 },
  { name: 'the day the clock goes forward, 29 March 2026, at 03:00', now: at('2026-03-29T02:00Z'), seed: 9 },
  { name: `a Friday with seed ${TEST_SEED}`, now: at('2027-01-08T15:05Z'), seed: TEST_SEED },
].map(({ name, now, seed }) => ({ name, now, clinic: demoClinic({ now, ...(seed === undefined ? {} : { seed }) }) }))

function pairsThatOverlap(visits: readonly Interval[]): number {
  const sorted = [...visits].sort((a, b) => a.start - b.start)
  return sorted.filter((visit, index) => index > 0 && overlaps(sorted[index - 1] as Interval, visit)).length
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return [...groups.values()]
}

test('the same seed and moment give the same data, another seed gives other data', () => {
  const first = hashOf(demoClinic({ seed: 1, now: WEDNESDAY_MORNING }))
  expect(hashOf(demoClinic({ seed: 1, now: WEDNESDAY_MORNING }))).toBe(first)
  expect(hashOf(demoClinic({ seed: 2, now: WEDNESDAY_MORNING }))).not.toBe(first)
})

test('the patients are the same people on every day the demo is started', () => {
  const ids = (now: number): string[] =>
    demoClinic({ now, patientCount: 50 }).patients.map((patient) => JSON.stringify(patient))
  expect(ids(WEDNESDAY_MORNING)).toEqual(ids(at('2027-05-01T08:00Z')))
})

describe.each(CLINICS)('the demo clinic on $name', ({ now, clinic }) => {
  const today = localDayOf(now, clinic.clinic.zone)

  test('every document satisfies its schema and no id occurs twice', () => {
    const lists = [
      [doctorSchema, clinic.doctors],
      [patientSchema, clinic.patients],
      [appointmentTypeSchema, clinic.appointmentTypes],
      [scheduleTemplateSchema, clinic.templates],
      [scheduleSchema, clinic.schedules],
      [appointmentSchema, clinic.appointments],
      [roomSchema, clinic.rooms],
      [waitlistEntrySchema, clinic.waitlistEntries],
      [dayNoteSchema, clinic.dayNotes],
    ] as const
    const ids: string[] = []
    for (const [schema, documents] of lists) {
      const bad = documents.find((document) => !Check(schema, document))
      expect(bad && [bad, Errors(schema, bad)]).toBeUndefined()
      ids.push(...documents.map(({ id }) => id))
    }
    expect(new Set(ids).size).toBe(ids.length)
  })

  const capacityOf = (id: string) => clinic.appointmentTypes.find((type) => type.id === id)?.capacity ?? 1

  test('scans have a room and the ultrasound, a class has several patients and places left, and some wait', () => {
    const scan = clinic.appointmentTypes.find(({ equipmentIds }) => equipmentIds.length > 0)
    const scans = clinic.appointments.filter(({ typeId }) => typeId === scan?.id)
    expect(scans.length).toBeGreaterThan(10)
    for (const { roomId, equipmentIds } of scans) {
      expect(scan?.roomIds).toContain(roomId)
      expect(equipmentIds).toEqual(clinic.equipment.map(({ id }) => id))
    }
    const seats = clinic.appointments.filter(({ typeId }) => capacityOf(typeId) > 1)
    const sessions = groupBy(seats, ({ localDay }) => localDay)
    expect(sessions).toHaveLength(3)
    for (const session of sessions) expect(session.length > 3 && session.length < 8).toBe(true)
    expect(clinic.waitlistEntries.filter(({ status }) => status === 'waiting').length).toBeGreaterThan(3)
  })

  test('today has a note for everybody and one for a doctor’s day', () => {
    expect(clinic.dayNotes.map(dayNoteProblem)).toEqual(clinic.dayNotes.map(() => undefined))
    const [first, second, ...rest] = clinic.dayNotes.filter((note) => standsOn(note, today))
    expect([first?.doctorId, second?.doctorId, rest]).toEqual([null, clinic.doctors[0]?.id, []])
  })

  test('a holiday lies ahead in the weeks that are shown, and nobody is booked on it', () => {
    const [holiday] = clinic.closures
    const { fromDay } = holiday ?? { fromDay: '' }
    expect(fromDay > today && fromDay <= addDays(today, 14)).toBe(true)
    expect(clinic.schedules.filter(({ closureId }) => closureId === holiday?.id)).toHaveLength(12)
    expect(clinic.appointments.filter(({ localDay }) => localDay === fromDay)).toEqual([])
  })

  test('twelve doctors in six specializations and two thousand patients in many scripts', () => {
    expect(clinic.doctors).toHaveLength(12)
    expect(new Set(clinic.doctors.map(({ specialization }) => specialization)).size).toBe(6)
    expect(clinic.patients).toHaveLength(2_000)
    // One Japanese name in eight is written in Hiragana, too few to be in every clinic of two thousand.
    for (const script of ['Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Devanagari', 'Han', 'Hangul']) {
      const shape = new RegExp(`\\p{Script=${script}}`, 'u')
      expect(clinic.patients.filter(({ name }) => shape.test(name)).length, script).toBeGreaterThan(1)
    }
    expect(clinic.patients.filter(({ name }) => /[À-žẠ-ỹ]/.test(name)).length).toBeGreaterThan(200)
    expect(clinic.patients.every(({ birthDate }) => birthDate !== null && birthDate < today)).toBe(true)
  })

  test('no doctor and no patient has two visits at once, cancelled ones aside', () => {
    const held = clinic.appointments.filter(({ status }) => status !== 'cancelled' && status !== 'unplaced')
    // A class is one visit of its doctor, however many patients come.
    const sessions = [...new Map(held.map((visit) => [sessionOf(visit, capacityOf(visit.typeId)), visit])).values()]
    for (const visits of groupBy(sessions, ({ doctorId }) => doctorId)) expect(pairsThatOverlap(visits)).toBe(0)
    const inRooms = sessions.filter(({ roomId }) => roomId !== null)
    for (const visits of groupBy(inRooms, ({ roomId }) => String(roomId))) expect(pairsThatOverlap(visits)).toBe(0)
    for (const visits of groupBy(held, ({ patientId }) => patientId)) expect(pairsThatOverlap(visits)).toBe(0)
  })

  test('every visit lies inside its doctor’s hours, lasts as long as its type says and knows its local day', () => {
    const types = new Map(clinic.appointmentTypes.map((type) => [type.id, type]))
    const mine = <Row extends { doctorId: string }>(rows: readonly Row[], doctorId: string): Row[] =>
      rows.filter((row) => row.doctorId === doctorId)
    for (const visits of groupBy(clinic.appointments, ({ doctorId, localDay }) => doctorId + localDay)) {
      const { doctorId, localDay } = visits[0] as (typeof visits)[number]
      const hours = workingHours({
        day: localDay,
        templates: mine(clinic.templates, doctorId),
        schedules: mine(clinic.schedules, doctorId),
      })
      for (const visit of visits) {
        expect(isInsideHours(visit, hours)).toBe(true)
        const type = types.get(visit.typeId)
        expect(visit.end - visit.start).toBe(minutes(type?.durationMinutes ?? 0))
        expect(type?.doctorIds).toContain(visit.doctorId)
        expect(toLocal(visit.start, visit.zone)).toMatchObject({ day: visit.localDay, time: visit.localStart })
      }
    }
  })

  test('statuses fit the time of day: nobody is finished ahead of time or still expected after the day', () => {
    for (const visit of clinic.appointments) {
      const { status, end, arrivedAt, startedAt, finishedAt, createdAt, updatedAt } = visit
      expect(createdAt <= now && updatedAt <= now && createdAt <= updatedAt, status).toBe(true)
      for (const moment of [arrivedAt, startedAt, finishedAt]) expect(moment === null || moment <= now).toBe(true)
      if (status === 'fulfilled') {
        expect(end <= now && arrivedAt !== null && startedAt !== null && finishedAt !== null).toBe(true)
        expect((arrivedAt ?? 0) < (startedAt ?? 0) && (startedAt ?? 0) <= (finishedAt ?? 0)).toBe(true)
      }
      if (status === 'noshow') expect(end).toBeLessThanOrEqual(now)
      if (status === 'arrived') expect(arrivedAt !== null && end > now && visit.localDay === today).toBe(true)
      if (status === 'pending' || status === 'confirmed') expect(end).toBeGreaterThan(now)
      if (status === 'unplaced') expect(visit.unplaced).not.toBeNull()
    }
  })

  test('a doctor’s full day up to today has about 22 visits, never more than 28, and all twelve work today', () => {
    const held = clinic.appointments.filter(({ status }) => status !== 'cancelled' && status !== 'unplaced')
    const days = groupBy(
      held.filter(({ localDay }) => localDay <= today),
      ({ doctorId, localDay }) => doctorId + localDay,
    )
    const short = new Set(clinic.schedules.map(({ doctorId, date }) => doctorId + date))
    const counts = days
      .filter(([visit]) => visit && !short.has(visit.doctorId + visit.localDay))
      .map((visits) => visits.length)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(14)
    expect(Math.max(...counts)).toBeLessThanOrEqual(28)
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    expect(mean > 20 && mean < 26).toBe(true)
    expect(days.filter(([visit]) => visit?.localDay === today)).toHaveLength(12)
    expect(new Set(held.map(({ localDay }) => localDay)).size).toBeGreaterThan(24)
    expect(held.every(({ localDay }) => localDay >= addDays(today, -21) && localDay <= addDays(today, 14))).toBe(true)
  })
})

test('during the day the board shows every state', () => {
  const { appointments } = demoClinic({ now: WEDNESDAY_MORNING })
  const today = appointments.filter(({ localDay }) => localDay === '2026-10-14')
  const count = (status: string): number => today.filter((visit) => visit.status === status).length
  for (const status of ['pending', 'confirmed', 'arrived', 'fulfilled', 'noshow', 'cancelled']) {
    expect(count(status), status).toBeGreaterThan(0)
  }
  const arrived = today.filter(({ status }) => status === 'arrived')
  expect(arrived.filter(({ startedAt }) => startedAt !== null).length).toBeGreaterThan(4)
  expect(arrived.filter(({ startedAt }) => startedAt === null).length).toBeGreaterThan(1)
  expect(appointments.filter(({ status }) => status === 'unplaced')).toHaveLength(2)
})
