/** What an offer from the waitlist comes to: the first who accepts is booked, the others wait again and are told. */
import type { Subject } from '#domain/access/can.ts'
import type { WaitlistOfferId } from '#domain/ids.ts'
import { loadSubjectRow } from '#server/repositories/access.ts'
import { deleteHold, findHold } from '#server/repositories/holds.ts'
import { listOpenOffers, lockOffer, type Offer, setOfferStatus } from '#server/repositories/waitlist.ts'
import { applyAppointmentChange } from './apply-appointment-change.ts'
import { mayManage } from './apply-waitlist-entry.ts'
import { toDocument } from './book-appointment.ts'
import { type BookingAnswer, refused } from './booking-answer.ts'
import type { BookingDeps } from './change-appointment.ts'
import { lockDocument } from './save-document.ts'
import { endOffer, moveEntry } from './settle-offers.ts'
import { tellOfHolds } from './tell-of-holds.ts'
import type { WriteContext } from './write-context.ts'

/**
 * Books the offered time for the patient it was offered to; asked by the patient, or by the desk on the telephone. Refused as
 * `not-found` (no such offer for the caller), `gone` (answered, run out, or somebody else was quicker), or by the rules of a
 * booking, which then leave the offer as it is. The visit is booked with the rights of whoever offered it: the clinic's word
 * stands, whatever patients may book by themselves.
 */
export function acceptOffer({ writer }: BookingDeps, subject: Subject, id: WaitlistOfferId): Promise<BookingAnswer> {
  return writer.submit<BookingAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const value = await accept(ctx, subject, id)
      return { ok: value.ok, value }
    },
  })
}

async function accept(ctx: WriteContext, subject: Subject, id: WaitlistOfferId): Promise<BookingAnswer> {
  const { tx, clinicId, now } = ctx
  const offer = await findAnswerable(ctx, subject, id)
  if (!offer) return refused({ reason: 'not-found' })
  const hold = await findHold(tx, clinicId, offer.holdId)
  if (offer.status !== 'open' || offer.expiresAt <= now || !hold) return refused({ reason: 'gone' })
  const { doctorId, patientId, typeId, start } = offer
  const offered = await loadSubjectRow(tx, clinicId, offer.createdBy)
  const body = { doctorId, patientId, typeId, start, isConfirmed: true, ...(hold.roomId && { roomId: hold.roomId }) }
  const wanted = await toDocument(ctx, body, start)
  await deleteHold(tx, clinicId, hold.id)
  tellOfHolds(ctx, hold.doctorId)
  const { value } = await applyAppointmentChange(ctx, offered, { current: null, wanted, door: 'rest' })
  if (!value.ok) return value
  await setOfferStatus(tx, offer.id, 'accepted', now)
  await moveEntry(ctx, offer.entryId, 'booked', { appointmentId: value.appointment.id })
  for (const other of await listOpenOffers(tx, clinicId, { holdId: hold.id })) await endOffer(ctx, other, 'lost')
  note(ctx, 'offer-accepted', offer)
  return value
}

/** Says no to an offer: the entry waits on. False when there is no open offer of that id for the caller. */
export function declineOffer({ writer }: BookingDeps, subject: Subject, id: WaitlistOfferId): Promise<boolean> {
  return writer.submit<boolean>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const offer = await findAnswerable(ctx, subject, id)
      if (offer?.status !== 'open') return { ok: false, value: false }
      await endOffer(ctx, offer, 'declined')
      note(ctx, 'offer-declined', offer)
      return { ok: true, value: true }
    },
  })
}

/** The offer, if the caller may answer for its entry. */
async function findAnswerable(ctx: WriteContext, subject: Subject, id: WaitlistOfferId): Promise<Offer | undefined> {
  const offer = await lockOffer(ctx.tx, ctx.clinicId, id)
  const entry = offer && (await lockDocument(ctx, 'waitlist_entries', offer.entryId))
  return entry && mayManage(subject, entry) ? offer : undefined
}

const note = (ctx: WriteContext, action: string, { entryId }: Offer): void =>
  ctx.addAudit({
    userId: ctx.subject?.userId ?? null,
    action,
    collection: 'waitlist_entries',
    documentIds: [entryId],
  })
