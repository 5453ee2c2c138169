import { can, type Subject } from '#domain/access/can.ts'
import type { AllotmentAnswer, AllotmentList } from '#domain/api/allotment-api.ts'
import type { AllotmentId } from '#domain/ids.ts'
import { type Allotment, isKeptBy, isLive } from '#domain/schedule/allotment.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { findLastContact, lockOpenAllotments, type WhichAllotments } from '#server/repositories/allotments.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { leaseholderOf } from './allotments-in-the-way.ts'
import { authorName } from './author-of.ts'
import type { BookingDeps } from './change-appointment.ts'
import { listOwnAllotments } from './lease-allotments.ts'
import { lockDocument, saveDocument } from './save-document.ts'
import { tellOfHolds } from './tell-of-holds.ts'
import type { WriteContext } from './write-context.ts'

/** As it travels in answers: what says that nothing is deleted is for replicas. */
export const viewAllotment = ({ _deleted, ...allotment }: WireDocument<'allotments'>): Allotment => allotment

/** Ends those that still keep a time; what is over stays as it was. */
export async function endAllotments(
  ctx: WriteContext,
  which: WhichAllotments,
  status: 'returned' | 'taken-back',
): Promise<void> {
  const found = await lockOpenAllotments(ctx.tx, ctx.clinicId, which)
  for (const lease of found.filter((one) => isLive(one, ctx.now))) await endOne(ctx, lease, status)
}

async function endOne(
  ctx: WriteContext,
  lease: WireDocument<'allotments'>,
  status: 'returned' | 'taken-back',
): Promise<WireDocument<'allotments'>> {
  const endedByName = status === 'taken-back' ? await authorName(ctx) : ''
  const ended = { ...lease, status, endedAt: ctx.now, endedByName }
  const stored = await saveDocument(ctx, 'allotments', lease, ended)
  // Who searches for times looks again.
  tellOfHolds(ctx, lease.doctorId)
  return stored
}

/** A device gives back what it does not want; ids that are not its own are left out without a word. */
export function handBackAllotments(
  { writer }: BookingDeps,
  subject: Subject,
  ids: readonly AllotmentId[],
): Promise<AllotmentList> {
  return writer.submit<AllotmentList>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const holder = leaseholderOf(subject)
      const found = holder ? await lockOpenAllotments(ctx.tx, ctx.clinicId, { ids }) : []
      const own = found.filter((lease) => holder !== null && isKeptBy(lease, holder) && isLive(lease, ctx.now))
      for (const lease of own) await endOne(ctx, lease, 'returned')
      return { ok: true, value: { allotments: await listOwnAllotments(ctx, holder) } }
    },
  })
}

type Refusal = { readonly ok: false; readonly reason: 'not-found' | 'not-allowed' | 'gone' }
export type AllotmentFound = ({ readonly ok: true } & AllotmentAnswer) | Refusal

/** Who may take a time from a device that may be out of contact: whoever may put a visit beside others. */
const mayTakeBack = (subject: Subject, { clinicId, doctorId }: Pick<Allotment, 'clinicId' | 'doctorId'>): boolean =>
  can(subject, 'overbook-appointment', { clinicId, doctorId })

/** A lease with when its device was last heard of, for whoever thinks of taking it back. */
export function showAllotment(
  { database }: { readonly database: Database },
  subject: Subject,
  id: AllotmentId,
): Promise<AllotmentFound> {
  return database.read(async (tx) => {
    const found = await findDocument(tx, 'allotments', id)
    if (!found || !can(subject, 'view-schedules', found)) return refuse('not-found')
    const lastContactAt = await findLastContact(tx, found.clinicId, found.deviceId)
    return { ok: true, allotment: viewAllotment(found), lastContactAt }
  })
}

const refuse = (reason: Refusal['reason']): Refusal => ({ ok: false, reason })

/** Takes the time back from its device: what that has booked into it, and not sent yet, will find it taken or free like any other. */
export function takeBackAllotment({ writer }: BookingDeps, subject: Subject, id: AllotmentId): Promise<AllotmentFound> {
  return writer.submit<AllotmentFound>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const value = await takeBack(ctx, subject, id)
      return { ok: value.ok, value }
    },
  })
}

async function takeBack(ctx: WriteContext, subject: Subject, id: AllotmentId): Promise<AllotmentFound> {
  const lease = await lockDocument(ctx, 'allotments', id)
  if (!lease || !can(subject, 'view-schedules', lease)) return refuse('not-found')
  if (!mayTakeBack(subject, lease)) return refuse('not-allowed')
  const lastContactAt: Instant | null = await findLastContact(ctx.tx, ctx.clinicId, lease.deviceId)
  // Asked for twice, it was taken back once.
  if (lease.status === 'taken-back') return { ok: true, allotment: viewAllotment(lease), lastContactAt }
  if (!isLive(lease, ctx.now)) return refuse('gone')
  const stored = await endOne(ctx, lease, 'taken-back')
  return { ok: true, allotment: viewAllotment(stored), lastContactAt }
}
