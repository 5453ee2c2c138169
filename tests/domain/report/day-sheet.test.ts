import { expect, test } from 'vitest'
import { type DaySheetSource, type DaySheetWords, daySheet } from '#domain/report/day-sheet.ts'
import { minutes } from '#domain/time/instant.ts'
import { aDoctor, anAppointment, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'

const weiss = aDoctor({ id: testId('Doctor', 1), name: 'Dr Weiss', position: 2 })
const okafor = aDoctor({ id: testId('Doctor', 2), name: 'Dr Okafor', position: 1 })
const room = testId('Room', 1)

const source = (part: Partial<DaySheetSource> = {}): DaySheetSource => ({
  day: '2026-10-14',
  appointments: [anAppointment()],
  doctors: new Map([weiss, okafor].map((doctor) => [doctor.id, doctor])),
  patients: new Map([[testId('Patient'), { name: 'Łucja Żak', birthDate: '1980-12-09', phone: '' }]]),
  types: new Map([[anAppointment().typeId, { name: 'Check-up' }]]),
  rooms: new Map([[room, { name: 'Room 3' }]]),
  ...part,
})

const words: DaySheetWords = {
  title: 'Day sheet',
  clinicName: 'Lindenhof',
  asOf: 'As of now',
  columns: {
    time: 'Time',
    patient: 'Patient',
    birthDate: 'Birth date',
    type: 'Visit type',
    status: 'Status',
    room: 'Room',
    note: 'Note',
    arrival: 'Arrived',
  },
  status: ({ status }) => `[${status}]`,
  birthDate: (day) => day,
  heading: (doctor, visits) => `${doctor || 'Unknown'}: ${visits}`,
}

const visit = (number: number, doctorId = weiss.id, startMinutes = 0) =>
  anAppointment({ id: testId('Appointment', number), doctorId, start: NINE_O_CLOCK + minutes(startMinutes) })

test('a visit is a row with its time, patient, type, status in words and arrival', () => {
  const arrived = anAppointment({ status: 'arrived', arrivedAt: NINE_O_CLOCK - minutes(7) })
  const { title, clinicName, asOf, columns, sections } = daySheet(source({ appointments: [arrived] }), words)
  expect({ title, clinicName, asOf }).toEqual({ title: 'Day sheet', clinicName: 'Lindenhof', asOf: 'As of now' })
  expect(columns.map(({ label }) => label)).toEqual([
    'Time',
    'Patient',
    'Birth date',
    'Visit type',
    'Status',
    'Arrived',
  ])
  expect(sections).toEqual([
    {
      heading: 'Dr Weiss: 1',
      rows: [['09:00–09:15', 'Łucja Żak', '1980-12-09', 'Check-up', '[arrived]', '08:53']],
    },
  ])
})

test('doctors stand in the order of the board, their visits by start; who has none is left out', () => {
  const appointments = [visit(1, weiss.id, 30), visit(2, okafor.id, 60), visit(3, weiss.id), visit(4, okafor.id, 15)]
  const { sections } = daySheet(source({ appointments }), words)
  expect(sections.map(({ heading, rows }) => [heading, ...rows.map(([time]) => time)])).toEqual([
    ['Dr Okafor: 2', '09:15–09:30', '10:00–10:15'],
    ['Dr Weiss: 2', '09:00–09:15', '09:30–09:45'],
  ])
  expect(daySheet(source({ appointments: [visit(1)] }), words).sections).toHaveLength(1)
})

test('every status is on it, and no other day is', () => {
  const appointments = [
    { ...visit(1), status: 'cancelled' as const },
    { ...visit(2, weiss.id, 15), status: 'noshow' as const },
    visit(3, weiss.id, 24 * 60),
  ]
  const rows = daySheet(source({ appointments }), words).sections.flatMap((section) => section.rows)
  expect(rows.map((row) => row[4])).toEqual(['[cancelled]', '[noshow]'])
})

test('room and note have a column as soon as one visit has them; a long note is cut', () => {
  const appointments = [
    { ...visit(1), roomId: room, reason: 'Cough' },
    { ...visit(2, weiss.id, 15), reason: 'Knee', note: 'n'.repeat(4000) },
  ]
  const { columns, sections } = daySheet(source({ appointments }), words)
  expect(columns.map(({ key }) => key)).toEqual([
    'time',
    'patient',
    'birthDate',
    'type',
    'status',
    'room',
    'note',
    'arrival',
  ])
  const cells = sections[0]?.rows.map((row) => [row[5], row[6]])
  expect(cells).toEqual([
    ['Room 3', 'Cough'],
    ['', `Knee · ${'n'.repeat(152)}…`],
  ])
})

test('a doctor or a patient who is not on this computer leaves the row in place', () => {
  const { sections } = daySheet(source({ doctors: new Map(), patients: new Map() }), words)
  expect(sections).toEqual([{ heading: 'Unknown: 1', rows: [['09:00–09:15', '', '', 'Check-up', '[confirmed]', '']] }])
})

test('a day without visits has a title and no table', () => {
  expect(daySheet(source({ appointments: [] }), words)).toMatchObject({ title: 'Day sheet', sections: [] })
})
