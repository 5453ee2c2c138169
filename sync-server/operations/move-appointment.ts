import type { Subject } from '#domain/access/can.ts'
import type { MoveBody } from '#domain/api/appointment-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { BookingAnswer } from './booking-answer.ts'
import { type BookingDeps, changeAppointment } from './change-appointment.ts'
import type { KeyedRequest } from './idempotency.ts'
import type { WithSeen } from './seen-revision.ts'
import { toWantedStart } from './wanted-start.ts'

/** Gives an appointment another time, another doctor or both, with its length. An unplaced one becomes a pending booking. */
export function moveAppointment(
  deps: BookingDeps,
  subject: Subject,
  id: AppointmentId,
  { start: wanted, doctorId, roomId, holdId, overbookReason, revision }: WithSeen<MoveBody>,
  keyed?: KeyedRequest,
): Promise<BookingAnswer> {
  return changeAppointment(deps, subject, {
    id,
    revision,
    permission: 'move-appointment',
    keyed,
    holdId,
    change: async (current, ctx) => {
      const to = doctorId ?? current.doctorId
      const begin = await toWantedStart(ctx, wanted, to)
      if (!begin.ok) return begin
      return {
        ...current,
        doctorId: to,
        roomId: roomId ?? current.roomId,
        overbookReason: overbookReason ?? current.overbookReason,
        start: begin.start,
        end: begin.start + current.end - current.start,
        status: current.status === 'unplaced' ? 'pending' : current.status,
      }
    },
  })
}
