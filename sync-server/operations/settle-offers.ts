/** What becomes of offers that nobody took: entries wait again, and a time that is offered to nobody any more is free. */
import type { OfferStatus } from '#domain/api/waitlist-api.ts'
import type { WaitlistEntryId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { WaitlistStatus } from '#domain/waitlist/waitlist-schemas.ts'
import { deleteHold } from '#server/repositories/holds.ts'
import { listOpenOffers, type Offer, setOfferStatus } from '#server/repositories/waitlist.ts'
import { lockDocument, saveDocument } from './save-document.ts'
import { tellOfHolds } from './tell-of-holds.ts'
import type { WriteContext } from './write-context.ts'

/** Ends one open offer; its entry waits again unless the answer says otherwise. */
export async function endOffer(ctx: WriteContext, offer: Offer, status: Exclude<OfferStatus, 'open'>): Promise<void> {
  await setOfferStatus(ctx.tx, offer.id, status, ctx.now)
  if (status !== 'accepted') await moveEntry(ctx, offer.entryId, 'waiting', {}, 'offered')
  await freeUnlessAsked(ctx, offer)
}

/** Ends what was offered to an entry that is withdrawn. */
export async function endOffersOf(ctx: WriteContext, entryId: WaitlistEntryId): Promise<void> {
  for (const offer of await listOpenOffers(ctx.tx, ctx.clinicId, { entryId })) {
    await setOfferStatus(ctx.tx, offer.id, 'declined', ctx.now)
    await freeUnlessAsked(ctx, offer)
  }
}

/** A time that is offered to nobody any more is anybody's. */
async function freeUnlessAsked(ctx: WriteContext, { holdId, doctorId }: Offer): Promise<void> {
  const stillAsked = await listOpenOffers(ctx.tx, ctx.clinicId, { holdId })
  if (stillAsked.length > 0) return
  await deleteHold(ctx.tx, ctx.clinicId, holdId)
  tellOfHolds(ctx, doctorId)
}

/** Ends the offers of the clinic whose time to answer has passed. Returns how many. */
export async function endExpiredOffers(ctx: WriteContext): Promise<number> {
  const open = await listOpenOffers(ctx.tx, ctx.clinicId)
  const expired = open.filter(({ expiresAt }) => expiresAt <= ctx.now)
  for (const offer of expired) await endOffer(ctx, offer, 'expired')
  return expired.length
}

/** Gives an entry another status, if it still stands where the caller left it. */
export async function moveEntry(
  ctx: WriteContext,
  id: WaitlistEntryId,
  status: WaitlistStatus,
  rest: Partial<Pick<WireDocument<'waitlist_entries'>, 'appointmentId'>> = {},
  from?: WaitlistStatus,
): Promise<void> {
  const entry = await lockDocument(ctx, 'waitlist_entries', id)
  if (!entry || entry._deleted || (from !== undefined && entry.status !== from)) return
  await saveDocument(ctx, 'waitlist_entries', entry, { ...entry, ...rest, status })
}
