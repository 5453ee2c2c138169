import type { Subject } from '#domain/access/can.ts'
import type { OfferBody } from '#domain/api/waitlist-api.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { minutes } from '#domain/time/instant.ts'
import { insertOffers, type Offer } from '#server/repositories/waitlist.ts'
import { mayManage } from './apply-waitlist-entry.ts'
import type { BookingDeps } from './change-appointment.ts'
import { keepTime } from './hold-time.ts'
import { policiesOf } from './policies-of.ts'
import { lockDocument } from './save-document.ts'
import { endExpiredOffers, moveEntry } from './settle-offers.ts'
import type { WriteContext } from './write-context.ts'

export type OfferAnswer =
  | { readonly ok: true; readonly offers: readonly Offer[] }
  | { readonly ok: false; readonly rejection: Rejection }

/**
 * Offers a free time to somebody who waits, or to several at once. The offer is a real hold: nobody else can book the time until
 * it is answered or the clinic's `waitlistOfferMinutes` have passed; of several asked, the first to accept gets it.
 */
export function offerTime({ writer }: BookingDeps, subject: Subject, body: OfferBody): Promise<OfferAnswer> {
  return writer.submit<OfferAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const value = await decide(ctx, subject, body)
      return { ok: value.ok, value }
    },
  })
}

const refuse = (reason: Rejection['reason'], field: string): OfferAnswer => ({
  ok: false,
  rejection: { reason, field },
})

async function decide(
  ctx: WriteContext,
  subject: Subject,
  { entryIds, doctorId, start }: OfferBody,
): Promise<OfferAnswer> {
  await endExpiredOffers(ctx)
  const entries: WireDocument<'waitlist_entries'>[] = []
  for (const id of entryIds) {
    const entry = await lockDocument(ctx, 'waitlist_entries', id)
    if (!entry || entry._deleted || entry.clinicId !== ctx.clinicId || !mayManage(subject, entry)) {
      return refuse('not-found', 'entryIds')
    }
    if (entry.status !== 'waiting') return refuse('status-jump', 'entryIds')
    entries.push(entry)
  }
  const [first] = entries
  if (!first || entries.some(({ typeId }) => typeId !== first.typeId)) return refuse('type-not-offered', 'entryIds')
  const { waitlistOfferMinutes } = await policiesOf(ctx)
  const expiresAt = ctx.now + minutes(waitlistOfferMinutes)
  // Asked alone, the patient's own other visits are looked at now; of several, when one accepts.
  const forWhom = entries.length === 1 ? { patientId: first.patientId } : {}
  const wanted = { doctorId, typeId: first.typeId, start, ...forWhom }
  const kept = await keepTime(ctx, subject, wanted, { expiresAt, waitlistEntryId: first.id })
  if (!kept.ok) return kept
  const { hold } = kept
  const offers = entries.map(
    ({ id, patientId }): Offer => ({
      id: ctx.newId<'WaitlistOffer'>(),
      clinicId: ctx.clinicId,
      entryId: id,
      patientId,
      holdId: hold.id,
      doctorId,
      typeId: hold.typeId,
      start: hold.start,
      end: hold.end,
      status: 'open',
      createdBy: subject.userId,
      createdAt: ctx.now,
      expiresAt,
    }),
  )
  await insertOffers(ctx.tx, offers)
  for (const { id } of entries) await moveEntry(ctx, id, 'offered')
  for (const { id: offerId, entryId, patientId } of offers) {
    ctx.addEvent({ type: 'WaitlistOfferMade', payload: { offerId, entryId, patientId, doctorId } })
  }
  return { ok: true, offers }
}
