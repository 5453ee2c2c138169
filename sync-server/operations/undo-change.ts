import type { Subject } from '#domain/access/can.ts'
import type { UndoBody } from '#domain/api/appointment-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { findRevision } from '#server/repositories/appointment-revisions.ts'
import type { BookingAnswer } from './booking-answer.ts'
import { type BookingDeps, changeAppointment, type WantedChange } from './change-appointment.ts'
import type { KeyedRequest } from './idempotency.ts'
import type { WithSeen } from './seen-revision.ts'
import type { WriteContext } from './write-context.ts'

type Appointment = WireDocument<'appointments'>

/**
 * Takes the last change of an appointment back: as a change of its own, by the same rules and permissions, so that a time given
 * up is claimed anew and may be gone. To take a booking back is to cancel it: its row stays.
 */
export function undoChange(
  deps: BookingDeps,
  subject: Subject,
  id: AppointmentId,
  { revision }: WithSeen<UndoBody>,
  keyed?: KeyedRequest,
): Promise<BookingAnswer> {
  return changeAppointment(deps, subject, {
    id,
    revision,
    permission: 'view-appointments',
    keyed,
    change: (current, ctx) => asBefore(ctx, current),
  })
}

async function asBefore({ tx }: WriteContext, current: Appointment): Promise<WantedChange> {
  if (current.revision === 1) return { ...current, status: 'cancelled', cancelReason: '' }
  const before = await findRevision(tx, current.id, current.revision - 1)
  if (!before) return { rejection: { reason: 'gone' } }
  const { doctorId, typeId, locationId, roomId, overbookReason, start, end, status } = before.visit
  const { reason, note, cancelReason, arrivedAt, startedAt, finishedAt, ageAtVisit } = before.visit
  const place = { doctorId, typeId, locationId, roomId, overbookReason, start, end, status }
  return { ...current, ...place, reason, note, cancelReason, arrivedAt, startedAt, finishedAt, ageAtVisit }
}
