import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { appointmentTypeSchema } from '#domain/appointment/appointment-schemas.ts'
import { dayFiller } from '#domain/import/day-filler.ts'
import type { ImportPlan, ImportRow } from '#domain/import/import-plan.ts'
import { IMPORT_MAPPINGS } from '#domain/import/mappings.ts'
import { vitoriaNoShow } from '#domain/import/vitoria-no-show.ts'
import { doctorSchema, patientSchema } from '#domain/people/people-schemas.ts'
import { scheduleSchema } from '#domain/schedule/schedule-schemas.ts'
import { isInsideHours, workingHours } from '#domain/schedule/working-hours.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const context = {
  clinicId: testId('Clinic'),
  hash: (text: string) => createHash('sha256').update(text).digest('hex'),
}
const plan = (rows: readonly ImportRow[]): ImportPlan => vitoriaNoShow.plan(rows, context)

/** An invented row; lines count from 2, below the header. */
const row = (index: number, values: Record<string, string> = {}): ImportRow => ({
  line: index + 2,
  values: {
    PatientId: '4.5E+12',
    AppointmentID: String(1_000 + index),
    Gender: 'F',
    ScheduledDay: '2016-04-27T09:15:30Z',
    AppointmentDay: '2016-04-29T00:00:00Z',
    Age: '40',
    Neighbourhood: 'MORRO INVENTADO',
    SMS_received: '0',
    'No-show': 'No',
    ...values,
  },
})
const rows = (count: number, valuesOf: (index: number) => Record<string, string> = () => ({})): ImportRow[] =>
  Array.from({ length: count }, (_, index) => row(index, { PatientId: String(index), ...valuesOf(index) }))
const startsOf = ({ appointments, doctors }: ImportPlan): string[] =>
  appointments.map(({ localStart, doctorId }) => `${doctors.findIndex(({ id }) => id === doctorId) + 1}/${localStart}`)

describe('the vitoria-no-show mapping', () => {
  test('is found by its name', () => {
    expect(IMPORT_MAPPINGS.get('vitoria-no-show')).toBe(vitoriaNoShow)
  })

  test('reads the day before the T and the booking time as wall clock of São Paulo', () => {
    const [visit] = plan([row(0)]).appointments
    // Three hours behind UTC in April 2016.
    expect(visit).toMatchObject({
      localDay: '2016-04-29',
      localStart: '08:00',
      zone: 'America/Sao_Paulo',
      start: Date.parse('2016-04-29T11:00:00Z'),
      end: Date.parse('2016-04-29T11:15:00Z'),
      createdAt: Date.parse('2016-04-27T12:15:30Z'),
      ageAtVisit: 40,
      status: 'fulfilled',
      line: 2,
    })
    expect(plan([row(0, { 'No-show': 'Yes' })]).appointments[0]?.status).toBe('noshow')
  })

  test('makes a neighbourhood a location with as many doctors as its visits need, filled in file order', () => {
    const made = plan([...rows(41), row(41, { Neighbourhood: 'OUTRO' })])
    expect(made.locations.map(({ name }) => name)).toEqual(['MORRO INVENTADO', 'OUTRO'])
    expect(made.doctors.map(({ name }) => name)).toEqual([
      'MORRO INVENTADO, doctor 1',
      'MORRO INVENTADO, doctor 2',
      'OUTRO, doctor 1',
    ])
    const starts = startsOf(made)
    expect(starts.slice(0, 3)).toEqual(['1/08:00', '1/08:15', '1/08:30'])
    expect(starts.slice(38)).toEqual(['1/17:30', '1/17:45', '2/08:00', '3/08:00'])
  })

  test('moves a row whose patient is taken to the next free slot and gives the slot it left to the next row', () => {
    const same = (index: number): Record<string, string> => (index === 40 ? { PatientId: '0' } : {})
    const starts = startsOf(plan(rows(42, same)))
    // Row 41 belongs to the patient of row 1, who is with doctor 1 at 08:00.
    expect(starts.slice(40)).toEqual(['2/08:15', '2/08:00'])
  })

  test('tells patients apart by rounded id, gender, age and neighbourhood', () => {
    const made = plan([
      row(0),
      row(1),
      row(2, { Gender: 'M' }),
      row(3, { Age: '41' }),
      row(4, { Neighbourhood: 'OUTRO' }),
    ])
    expect(made.patients).toHaveLength(4)
    expect(made.appointments[0]?.patientId).toBe(made.appointments[1]?.patientId)
    expect(made.patients[0]).toMatchObject({ name: 'Patient 4.5E+12', birthDate: null, gender: 'female' })
  })

  test('reports bad rows by line, column and reason, and takes the rest', () => {
    const bad: [Record<string, string>, string, string][] = [
      [{ PatientId: ' ' }, 'PatientId', 'empty'],
      [{ Gender: 'X' }, 'Gender', 'unknown-word'],
      [{ ScheduledDay: '27/04/2016' }, 'ScheduledDay', 'not-a-time'],
      [{ ScheduledDay: '2016-02-30T09:00:00Z' }, 'ScheduledDay', 'not-a-time'],
      [{ AppointmentDay: '2016-04-31T00:00:00Z' }, 'AppointmentDay', 'not-a-day'],
      [{ ScheduledDay: '2016-04-30T08:00:00Z' }, 'ScheduledDay', 'booked-after-the-visit'],
      [{ Age: '4.5' }, 'Age', 'not-a-whole-number'],
      [{ Age: '-1' }, 'Age', 'out-of-range'],
      [{ 'No-show': 'maybe' }, 'No-show', 'unknown-word'],
      [{ AppointmentID: '1000' }, 'AppointmentID', 'duplicate-row'],
    ]
    const made = plan([row(0), ...bad.map(([values], index) => row(index + 1, values)), row(99)])
    expect(made.problems).toEqual(bad.map(([, field, reason], index) => ({ line: index + 3, field, reason })))
    expect(made.appointments.map(({ line }) => line)).toEqual([2, 101])
    const { Age: _, ...withoutAge } = row(0).values
    expect(plan([{ line: 2, values: withoutAge }]).problems).toEqual([
      { line: 2, field: 'Age', reason: 'missing-column' },
    ])
  })

  test('a patient with more visits in a day than the day has times is reported, not dropped', () => {
    const made = plan(rows(41, () => ({ PatientId: 'one' })))
    expect(made.appointments).toHaveLength(40)
    expect(made.problems).toEqual([{ line: 42, field: 'AppointmentDay', reason: 'no-free-time-that-day' }])
  })

  test('the same rows make the same plan, in another clinic other ids', () => {
    expect(plan(rows(50))).toEqual(plan(rows(50)))
    const elsewhere = vitoriaNoShow.plan(rows(50), { ...context, clinicId: testId('Clinic', 2) })
    expect(elsewhere.appointments[0]?.id).not.toBe(plan(rows(50)).appointments[0]?.id)
  })

  test('documents satisfy their schemas', () => {
    const made = plan(rows(50))
    expect(made.doctors.every((document) => Check(doctorSchema, document))).toBe(true)
    expect(made.patients.every((document) => Check(patientSchema, document))).toBe(true)
    expect(made.schedules.every((document) => Check(scheduleSchema, document))).toBe(true)
    expect(made.appointmentTypes.every((document) => Check(appointmentTypeSchema, document))).toBe(true)
  })
})

