import { can } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import { type AppointmentStatus, holdsTime, stepsBetween } from '#domain/appointment/appointment-status.ts'
import type { HoldId } from '#domain/ids.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import { COLLECTIONS, type WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { ownLeases, spendLeases } from './allotments-in-the-way.ts'
import { cancellationOf } from './author-of.ts'
import { accepted, type BookingAnswer, refused } from './booking-answer.ts'
import { findReferences, type References } from './booking-references.ts'
import { claimPlace } from './claim-place.ts'
import { asPublished, decideTime } from './decide-booking.ts'
import { redeemHold } from './redeem-hold.ts'
import { saveDocument } from './save-document.ts'
import { refuseLateChange } from './self-service-rules.ts'
import { withClaim } from './time-question.ts'
import type { WriteContext } from './write-context.ts'

type Appointment = WireDocument<'appointments'>
type Field = keyof Appointment

/** Statuses from which a visit can get another time. */
const MOVABLE: readonly AppointmentStatus[] = ['pending', 'confirmed', 'arrived', 'unplaced']
const EDITED: readonly Field[] = ['reason', 'note', 'locationId', 'roomId', 'ageAtVisit']
const PROGRESS: readonly Field[] = ['arrivedAt', 'startedAt', 'finishedAt']
const PLACE: readonly Field[] = ['doctorId', 'start', 'end', 'typeId']
/** What is claimed anew without a move. */
const SEAT: readonly Field[] = ['roomId', 'overbookReason']

/** Stores a changed appointment, or says why it stays as it is. */
export async function changeExisting(
  ctx: WriteContext,
  current: Appointment,
  wanted: Appointment,
  holdId?: HoldId,
): Promise<BookingAnswer> {
  const forbidden =
    refuseStatus(ctx, current, wanted) ??
    refuseFields(ctx, current, wanted) ??
    (isMoved(current, wanted) || wanted.status !== current.status ? await refuseLateChange(ctx, current) : undefined)
  if (forbidden) return refused(forbidden, current)
  const found = await referencesOf(ctx, current, wanted)
  if (!found.ok) return refused(found.rejection, current)
  const draft = nextOf(ctx, current, wanted, found.references)
  const next = { ...draft, ...(await cancellationOf(ctx, current, draft)) }
  const foreign = refuseServerOwned(current, wanted, next)
  if (foreign) return refused(foreign, current)
  if (isSame(current, next, Object.keys(next) as Field[])) return accepted(current)

  if (!found.references || !claimsPlace(current, next)) {
    return accepted(await saveDocument(ctx, 'appointments', current, next))
  }
  await redeemHold(ctx, holdId)
  const question = { subject: ctx.subject, door: ctx.door, wanted: next, current, references: found.references }
  const claim = await (isMoved(current, next) ? decideTime(ctx, question) : claimPlace(ctx, question))
  if (!claim.ok) return refused(claim.rejection, current)
  const stored = withClaim(isMoved(current, next) ? await asPublished(ctx, question) : next, claim)
  // What was asked for may come to what is there, like another room where only one is free.
  if (isSame(current, stored, Object.keys(stored) as Field[])) return accepted(current)
  const moved = await saveDocument(ctx, 'appointments', current, stored)
  // A move is decided by the server alone; what its author's device kept there has done its work all the same.
  await spendLeases(ctx, await ownLeases(ctx, moved))
  return accepted(moved)
}

/** The change wants a time, by moving or by coming back from cancelled or missed; or another room for the one it has. */
const claimsPlace = (current: Appointment, wanted: Appointment): boolean =>
  holdsTime(wanted.status) && (isMoved(current, wanted) || !holdsTime(current.status) || !isSame(current, wanted, SEAT))

const isSame = (a: Appointment, b: Appointment, fields: readonly Field[]): boolean =>
  fields.every((field) => canonicalText({ value: a[field] }) === canonicalText({ value: b[field] }))

/** A new time, doctor or type; an unplaced booking that gets a status of its own is given its time anew. */
const isMoved = (current: Appointment, wanted: Appointment): boolean =>
  !isSame(current, wanted, PLACE) || (current.status === 'unplaced' && holdsTime(wanted.status))

function refuseStatus({ subject }: WriteContext, current: Appointment, wanted: Appointment): Rejection | undefined {
  const steps = stepsBetween(current.status, wanted.status, { arrivedAt: wanted.arrivedAt })
  if (!steps) return { reason: 'status-jump', field: 'status' }
  if (subject === null) return undefined
  const isAllowed = steps.every(({ permission }) => can(subject, permission, current))
  return isAllowed ? undefined : { reason: 'not-allowed', field: 'status' }
}

