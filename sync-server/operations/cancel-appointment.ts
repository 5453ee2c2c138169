import type { Subject } from '#domain/access/can.ts'
import type { CancelBody } from '#domain/api/appointment-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { BookingAnswer } from './booking-answer.ts'
import { type BookingDeps, changeAppointment } from './change-appointment.ts'
import type { KeyedRequest } from './idempotency.ts'
import type { WithSeen } from './seen-revision.ts'

/** Calls an appointment off; its time is free again at once. */
export function cancelAppointment(
  deps: BookingDeps,
  subject: Subject,
  id: AppointmentId,
  { reason, revision }: WithSeen<CancelBody>,
  keyed?: KeyedRequest,
): Promise<BookingAnswer> {
  return changeAppointment(deps, subject, {
    id,
    revision,
    permission: 'cancel-appointment',
    keyed,
    change: (current) => ({ ...current, status: 'cancelled', cancelReason: reason }),
  })
}
