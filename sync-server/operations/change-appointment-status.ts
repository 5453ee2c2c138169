import type { Subject } from '#domain/access/can.ts'
import { type AppointmentStatus, findStep } from '#domain/appointment/appointment-status.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { BookingAnswer } from './booking-answer.ts'
import { type BookingDeps, changeAppointment } from './change-appointment.ts'
import type { KeyedRequest } from './idempotency.ts'

/**
 * Takes an appointment one step along its life or one step back: arrived, fulfilled, missed, and their undo. Which steps there
 * are, and what they need, is the transition table's.
 */
export function changeAppointmentStatus(
  deps: BookingDeps,
  subject: Subject,
  id: AppointmentId,
  { status, revision }: { readonly status: AppointmentStatus; readonly revision: number },
  keyed?: KeyedRequest,
): Promise<BookingAnswer> {
  return changeAppointment(deps, subject, {
    id,
    revision,
    permission: findStep('confirmed', status)?.permission ?? 'check-in-patient',
    keyed,
    change: (current) => ({ ...current, status }),
  })
}
