import type { Subject } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import type { BookingAnswer } from './booking-answer.ts'
import { typesOf } from './booking-references.ts'
import { type BookingDeps, changeAppointment } from './change-appointment.ts'
import type { WriteContext } from './write-context.ts'

/** The appointment as its author wants it to be. A time that is left out stays, an end follows from the start. */
export type Replacement = Pick<
  Appointment,
  'doctorId' | 'patientId' | 'typeId' | 'status' | 'reason' | 'note' | 'cancelReason'
> & { readonly start: Appointment['start'] | undefined; readonly end: Appointment['end'] | undefined }

/** Moves, confirms, follows, cancels or edits one appointment, whatever the replacement differs in: all of it or nothing. */
export function replaceAppointment(
  deps: BookingDeps,
  subject: Subject,
  id: AppointmentId,
  revision: number,
  { start: wantedStart, end: wantedEnd, ...rest }: Replacement,
): Promise<BookingAnswer> {
  return changeAppointment(deps, subject, {
    id,
    revision,
    permission: 'view-appointments',
    door: 'fhir',
    change: async (current, ctx) => {
      const start = wantedStart ?? current.start
      const end = wantedEnd ?? start + (await lengthOf(ctx, current, rest))
      return { ...current, ...rest, start, end }
    },
  })
}

/** A visit keeps its length while it keeps its type. */
async function lengthOf(ctx: WriteContext, current: Appointment, { typeId }: Pick<Replacement, 'typeId'>) {
  const type = typeId === current.typeId ? undefined : (await typesOf(ctx)).get(typeId)
  return type ? minutes(type.durationMinutes) : current.end - current.start
}
