/** Random documents and edits for property tests: values are few, so that two edits meet often. */
import fc from 'fast-check'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { anAppointment, aPatient, NINE_O_CLOCK, testId } from './builders.ts'

const words = fc
  .array(fc.constantFrom('allergic', 'late', 'wheelchair', ''), { maxLength: 3 })
  .map((all) => all.join('\n'))
const instant = fc.integer({ min: 0, max: 3 }).map((quarter) => NINE_O_CLOCK + quarter * 900_000)
const progress = fc.option(instant, { nil: null })

/** An edit a person can make: some fields, new values. */
export const appointmentEdit: fc.Arbitrary<Partial<Appointment>> = fc.record(
  {
    status: fc.constantFrom(...APPOINTMENT_STATUSES),
    start: instant,
    doctorId: fc.constantFrom(testId('Doctor', 1), testId('Doctor', 2)),
    roomId: fc.constantFrom(null, testId('Room', 1), testId('Room', 2)),
    overbookReason: fc.constantFrom('', 'in pain'),
    note: words,
    reason: words,
    cancelReason: words,
    arrivedAt: progress,
    startedAt: progress,
    finishedAt: progress,
  },
  { requiredKeys: [] },
)

export const patientEdit: fc.Arbitrary<Partial<Patient>> = fc.record(
  {
    name: fc.constantFrom('Ada', 'Bea', 'Cem'),
    phone: fc.constantFrom('', '1', '2'),
    note: words,
    alerts: fc.uniqueArray(fc.constantFrom('fall risk', 'penicillin', 'interpreter')),
  },
  { requiredKeys: [] },
)

/** What the server adds to a change it stores. */
export const serverFields = fc.record({
  revision: fc.integer({ min: 1, max: 3 }),
  updatedAt: instant,
  localStart: fc.constantFrom('09:00', '09:15'),
})

export const wireAppointment = (part: Partial<Appointment> = {}): WireDocument<'appointments'> => ({
  ...anAppointment(part),
  _deleted: false,
})

export const wirePatient = (part: Partial<Patient> = {}): WireDocument<'patients'> => ({
  ...aPatient(part),
  _deleted: false,
})
