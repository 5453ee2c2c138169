import { can, type Subject } from '#domain/access/can.ts'
import type { HoldId } from '#domain/ids.ts'
import { deleteHold, findHold } from '#server/repositories/holds.ts'
import type { BookingDeps } from './change-appointment.ts'
import { tellOfHolds } from './tell-of-holds.ts'

/** Gives a held time free: one's own, or any by whoever books for the clinic. False when there is none such. */
export function releaseHold({ writer }: BookingDeps, subject: Subject, id: HoldId): Promise<boolean> {
  const { clinicId } = subject
  return writer.submit<boolean>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const { tx } = ctx
      const hold = await findHold(tx, clinicId, id)
      const isOwn = hold?.userId === subject.userId || can(subject, 'book-appointment', { clinicId })
      if (!hold || !isOwn) return { ok: false, value: false }
      tellOfHolds(ctx, hold.doctorId)
      return { ok: true, value: await deleteHold(tx, clinicId, id) }
    },
  })
}
