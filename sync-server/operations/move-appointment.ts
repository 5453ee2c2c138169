import type { Subject } from '#domain/access/can.ts'
import type { MoveBody } from '#domain/api/appointment-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { BookingAnswer } from './booking-answer.ts'
import { type BookingDeps, changeAppointment } from './change-appointment.ts'
import type { KeyedRequest } from './idempotency.ts'

/** Gives an appointment another time, another doctor or both, with its length. An unplaced one becomes a pending booking. */
export function moveAppointment(
  deps: BookingDeps,
  subject: Subject,
  id: AppointmentId,
  { start, doctorId, revision }: MoveBody,
  keyed?: KeyedRequest,
): Promise<BookingAnswer> {
  return changeAppointment(deps, subject, {
    id,
    revision,
    permission: 'move-appointment',
    keyed,
    change: (current) => ({
      ...current,
      doctorId: doctorId ?? current.doctorId,
      start,
      end: start + current.end - current.start,
      status: current.status === 'unplaced' ? 'pending' : current.status,
    }),
  })
}