function refuseFields(ctx: WriteContext, current: Appointment, wanted: Appointment): Rejection | undefined {
  if (wanted.patientId !== current.patientId) return { reason: 'not-allowed', field: 'patientId' }
  return refuseMove(ctx, current, wanted) ?? refuseDetails(ctx, current, wanted)
}

function refuseMove({ subject }: WriteContext, current: Appointment, wanted: Appointment): Rejection | undefined {
  if (!isMoved(current, wanted)) return undefined
  const isPossible = MOVABLE.includes(current.status) && wanted.status !== 'unplaced'
  if (!isPossible) return { reason: 'status-jump', field: 'status' }
  if (subject === null) return undefined
  const target = { ...current, doctorId: wanted.doctorId }
  const isAllowed = can(subject, 'move-appointment', current) && can(subject, 'move-appointment', target)
  return isAllowed
    ? undefined
    : { reason: 'not-allowed', field: wanted.doctorId === current.doctorId ? 'start' : 'doctorId' }
}

function refuseDetails({ subject }: WriteContext, current: Appointment, wanted: Appointment): Rejection | undefined {
  if (subject === null) return undefined
  const needs = (fields: readonly Field[], permission: Permission): Rejection | undefined => {
    const field = fields.find((name) => !isSame(current, wanted, [name]))
    return field && !can(subject, permission, current) ? { reason: 'not-allowed', field } : undefined
  }
  return (
    needs(EDITED, 'edit-appointment') ??
    needs(PROGRESS, 'check-in-patient') ??
    needs(['cancelReason'], 'cancel-appointment') ??
    (wanted.overbookReason === '' ? undefined : needs(['overbookReason'], 'overbook-appointment'))
  )
}

/** A doctor, patient or type that is no longer there stops new claims, not the end of a visit or its cancelling. */
async function referencesOf(ctx: WriteContext, current: Appointment, wanted: Appointment) {
  const found = await findReferences(ctx, wanted)
  const isNeeded = claimsPlace(current, wanted) || isMoved(current, wanted) || wanted.locationId !== current.locationId
  return found.ok || isNeeded ? found : ({ ok: true, references: undefined } as const)
}

/** The document as it would be stored: what the author may set is the author's, the rest follows from it. */
function nextOf(
  { now }: WriteContext,
  current: Appointment,
  wanted: Appointment,
  references: References | undefined,
): Appointment {
  const zone = references && isMoved(current, wanted) ? references.zone : current.zone
  const { day, time } = toLocal(wanted.start, zone)
  const locationId =
    wanted.doctorId === current.doctorId || !references
      ? wanted.locationId
      : placeAfterMove(current, wanted, references)
  return {
    ...current,
    doctorId: wanted.doctorId,
    typeId: wanted.typeId,
    locationId,
    roomId: wanted.roomId,
    overbookReason: wanted.overbookReason,
    start: wanted.start,
    end: wanted.end,
    zone,
    localDay: day,
    localStart: time,
    status: wanted.status,
    reason: wanted.reason,
    note: wanted.note,
    ageAtVisit: wanted.ageAtVisit,
    cancelReason: wanted.status === 'cancelled' ? wanted.cancelReason : '',
    unplaced: wanted.status === 'unplaced' ? current.unplaced : null,
    ...progressOf(current, wanted, now),
  }
}

/** With another doctor the visit takes place where that doctor works, unless the author said otherwise. */
const placeAfterMove = (current: Appointment, wanted: Appointment, { doctor }: References) =>
  wanted.locationId === current.locationId ? doctor.locationId : wanted.locationId

/** Times of progress that fit the status: set when it is reached, gone when it is taken back. */
function progressOf(current: Appointment, wanted: Appointment, now: number) {
  const { status, arrivedAt, startedAt, finishedAt } = wanted
  if (status === 'arrived') {
    return { arrivedAt: arrivedAt ?? now, startedAt, finishedAt: current.status === 'fulfilled' ? null : finishedAt }
  }
  if (status === 'fulfilled')
    return { arrivedAt: arrivedAt ?? current.arrivedAt, startedAt, finishedAt: finishedAt ?? now }
  if (status === 'cancelled') return { arrivedAt, startedAt, finishedAt }
  return { arrivedAt: null, startedAt: null, finishedAt: null }
}

/**
 * A field the server owns may come as it was, or as it will be: a client that moves a visit offline works out the new local day
 * for its own board, and it is right.
 */
function refuseServerOwned(current: Appointment, wanted: Appointment, next: Appointment): Rejection | undefined {
  const field = COLLECTIONS.appointments.serverOwned.find(
    (name) => !isSame(current, wanted, [name]) && !isSame(next, wanted, [name]),
  )
  return field && { reason: 'server-owned-field', field }
}
