/** Who is let in, in words: what the tables of routes are written in. */
import { testId } from '#tests/support/builders.ts'
import type { Caller } from './callers.ts'

export type Cell = 'in' | 401 | 403
export type Row = {
  readonly route: string
  readonly cells: Readonly<Record<Caller, Cell>>
  /** The address asked for, where the route has parameters. */
  readonly path?: string
  readonly body?: unknown
}

export const public_ = row('in', 'in', 'in', 'in', 'in', 'in', 'in')
export const signedIn = row(401, 'in', 'in', 'in', 'in', 401, 'in')
/** Everybody for themselves, and no program for anybody. */
export const ownAccount = row(401, 'in', 'in', 'in', 'in', 401, 403)
/** A right that every shipped role has in some scope; operations judge the row. */
export const everyRole = row(401, 'in', 'in', 'in', 'in', 401, 403)
export const admin = row(401, 403, 403, 403, 'in', 401, 403)
/** Doctors for themselves, the administration for all. */
export const hours = row(401, 403, 'in', 403, 'in', 401, 403)
export const staff = row(401, 403, 'in', 'in', 'in', 401, 403)
/** The administration, and the program of the test, which may see reports. */
export const reporting = row(401, 403, 403, 403, 'in', 401, 'in')
export const desk = row(401, 403, 403, 'in', 'in', 401, 403)

export const NOBODY = testId('Appointment', 999)
export const at = (action: string) => `/api/v1/appointments/${NOBODY}${action}`
export const SOMEBODY = `/api/v1/patients/${testId('Patient', 999)}`
export const BOOKING = {
  doctorId: testId('Doctor', 1),
  patientId: testId('Patient', 1),
  typeId: testId('AppointmentType', 1),
  start: 0,
}

export const PREFERENCES = { email: true, sms: true, app: true, reminders: true, language: '' }
export const WORDS = '/api/v1/message-templates/booked/email/en'

export const SLOTS = `typeId=${BOOKING.typeId}&from=2026-10-14&to=2026-10-14`

export const HOLIDAY = { locationId: null, entries: [{ name: 'Founding day', from: '2027-02-03' }] }

/** Whoever was let in and no longer is (expired, ended, disabled) is a stranger. */
function row(
  anonymous: Cell,
  patient: Cell,
  doctor: Cell,
  receptionist: Cell,
  administrator: Cell,
  gone: Cell,
  token: Cell,
): Row['cells'] {
  return {
    anonymous,
    patient,
    doctor,
    receptionist,
    admin: administrator,
    expired: gone,
    ended: gone,
    disabled: gone,
    token,
  }
}
