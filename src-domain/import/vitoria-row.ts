/** One row of the data set "Medical Appointment No Shows", from text to values. */
import { isLocalDay, type LocalDay, type LocalTime } from '#domain/time/clinic-time.ts'
import type { ImportProblem, ImportProblemReason, ImportRow } from './import-plan.ts'

export const VITORIA_COLUMNS = [
  'PatientId',
  'AppointmentID',
  'Gender',
  'ScheduledDay',
  'AppointmentDay',
  'Age',
  'Neighbourhood',
  'No-show',
] as const
type Column = (typeof VITORIA_COLUMNS)[number]

export type VitoriaVisit = {
  readonly line: number
  readonly appointmentKey: string
  readonly patientId: string
  /** Rounded id, gender, age, neighbourhood: together they tell patients apart. */
  readonly patientKey: readonly [string, string, number, string]
  readonly gender: 'female' | 'male'
  readonly age: number
  readonly neighbourhood: string
  readonly day: LocalDay
  readonly bookedDay: LocalDay
  readonly bookedTime: LocalTime
  readonly bookedSeconds: number
  readonly status: 'fulfilled' | 'noshow'
}

type Parsed =
  | { readonly ok: true; readonly visit: VitoriaVisit }
  | { readonly ok: false; readonly problem: ImportProblem }

const OLDEST = 120
const GENDERS = new Map<string, 'female' | 'male'>([
  ['F', 'female'],
  ['M', 'male'],
])
const STATUSES = new Map<string, 'fulfilled' | 'noshow'>([
  ['No', 'fulfilled'],
  ['Yes', 'noshow'],
])
const WALL_TIME = /^(\d{4}-\d{2}-\d{2})T(([01]\d|2[0-3]):[0-5]\d):([0-5]\d)Z?$/

/** The visit of a row, or its first problem in the order of the columns. */
export function parseVitoriaRow({ line, values }: ImportRow): Parsed {
  const bad = (field: Column, reason: ImportProblemReason): Parsed => ({ ok: false, problem: { line, field, reason } })
  const text = (field: Column): string => (values[field] ?? '').trim()

  const missing = VITORIA_COLUMNS.find((field) => values[field] === undefined)
  if (missing) return bad(missing, 'missing-column')
  const empty = VITORIA_COLUMNS.find((field) => text(field) === '')
  if (empty) return bad(empty, 'empty')

  const gender = GENDERS.get(text('Gender'))
  if (!gender) return bad('Gender', 'unknown-word')
  const booked = WALL_TIME.exec(text('ScheduledDay'))
  const [, bookedDay = '', bookedTime = '', , bookedSeconds = '0'] = booked ?? []
  if (!booked || !isLocalDay(bookedDay)) return bad('ScheduledDay', 'not-a-time')
  const [day = ''] = text('AppointmentDay').split('T')
  if (!isLocalDay(day)) return bad('AppointmentDay', 'not-a-day')
  if (bookedDay > day) return bad('ScheduledDay', 'booked-after-the-visit')
  if (!/^-?\d+$/.test(text('Age'))) return bad('Age', 'not-a-whole-number')
  const age = Number(text('Age'))
  if (age < 0 || age > OLDEST) return bad('Age', 'out-of-range')
  const neighbourhood = text('Neighbourhood')
  if (neighbourhood.length > 100) return bad('Neighbourhood', 'out-of-range')
  const patientId = text('PatientId')
  if (patientId.length > 100) return bad('PatientId', 'out-of-range')
  const status = STATUSES.get(text('No-show'))
  if (!status) return bad('No-show', 'unknown-word')

  return {
    ok: true,
    visit: {
      line,
      appointmentKey: text('AppointmentID'),
      patientId,
      patientKey: [patientId, gender, age, neighbourhood],
      gender,
      age,
      neighbourhood,
      day,
      bookedDay,
      bookedTime,
      bookedSeconds: Number(bookedSeconds),
      status,
    },
  }
}
