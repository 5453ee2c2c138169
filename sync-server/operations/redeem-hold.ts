import { can } from '#domain/access/can.ts'
import type { HoldId } from '#domain/ids.ts'
import { deleteHold, findHold } from '#server/repositories/holds.ts'
import type { WriteContext } from './write-context.ts'

/**
 * Takes a hold out of the way of the booking that names it: its author's, or one kept for the patient who books; the desk
 * redeems any. Where there is nothing to redeem, the booking is judged like any other. The row goes in the booking's
 * transaction, so a booking that is refused leaves it.
 */
export async function redeemHold(ctx: WriteContext, id: HoldId | undefined): Promise<void> {
  if (id === undefined) return
  const { tx, clinicId, subject } = ctx
  const hold = await findHold(tx, clinicId, id)
  if (!hold) return
  const isOwn =
    subject === null ||
    hold.userId === subject.userId ||
    (hold.patientId !== null && subject.patientIds.includes(hold.patientId)) ||
    can(subject, 'book-appointment', { clinicId })
  if (isOwn) await deleteHold(tx, clinicId, id)
}
