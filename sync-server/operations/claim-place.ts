/**
 * Whether a visit's doctor, room and equipment are free for it, and which room it gets. Asked under the clinic's lock with
 * locking reads, so that nothing can change before the answer is committed.
 *
 * Deliberate overbooking waives what doctor, room, equipment and group hold, for this visit alone: it still counts against
 * everybody who comes later. That the patient is elsewhere is never waived.
 */
import { can } from '#domain/access/can.ts'
import { isGroup } from '#domain/appointment/occupancy.ts'
import { isLive } from '#domain/schedule/allotment.ts'
import { busyBeside, withBuffers } from '#domain/schedule/buffers.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import type { Rejection, RejectionReason } from '#domain/sync/rejection-reasons.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { HeldTime } from '#server/repositories/appointments.ts'
import { type Hold, lockLiveHolds } from '#server/repositories/holds.ts'
import { allotmentsAgainst, asHold } from './allotments-in-the-way.ts'
import { buffersOf, typesOf } from './booking-references.ts'
import { claimEquipment, claimRoom } from './claim-resources.ts'
import { type Around, type Claim, isSameSession, type Place, placeOf, type TimeQuestion } from './time-question.ts'
import type { WriteContext } from './write-context.ts'

/** Claims doctor, group seat, room and equipment for the visit; hours and clock are judged elsewhere. */
export async function claimPlace(ctx: WriteContext, question: TimeQuestion): Promise<Claim> {
  const { wanted } = question
  const { around, ofPatient } = await lookAround(ctx, question)
  const elsewhere = ofPatient.find((held) => held.id !== wanted.id)
  const doctor = refuseDoctor(question, around, ctx.now)
  if (doctor && !around.mayOverbook) return refused(doctor)
  if (elsewhere) return refused(refusalBy('patient-busy', elsewhere, question))
  const kept = asKept(ctx, question)
  if (kept) return kept
  const seat = refuseSeat(question, around)
  if (seat && !around.mayOverbook) return refused(seat)
  const room = await claimRoom(ctx, question, around)
  if (!room.ok) return room
  const equipment = await claimEquipment(ctx, question, around, room.roomId)
  if (!equipment.ok) return equipment
  const isOverbooked = doctor !== undefined || seat !== undefined || room.isOver || equipment.isOver
  return { ok: true, roomId: room.roomId, equipmentIds: equipment.equipmentIds, isOverbooked }
}

/** Room and equipment as the lease has kept them: whoever came later made room, or has overbooked. */
function asKept({ now }: WriteContext, { lease, wanted }: TimeQuestion): Claim | undefined {
  if (!lease || !isLive(lease, now)) return undefined
  const isSameType = lease.typeId === wanted.typeId
  const equipmentIds = isSameType ? lease.equipmentIds : []
  return { ok: true, roomId: isSameType ? lease.roomId : null, equipmentIds, isOverbooked: false }
}

const refused = (rejection: Rejection) => ({ ok: false, rejection }) as const

async function lookAround(ctx: WriteContext, question: TimeQuestion) {
  const { wanted } = question
  const types = await typesOf(ctx)
  const { ofDoctor, ofPatient } = await ctx.heldAround(wanted, types)
  const visits = ofDoctor.filter(({ id }) => id !== wanted.id)
  const holds = await placesKept(ctx, question)
  const around: Around = { types, visits, holds, mayOverbook: mayOverbook(question) }
  return { around, ofPatient }
}

/** What is kept for a booking under way, and by devices for bookings to come. */
async function placesKept(ctx: WriteContext, question: TimeQuestion): Promise<readonly Hold[]> {
  const holds = await ctx.readUntilWritten('holds', 'live', () => lockLiveHolds(ctx.tx, ctx.clinicId, ctx.now))
  const leases = await allotmentsAgainst(ctx, question)
  return leases.length === 0 ? holds : [...holds, ...leases.map(asHold)]
}

/** With a reason, by whoever has the permission; a visit that stands overbooked may stay where it is. */
function mayOverbook({ subject, wanted, current }: TimeQuestion): boolean {
  if (wanted.overbookReason === '') return false
  if (subject === null || can(subject, 'overbook-appointment', wanted)) return true
  if (!current || current.overbookReason === '' || current.status === 'unplaced') return false
  return current.start === wanted.start && current.end === wanted.end && current.doctorId === wanted.doctorId
}

/** The doctor's time: whatever is there and is no part of the same session, with the buffers between. */
function refuseDoctor(question: TimeQuestion, around: Around, now: Instant): Rejection | undefined {
  const { types, visits, holds } = around
  const { wanted, references } = question
  if (question.lease && isLive(question.lease, now)) return refuseBesideLease(question, around)
  const padded = withBuffers(wanted, references.type)
  const isInTheWay = (place: Place) =>
    place.doctorId === wanted.doctorId &&
    !isSameSession(place, question) &&
    overlaps(padded, busyBeside(place, buffersOf(types, place.typeId), references.type))
  const taken = visits.find(isInTheWay)
  if (taken) return refusalBy('slot-taken', taken, question)
  return holds.some((hold) => isInTheWay(placeOf(hold))) ? { reason: 'held', field: 'start' } : undefined
}

/** In the time of a live lease only those can be who were put beside it on purpose. */
function refuseBesideLease(question: TimeQuestion, { visits }: Around): Rejection | undefined {
  const { wanted } = question
  const taken = visits.find(
    (visit) => visit.doctorId === wanted.doctorId && visit.overbookReason === '' && overlaps(visit, wanted),
  )
  return taken && refusalBy('slot-taken', taken, question)
}

/** A place in the group, where the wanted session is there already. */
function refuseSeat(question: TimeQuestion, { visits, holds }: Around): Rejection | undefined {
  const { capacity } = question.references.type
  if (!isGroup(capacity)) return undefined
  const seated = visits.filter((visit) => isSameSession(visit, question)).length
  if (seated >= capacity) return { reason: 'group-full', field: 'start' }
  const kept = holds.filter((hold) => isSameSession(placeOf(hold), question)).length
  return seated + kept >= capacity ? { reason: 'held', field: 'start' } : undefined
}

/** Names who took the time only to those who may see that visit, and never a patient. */
export function refusalBy(
  reason: RejectionReason,
  held: HeldTime,
  { subject, wanted }: Pick<TimeQuestion, 'subject' | 'wanted'>,
): Rejection {
  const row = { clinicId: wanted.clinicId, doctorId: held.doctorId, patientId: held.patientId }
  if (subject !== null && !can(subject, 'view-appointments', row)) return { reason, field: 'start' }
  const takenBy = held.origin === 'online' ? '' : held.createdByName
  return { reason, field: 'start', takenBy, takenAt: held.createdAt }
}
