import { can } from '#domain/access/can.ts'
import type { HoldId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { deleteHold, findHold, lockLiveHolds } from '#server/repositories/holds.ts'
import { tellOfHolds } from './tell-of-holds.ts'
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
  if (!isOwn) return
  await deleteHold(tx, clinicId, id)
  tellOfHolds(ctx, hold.doctorId)
}

/**
 * A booking that comes by replication, or in a series, names no hold: its author's own one for exactly this visit is meant, also
 * where it was taken before the patient was chosen.
 */
export async function redeemOwnHold(
  ctx: WriteContext,
  { doctorId, typeId, patientId, start }: WireDocument<'appointments'>,
): Promise<void> {
  const { tx, clinicId, subject, now } = ctx
  if (subject === null) return
  const live = await ctx.readUntilWritten('holds', 'live', () => lockLiveHolds(tx, clinicId, now))
  const own = live.find(
    (hold) =>
      hold.userId === subject.userId &&
      hold.waitlistEntryId === null &&
      (hold.patientId === patientId || hold.patientId === null) &&
      hold.doctorId === doctorId &&
      hold.typeId === typeId &&
      hold.start === start,
  )
  if (!own) return
  await deleteHold(tx, clinicId, own.id)
  tellOfHolds(ctx, doctorId)
}
