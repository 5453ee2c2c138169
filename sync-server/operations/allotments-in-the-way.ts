/** Leases as the booking decision and the searches for free times count them. */
import type { Subject } from '#domain/access/can.ts'
import type { HoldId } from '#domain/ids.ts'
import { type Allotment, isInside, isKeptBy, isLive, type Leaseholder } from '#domain/schedule/allotment.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { lockLiveAllotments, lockOpenAllotmentsOf } from '#server/repositories/allotments.ts'
import type { Hold } from '#server/repositories/holds.ts'
import { buffersOf, typesOf } from './booking-references.ts'
import { saveDocument } from './save-document.ts'
import type { TimeQuestion } from './time-question.ts'
import type { WriteContext } from './write-context.ts'

/** For whom a subject's leases are: the person and the device that the session was opened with; null where none is known. */
export const leaseholderOf = (subject: Subject | null): Leaseholder | null =>
  subject?.via?.deviceId ? { deviceId: subject.via.deviceId, userId: subject.userId } : null

/** A lease takes its time like a hold that ends at its start. */
export const asHold = (allotment: Allotment): Hold => ({
  id: allotment.id as string as HoldId,
  clinicId: allotment.clinicId,
  doctorId: allotment.doctorId,
  patientId: null,
  typeId: allotment.typeId,
  roomId: allotment.roomId,
  equipmentIds: allotment.equipmentIds,
  start: allotment.start,
  end: allotment.end,
  userId: allotment.userId,
  waitlistEntryId: null,
  expiresAt: allotment.start,
  createdAt: allotment.createdAt,
})

/** The leases that stand against a wanted time: others' for a booking, everybody's for a lease. */
export async function allotmentsAgainst(
  ctx: WriteContext,
  { subject, isLease = false }: Pick<TimeQuestion, 'subject' | 'isLease'>,
): Promise<readonly Allotment[]> {
  const { tx, clinicId, now } = ctx
  const live = await ctx.readUntilWritten('allotments', 'live allotments', () => lockLiveAllotments(tx, clinicId, now))
  const holder = isLease ? null : leaseholderOf(subject)
  return holder ? live.filter((allotment) => !isKeptBy(allotment, holder)) : live
}

type Visit = WireDocument<'appointments'>

/** The author's own leases around a new booking, and the one that it lies in, live or over. */
export type OwnLeases = {
  readonly inside: WireDocument<'allotments'> | undefined
  readonly touched: readonly WireDocument<'allotments'>[]
}
const NONE: OwnLeases = { inside: undefined, touched: [] }

export async function ownLeases(ctx: WriteContext, wanted: Visit): Promise<OwnLeases> {
  const holder = leaseholderOf(ctx.subject)
  if (!holder) return NONE
  const { tx, clinicId, now } = ctx
  const isOver = wanted.start <= now
  const near = isOver
    ? await lockOpenAllotmentsOf(tx, clinicId, wanted.doctorId, wanted)
    : await ctx.readUntilWritten('allotments', 'live allotments', () => lockLiveAllotments(tx, clinicId, now))
  const touched = near.filter(
    (lease) => lease.doctorId === wanted.doctorId && isKeptBy(lease, holder) && overlaps(lease, wanted),
  )
  if (touched.length === 0) return NONE
  const types = await typesOf(ctx)
  const type = types.get(wanted.typeId)
  const inside = type && touched.find((lease) => isInside(wanted, type, lease, buffersOf(types, lease.typeId)))
  return { inside, touched }
}

/** Once the visit has its time: the lease that it lies in is used, and others that it reaches into are handed back. */
export async function spendLeases(ctx: WriteContext, { inside, touched }: OwnLeases): Promise<void> {
  for (const lease of touched) {
    if (lease !== inside && !isLive(lease, ctx.now)) continue
    const status = lease === inside ? 'used' : 'returned'
    await saveDocument(ctx, 'allotments', lease, { ...lease, status, endedAt: ctx.now })
  }
}
