import { expect, test } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import { DAY_LIST_COLUMNS, type DayListLabels, type DayListSource, dayListCsv } from '#domain/report/day-list-csv.ts'

const weiss = 'doctor-weiss' as DoctorId
const nowak = 'doctor-nowak' as DoctorId
const ines = 'patient-ines' as PatientId
const check = 'type-check' as AppointmentTypeId

const labels: DayListLabels = {
  columns: Object.fromEntries(DAY_LIST_COLUMNS.map((column) => [column, column])) as DayListLabels['columns'],
  statuses: {
    pending: 'Pending',
    confirmed: 'Confirmed',
    arrived: 'Arrived',
    fulfilled: 'Done',
    noshow: 'No-show',
    cancelled: 'Cancelled',
    unplaced: 'Needs a time',
  },
}

const source = (appointments: readonly Appointment[]): DayListSource => ({
  day: '2026-03-29',
  appointments,
  doctors: new Map([
    [nowak, { name: 'Dr Nowak', position: 1 }],
    [weiss, { name: 'Dr Weiss', position: 2 }],
  ]),
  patients: new Map([[ines, { name: '=Carvalho, Ines', birthDate: '1980-12-09', phone: '+351 1' }]]),
  types: new Map([[check, { name: 'Check-up' }]]),
})

const appointment = (id: string, doctorId: DoctorId, start: string, more: Partial<Appointment> = {}): Appointment =>
  ({
    id,
    doctorId,
    patientId: ines,
    typeId: check,
    start: Date.parse(start),
    end: Date.parse(start) + 30 * 60_000,
    zone: 'Europe/London',
    localDay: '2026-03-29',
    localStart: '00:45',
    status: 'confirmed',
    reason: '',
    ...more,
  }) as Appointment

const lines = (text: string): string[] => text.slice(1).trimEnd().split('\r\n')

test('rows come by start, then by the doctors order on the board', () => {
  const csv = dayListCsv(
    source([
      appointment('c', weiss, '2026-03-29T09:00Z', { localStart: '10:00' }),
      appointment('b', nowak, '2026-03-29T09:00Z', { localStart: '10:00' }),
      appointment('a', weiss, '2026-03-29T08:00Z', { localStart: '09:00' }),
    ]),
    labels,
  )
  expect(lines(csv).map((line) => line.split(',').slice(1, 4).join(' '))).toEqual([
    'start end doctor',
    '09:00 09:30 Dr Weiss',
    '10:00 10:30 Dr Nowak',
    '10:00 10:30 Dr Weiss',
  ])
})

test('an end is wall time of its own zone, across the skipped hour of 29 March 2026 in London', () => {
  const csv = dayListCsv(source([appointment('a', nowak, '2026-03-29T00:45Z')]), labels)
  expect(lines(csv)[1]).toContain('2026-03-29,00:45,02:15,')
})

test('other days are left out and unknown people stay empty', () => {
  const csv = dayListCsv(
    source([
      appointment('a', nowak, '2026-03-30T09:00Z', { localDay: '2026-03-30' }),
      appointment('b', nowak, '2026-03-29T09:00Z', { patientId: 'nobody' as PatientId, status: 'unplaced' }),
    ]),
    labels,
  )
  expect(lines(csv)).toHaveLength(2)
  expect(lines(csv)[1]).toBe('2026-03-29,00:45,10:30,Dr Nowak,,,,Check-up,Needs a time,')
})

test('names and numbers of patients cannot become formulas', () => {
  const csv = dayListCsv(source([appointment('a', nowak, '2026-03-29T09:00Z', { reason: '@cmd' })]), labels)
  expect(lines(csv)[1]).toBe(
    `2026-03-29,00:45,10:30,Dr Nowak,"'=Carvalho, Ines",1980-12-09,'+351 1,Check-up,Confirmed,'@cmd`,
  )
})