test('filling a day never gives a doctor or a patient two visits at once, and leaves no earlier slot a row could use', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 12 }).map(String), { maxLength: 160 }), (patients) => {
      const filler = dayFiller('2016-04-29')
      const taken: { slot: string; time: string; patient: string; order: number }[] = []
      const orderOf = (doctor: number, time: string): number => doctor * 10_000 + Number(time.replace(':', ''))
      for (const patient of patients) {
        const mine = taken.filter((other) => other.patient === patient)
        const place = filler.place(patient)
        if (!place) {
          expect(mine).toHaveLength(40)
          continue
        }
        const slot = `${place.doctor} ${place.time}`
        const order = orderOf(place.doctor, place.time)
        expect(taken.some((other) => other.slot === slot)).toBe(false)
        expect(mine.some((other) => other.time === place.time)).toBe(false)
        for (let minute = 480; minute < 1_080; minute += 15) {
          const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
          for (let doctor = 0; doctor <= place.doctor; doctor += 1) {
            if (orderOf(doctor, time) >= order) continue
            const isTaken = taken.some((other) => other.slot === `${doctor} ${time}`)
            expect(isTaken || mine.some((other) => other.time === time)).toBe(true)
          }
        }
        taken.push({ slot, time: place.time, patient, order })
      }
    }),
    seeded(40),
  )
})

const sample = process.env.IMPORT_SAMPLE
describe.skipIf(!sample)('the real file named by IMPORT_SAMPLE', () => {
  const parsed = sample
    ? parse<{ info: { lines: number }; record: Record<string, string> }>(readFileSync(sample), {
        columns: true,
        info: true,
        bom: true,
      })
    : []
  const made = plan(parsed.map(({ info, record }) => ({ line: info.lines, values: record })))

  test('holds 2,999 visits, 588 missed and 2,411 kept, without a bad row', () => {
    expect(made.problems).toEqual([])
    expect(made.appointments).toHaveLength(2_999)
    expect(made.appointments.filter(({ status }) => status === 'noshow')).toHaveLength(588)
    expect(made.appointments.filter(({ status }) => status === 'fulfilled')).toHaveLength(2_411)
    expect(new Set(made.appointments.map(({ id }) => id)).size).toBe(2_999)
  })

  test('has a patient per rounded id, gender, age and neighbourhood, and a location per neighbourhood', () => {
    const keys = parsed.map(({ record }) =>
      [record.PatientId, record.Gender, record.Age, record.Neighbourhood].join('|'),
    )
    expect(made.patients).toHaveLength(new Set(keys).size)
    expect(made.locations).toHaveLength(new Set(parsed.map(({ record }) => record.Neighbourhood)).size)
  })

  test('no doctor and no patient has two visits at once, and every visit lies inside the hours made for it', () => {
    const taken = new Set<string>()
    for (const { doctorId, patientId, start } of made.appointments) {
      for (const key of [`${doctorId} ${start}`, `${patientId} ${start}`]) {
        expect(taken.has(key)).toBe(false)
        taken.add(key)
      }
    }
    for (const visit of made.appointments) {
      const schedules = made.schedules.filter(({ doctorId }) => doctorId === visit.doctorId)
      const hours = workingHours({ day: '2016-04-29', templates: [], schedules })
      expect(isInsideHours(visit, hours)).toBe(true)
      expect(toLocal(visit.start, visit.zone)).toMatchObject({ day: visit.localDay, time: visit.localStart })
    }
  })
})
