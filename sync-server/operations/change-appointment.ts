/** What the operations on one existing appointment share: finding it as the author sees it, and what the author last saw of it. */
import { can, type Subject } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { AppointmentId, HoldId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { applyAppointmentChange } from './apply-appointment-change.ts'
import { asOutcome, type BookingAnswer, noteRead, refused } from './booking-answer.ts'
import type { ClinicWriter } from './clinic-writer.ts'
import { type KeyedRequest, onceByKey } from './idempotency.ts'
import { lockDocument } from './save-document.ts'
import { type SeenRevision, wasSeen } from './seen-revision.ts'
import type { Door, WriteContext } from './write-context.ts'

type Appointment = WireDocument<'appointments'>

export type BookingDeps = { readonly writer: ClinicWriter }
/** Doors whose client says which revision it saw. */
export type DirectDoor = Extract<Door, 'rest' | 'fhir'>

export type WantedChange = Appointment | { readonly rejection: Rejection }

export type ChangeRequest = {
  readonly id: AppointmentId
  /** The revision the author saw: a change of something else in between is theirs to look at first. */
  readonly revision: SeenRevision
  /** What a repeat of the request must still be allowed to do. */
  readonly permission: Permission
  /** The appointment as the author wants it, or why that cannot be had. */
  readonly change: (current: Appointment, ctx: WriteContext) => WantedChange | Promise<WantedChange>
  readonly keyed?: KeyedRequest | undefined
  /** The hold that kept the wanted time free. */
  readonly holdId?: HoldId | undefined
  /** `rest` where nothing else is said. */
  readonly door?: DirectDoor
}

/** Changes one appointment. What the author may not see is `not-found`, whatever it is. */
export function changeAppointment(deps: BookingDeps, subject: Subject, request: ChangeRequest): Promise<BookingAnswer> {
  const { id, revision, permission, change, keyed, door = 'rest', holdId } = request
  return deps.writer.submit<BookingAnswer>(subject.clinicId, 'interactive', {
    subject,
    door,
    run: (ctx) =>
      onceByKey(ctx, keyed, permission, async () => {
        const current = await lockDocument(ctx, 'appointments', id)
        if (!current || !can(subject, 'view-appointments', current)) return asOutcome(refused({ reason: 'not-found' }))
        if (!wasSeen(revision, current.revision))
          return asOutcome(refused({ reason: 'stale-revision', field: 'revision' }, current))
        const wanted = await change(current, ctx)
        if ('rejection' in wanted) return asOutcome(refused(wanted.rejection, current))
        const outcome = await applyAppointmentChange(ctx, subject, { current, wanted, door, holdId })
        if (outcome.value.ok && outcome.value.appointment.revision === current.revision) noteRead(ctx, current)
        return outcome
      }),
  })
}
