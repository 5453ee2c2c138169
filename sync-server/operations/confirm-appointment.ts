import type { Subject } from '#domain/access/can.ts'
import type { ConfirmBody } from '#domain/api/appointment-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { BookingAnswer } from './booking-answer.ts'
import { type BookingDeps, changeAppointment } from './change-appointment.ts'
import type { KeyedRequest } from './idempotency.ts'
import type { WithSeen } from './seen-revision.ts'

/** Confirms a pending appointment. */
export function confirmAppointment(
  deps: BookingDeps,
  subject: Subject,
  id: AppointmentId,
  { revision }: WithSeen<ConfirmBody>,
  keyed?: KeyedRequest,
): Promise<BookingAnswer> {
  return changeAppointment(deps, subject, {
    id,
    revision,
    permission: 'confirm-appointment',
    keyed,
    change: (current) => ({ ...current, status: 'confirmed' }),
  })
}
