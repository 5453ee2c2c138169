import { can } from '#domain/access/can.ts'
import { holdsTime, stepsBetween } from '#domain/appointment/appointment-status.ts'
import type { HoldId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { ownLeases, spendLeases } from './allotments-in-the-way.ts'
import { authorName, cancellationOf } from './author-of.ts'
import { accepted, type BookingAnswer, refused } from './booking-answer.ts'
import { findReferences, type References } from './booking-references.ts'
import { actsAsPatient, asPublished, decideTime, isAboutTime } from './decide-booking.ts'
import { redeemHold, redeemOwnHold } from './redeem-hold.ts'
import { isOutOfReach } from './replicated-audiences.ts'
import { saveDocument } from './save-document.ts'
import { refuseTooMany } from './self-service-rules.ts'
import { withClaim } from './time-question.ts'
import type { WriteContext } from './write-context.ts'

type Appointment = WireDocument<'appointments'>

/** Doors through which what has already happened comes in. */
const isHistory = ({ door }: WriteContext): boolean => door === 'import' || door === 'seed'

/** Stores a new appointment, or says why not; with `holdId` in the place of the live hold of that id. */
export async function bookNew(ctx: WriteContext, wanted: Appointment, holdId?: HoldId): Promise<BookingAnswer> {
  const forbidden = refuseAuthor(ctx, wanted) ?? refuseStatus(ctx, wanted) ?? refuseOverbooking(ctx, wanted)
  if (forbidden) return refused(forbidden)
  const found = await findReferences(ctx, wanted)
  if (!found.ok) return refused(found.rejection)
  const tooMany = await refuseTooMany(ctx, wanted, found.references.type)
  if (tooMany) return refused(tooMany)

  const draft = await asBooked(ctx, wanted, found.references)
  if (draft.status === 'cancelled') return accepted(await saveDocument(ctx, 'appointments', null, draft))
  const { subject, door } = ctx
  const leases = await ownLeases(ctx, draft)
  const lease = leases.inside
  const question = { subject, door, wanted: draft, current: null, references: found.references, lease }
  if (door === 'sync') await redeemOwnHold(ctx, draft)
  else await redeemHold(ctx, holdId)
  const claim = await decideTime(ctx, question)
  if (claim.ok) {
    const booked = withClaim(await asPublished(ctx, question), claim)
    const stored = await saveDocument(ctx, 'appointments', null, booked)
    await spendLeases(ctx, leases)
    return accepted(stored)
  }
  const { rejection } = claim
  if (door !== 'sync' || !isAboutTime(rejection) || !holdsTime(draft.status)) return refused(rejection)
  const unplaced = asUnplaced(ctx, draft, rejection)
  // Beyond the replicated window nobody would see it wait; a refusal stays in its author's inbox.
  if (subject && (await isOutOfReach(ctx, subject, 'appointments', unplaced))) return refused(rejection)
  return accepted(await saveDocument(ctx, 'appointments', null, unplaced))
}

function refuseAuthor({ subject, door, clinicId }: WriteContext, { doctorId, patientId }: Appointment) {
  if (subject === null) return undefined
  const row = { clinicId, doctorId, patientId }
  const mayBook = can(subject, 'book-appointment', row)
  const mayImport = door !== 'import' || can(subject, 'import-history', { clinicId })
  return mayBook && mayImport ? undefined : ({ reason: 'not-allowed' } as const)
}

function refuseOverbooking({ subject, clinicId }: WriteContext, { doctorId, patientId, overbookReason }: Appointment) {
  if (overbookReason === '' || subject === null) return undefined
  const isAllowed = can(subject, 'overbook-appointment', { clinicId, doctorId, patientId })
  return isAllowed ? undefined : ({ reason: 'not-allowed', field: 'overbookReason' } as const)
}

/** A new booking is pending; what else happened before the server heard of it must be steps its author may take. */
function refuseStatus(
  ctx: WriteContext,
  { status, doctorId, patientId, arrivedAt }: Appointment,
): Rejection | undefined {
  if (status === 'unplaced') return { reason: 'status-jump', field: 'status' }
  if (isHistory(ctx)) return undefined
  const steps = stepsBetween('pending', status, { arrivedAt })
  if (!steps) return { reason: 'status-jump', field: 'status' }
  const { subject, clinicId } = ctx
  const row = { clinicId, doctorId, patientId }
  const isAllowed = subject === null || steps.every(({ permission }) => can(subject, permission, row))
  return isAllowed ? undefined : { reason: 'not-allowed', field: 'status' }
}

/** The document with the fields only the server sets. */
async function asBooked(ctx: WriteContext, wanted: Appointment, references: References): Promise<Appointment> {
  const { zone, locationId } = references
  const { day, time } = toLocal(wanted.start, zone)
  const { subject, now } = ctx
  return {
    ...wanted,
    clinicId: ctx.clinicId,
    locationId,
    // Which room is the clinic's to say.
    roomId: actsAsPatient(subject, { ...wanted, clinicId: ctx.clinicId }) ? null : wanted.roomId,
    equipmentIds: [],
    zone,
    localDay: day,
    localStart: time,
    unplaced: null,
    origin: originOf(ctx, wanted),
    createdBy: subject?.userId ?? null,
    createdByName: ctx.door === 'seed' ? wanted.createdByName : await authorName(ctx),
    createdAt: isHistory(ctx) ? wanted.createdAt : now,
    updatedAt: now,
    revision: 0,
    ...(await cancellationOf(ctx, null, wanted)),
    ...progressOf(wanted, now, isHistory(ctx)),
  }
}

function originOf(ctx: WriteContext, wanted: Appointment): Appointment['origin'] {
  if (ctx.door === 'seed') return wanted.origin
  if (ctx.door === 'import') return 'import'
  if (actsAsPatient(ctx.subject, { ...wanted, clinicId: ctx.clinicId })) return 'online'
  return wanted.origin === 'walk-in' ? 'walk-in' : 'desk'
}

/** Someone booked and already there has arrived at the latest now; of imported visits no times are known. */
function progressOf({ status, arrivedAt, startedAt, finishedAt }: Appointment, now: number, isKnown: boolean) {
  if (isKnown) return { arrivedAt, startedAt, finishedAt }
  if (status !== 'arrived' && status !== 'fulfilled') return { arrivedAt: null, startedAt: null, finishedAt: null }
  return { arrivedAt: arrivedAt ?? now, startedAt, finishedAt: status === 'fulfilled' ? (finishedAt ?? now) : null }
}

/** A booking that lost its time while its author was offline: kept with the reason until someone gives it another. */
function asUnplaced({ now }: WriteContext, draft: Appointment, { reason, takenBy, takenAt }: Rejection): Appointment {
  const unplaced = { reason, at: now, takenBy: takenBy ?? '', takenAt: takenAt ?? null }
  return { ...draft, status: 'unplaced', unplaced }
}
