import type { Subject } from '#domain/access/can.ts'
import type { StatusBody, VisitStep } from '#domain/api/appointment-api.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { BookingAnswer } from './booking-answer.ts'
import { type BookingDeps, changeAppointment } from './change-appointment.ts'
import type { KeyedRequest } from './idempotency.ts'
import type { WithSeen } from './seen-revision.ts'

type Appointment = WireDocument<'appointments'>
type Deps = BookingDeps & { readonly now: () => Instant }

/** Takes a visit one step on, or its last step back. Which steps there are is the transition table's; these are its words. */
export function followVisit(
  deps: Deps,
  subject: Subject,
  id: AppointmentId,
  { step, revision }: WithSeen<StatusBody>,
  keyed?: KeyedRequest,
): Promise<BookingAnswer> {
  return changeAppointment(deps, subject, {
    id,
    revision,
    permission: 'check-in-patient',
    keyed,
    change: (current) => STEPS[step](current, deps.now()) ?? JUMP,
  })
}

const JUMP = { rejection: { reason: 'status-jump', field: 'status' } } as const

const STEPS: { readonly [Step in VisitStep]: (current: Appointment, now: Instant) => Appointment | undefined } = {
  arrive: (current) => ({ ...current, status: 'arrived' }),
  start: (current, now) => (current.status === 'arrived' ? { ...current, startedAt: now } : undefined),
  finish: (current) => ({ ...current, status: 'fulfilled' }),
  'no-show': (current) => ({ ...current, status: 'noshow' }),
  reopen: (current) => {
    const status = REOPENED[current.status]
    return status && { ...current, status }
  },
}

/** What a status goes back to. Somebody who was expected is expected again, and need not confirm a second time. */
const REOPENED: Partial<Record<AppointmentStatus, AppointmentStatus>> = {
  fulfilled: 'arrived',
  arrived: 'confirmed',
  noshow: 'confirmed',
  cancelled: 'confirmed',
}
