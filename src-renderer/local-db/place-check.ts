/**
 * Whether a visit may stand where it is wanted, as far as this device knows. The server decides; this spares a person the
 * round trip for what is plainly impossible, and offline keeps two visits off one time.
 */

import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { isGroup } from '#domain/appointment/occupancy.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { busyBeside, NO_BUFFERS, withBuffers } from '#domain/schedule/buffers.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import { isInsideHours } from '#domain/schedule/working-hours.ts'
import type { RejectionReason } from '#domain/sync/rejection-reasons.ts'
import { reachOf } from '#domain/sync/window.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { MINUTE_MS, minutes } from '#domain/time/instant.ts'
import { type Desk, heldFrom, hoursOf, offers, type Taken, takenBetween, typesById } from './desk.ts'
import type { HeldTime } from './held-times.ts'

/** A day outside the replicated window: who is booked there, this device does not know. */
export const NOT_HERE = 'day-not-here'
/** What the server may answer, and what only a device can come up against. */
export type LocalReason = RejectionReason | typeof NOT_HERE

export type LocalRefusal = {
  readonly ok: false
  readonly reason: LocalReason
  readonly field?: string
  /** The visit in the way. */
  readonly inTheWay?: AppointmentId
}

export const refuse = (reason: LocalReason, field?: string, inTheWay?: AppointmentId): LocalRefusal => ({
  ok: false,
  reason,
  ...(field === undefined ? {} : { field }),
  ...(inTheWay === undefined ? {} : { inTheWay }),
})

/** What a reason for overbooking waives. */
export const OVERBOOKABLE: ReadonlySet<string> = new Set<LocalReason>(['slot-taken', 'group-full', 'held'])

/** How late a desk may enter a visit that has begun; the server's own measure. */
export const GRACE_MS = minutes(15)

export type WantedPlace = Pick<Appointment, 'id' | 'doctorId' | 'patientId' | 'start' | 'end'> & {
  readonly type: AppointmentType
  /** The visit as it stands; null for a new one. */
  readonly current: Appointment | null
  /** Said to go beside other visits: what the doctor, the group and others hold is waived, not what the patient does. */
  readonly isOverbooked?: boolean
}

/** @returns the first rule broken, or undefined when nothing here speaks against it */
export async function findObstacle(desk: Desk, wanted: WantedPlace): Promise<LocalRefusal | undefined> {
  const { doctorId, type, start, end, current } = wanted
  if (start % MINUTE_MS !== 0) return refuse('invalid-document', 'start')
  if (current?.doctorId !== doctorId && !offers(type, doctorId)) return refuse('type-not-offered', 'typeId')
  const isNewTime = current === null || current.status === 'unplaced' || current.start !== start
  if (isNewTime && start < desk.now() - GRACE_MS) return refuse('in-the-past', 'start')
  const { zone } = desk.user.clinic
  const [day, lastDay] = [localDayOf(start, zone), localDayOf(end, zone)]
  if (isNewTime && reachOf(day, localDayOf(desk.now(), zone)) !== 'held') return refuse(NOT_HERE, 'start')
  if (!isInsideHours({ start, end }, await hoursOf(desk, doctorId, day, lastDay))) {
    return refuse('outside-hours', 'start')
  }
  return findOverlap(desk, wanted)
}

/** True when a visit is part of the group session that the wanted one joins. */
const isSameSession = (visit: Taken | HeldTime, { type, doctorId, start, end }: WantedPlace): boolean =>
  isGroup(type.capacity) &&
  visit.typeId === type.id &&
  visit.doctorId === doctorId &&
  visit.start === start &&
  visit.end === end

/** Only what overlap says: another visit of the doctor or of the patient in the same time, or somebody who keeps it. */
export async function findOverlap(desk: Desk, wanted: WantedPlace): Promise<LocalRefusal | undefined> {
  const { id, doctorId, patientId, type, start, end, isOverbooked = false } = wanted
  const { zone } = desk.user.clinic
  const taken = await takenBetween(desk, localDayOf(start, zone), localDayOf(end, zone))
  const others = taken.filter((visit) => visit.id !== id)
  const types = await typesById(desk)
  const padded = withBuffers({ start, end }, type)
  const session = others.filter((visit) => isSameSession(visit, wanted))
  const [seated] = session
  if (seated && !isOverbooked && session.length >= type.capacity) return refuse('group-full', 'start', seated.id)
  const isInTheWay = (place: Taken | HeldTime): boolean =>
    place.doctorId === doctorId &&
    !isSameSession(place, wanted) &&
    overlaps(padded, busyBeside(place, types.get(place.typeId) ?? NO_BUFFERS, type))
  const holder = others.find(isInTheWay)
  if (holder && !isOverbooked) return refuse('slot-taken', 'start', holder.id)
  const kept = heldFrom(desk, doctorId)
  const seatsKept = kept.filter((held) => isSameSession(held, wanted)).length
  const isKept = kept.some(isInTheWay) || (seatsKept > 0 && session.length + seatsKept >= type.capacity)
  if (isKept && !isOverbooked) return refuse('held', 'start')
  const elsewhere = others.find((visit) => visit.patientId === patientId && overlaps(visit, { start, end }))
  return elsewhere && refuse('patient-busy', 'start', elsewhere.id)
}
