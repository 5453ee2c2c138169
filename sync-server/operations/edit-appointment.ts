import type { Subject } from '#domain/access/can.ts'
import type { EditBody } from '#domain/api/appointment-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { BookingAnswer } from './booking-answer.ts'
import { type BookingDeps, changeAppointment } from './change-appointment.ts'
import type { KeyedRequest } from './idempotency.ts'
import type { WithSeen } from './seen-revision.ts'

/** Changes what is noted about a visit, or its room; its time, people and status have operations of their own. */
export function editAppointment(
  deps: BookingDeps,
  subject: Subject,
  id: AppointmentId,
  { reason, note, roomId, revision }: WithSeen<EditBody>,
  keyed?: KeyedRequest,
): Promise<BookingAnswer> {
  return changeAppointment(deps, subject, {
    id,
    revision,
    permission: 'edit-appointment',
    keyed,
    change: (current) => ({
      ...current,
      reason: reason ?? current.reason,
      note: note ?? current.note,
      roomId: roomId === undefined ? current.roomId : roomId,
    }),
  })
}
