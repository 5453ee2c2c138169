/** Short ways to book in the fixture clinic. Day 0 is the builders' Wednesday, 14 October 2026. */
import type { ShippedRole } from '#domain/access/roles.ts'
import type { BookBody } from '#domain/api/appointment-api.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { addDays, toInstantChoosing } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { applyAppointmentChange } from '#server/operations/apply-appointment-change.ts'
import { bookAppointment } from '#server/operations/book-appointment.ts'
import type { BookingAnswer } from '#server/operations/booking-answer.ts'
import type { Door } from '#server/operations/write-context.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { anAppointment, TEST_ZONE, testId } from './builders.ts'
import { type Fixture, subjectOf } from './fixture-clinic.ts'

export type WireAppointment = WireDocument<'appointments'>

/** The instant of a London wall time, some days after the builders' Wednesday. */
export const at = (day: number, time = '09:00'): Instant =>
  toInstantChoosing(addDays('2026-10-14', day), time, TEST_ZONE, 'earlier')

export const aBooking = (part: Partial<BookBody> = {}): BookBody => ({
  doctorId: testId('Doctor', 1),
  patientId: testId('Patient', 2),
  typeId: testId('AppointmentType', 9),
  start: at(0),
  ...part,
})

/** Books over REST as somebody of the fixture clinic, the receptionist unless said otherwise. */
export const book = (fixture: Fixture, part: Partial<BookBody> = {}, role: ShippedRole = 'receptionist') =>
  bookAppointment(fixture, subjectOf(fixture.clinic, role), aBooking(part))

/** The appointment of an accepted answer; fails the test with the reason otherwise. */
export function placed(answer: BookingAnswer): WireAppointment {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.rejection)}`)
  return answer.appointment
}

/** The reason of a refusal; fails the test when the answer is none. */
export function reasonOf(answer: BookingAnswer): string {
  if (answer.ok) throw new Error(`accepted as ${answer.appointment.status}`)
  return answer.rejection.reason
}

/** Hands in a whole document through a door, as sync push and import do. */
export const apply = (
  fixture: Fixture,
  wanted: WireAppointment,
  { role = 'receptionist', door = 'sync' }: { role?: ShippedRole; door?: Door } = {},
): Promise<BookingAnswer> => {
  const subject = subjectOf(fixture.clinic, role)
  return fixture.writer.submit<BookingAnswer>(fixture.clinic.clinicId, 'interactive', {
    subject,
    door,
    run: async (ctx) => {
      const current = (await findDocument(ctx.tx, 'appointments', wanted.id)) ?? null
      return applyAppointmentChange(ctx, subject, { current, wanted, door })
    },
  })
}

let made = 0

/** A document as a client would push it for a new booking; its id is fresh. */
export function aPushed(part: Partial<WireAppointment> = {}): WireAppointment {
  made += 1
  const start = part.start ?? at(0)
  return {
    ...anAppointment({ start, end: start + 15 * 60_000, status: 'pending', patientId: testId('Patient', 2) }),
    id: testId('Appointment', 1_000_000 + made),
    revision: 0,
    _deleted: false,
    ...part,
  }
}

/** The stored document. */
export const stored = (fixture: Fixture, id: string): Promise<WireAppointment | undefined> =>
  fixture.database.read((tx) => findDocument(tx, 'appointments', id))
