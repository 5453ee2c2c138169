/** What a booking asks of the time it wants, who is there already, and how both are counted. */
import type { Subject } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { fits, isGroup, type Occupant, sessionOf } from '#domain/appointment/occupancy.ts'
import type { EquipmentId, RoomId } from '#domain/ids.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import type { HeldTime } from '#server/repositories/appointments.ts'
import type { Hold } from '#server/repositories/holds.ts'
import { capacityOf, type References } from './booking-references.ts'
import type { Types } from './types-of-clinic.ts'
import type { Door } from './write-context.ts'

export type TimeQuestion = {
  readonly subject: Subject | null
  readonly door: Door
  readonly wanted: Appointment
  /** The appointment as it is; null for a new one. */
  readonly current: Appointment | null
  readonly references: References
  /** The lease of its author's device that the visit lies in: what it keeps is the visit's, and it was judged when it was made. */
  readonly lease?: Allotment | undefined
  /** Leases of the author's own device count too, as they do for a further lease. */
  readonly isLease?: boolean
}

/** What a visit may have, or why it may not. */
export type Claim =
  | {
      readonly ok: true
      readonly roomId: RoomId | null
      readonly equipmentIds: EquipmentId[]
      /** True when it stands beside visits that leave no room for it. */
      readonly isOverbooked: boolean
    }
  | { readonly ok: false; readonly rejection: Rejection }

/** Everybody who is there around the wanted time: visits, live holds and what devices keep alike. */
export type Around = {
  readonly types: Types
  readonly visits: readonly HeldTime[]
  readonly holds: readonly Hold[]
  readonly mayOverbook: boolean
}

/** A hold is where its visit would be. */
export type Place = Interval & Pick<HeldTime, 'id' | 'doctorId' | 'typeId' | 'roomId'>
export const placeOf = (held: HeldTime | Hold): Place => ({ ...held, id: held.id as Place['id'] })

/** True when a visit or hold is part of the session that the wanted visit joins. */
export const isSameSession = (place: Place, { wanted, references: { type } }: TimeQuestion): boolean =>
  isGroup(type.capacity) &&
  place.doctorId === wanted.doctorId &&
  place.typeId === wanted.typeId &&
  place.start === wanted.start &&
  place.end === wanted.end

/** The room in which the session that the visit joins takes place; undefined when it begins one. */
export function roomOfSession(question: TimeQuestion, { visits, holds }: Around): RoomId | null | undefined {
  return [...visits, ...holds.map(placeOf)].find((place) => isSameSession(place, question))?.roomId
}

/** Visits and holds as the overlap rule counts them. */
const toOccupants = (places: readonly (HeldTime | Hold)[], types: Types): Occupant[] =>
  places.map(placeOf).map((place) => ({
    start: place.start,
    end: place.end,
    session: sessionOf(place, capacityOf(types, place.typeId)),
  }))

/** The wanted visit in a room, as the overlap rule counts it. */
export const asOccupant = ({ wanted, references: { type } }: TimeQuestion, roomId: RoomId | null): Occupant => ({
  start: wanted.start,
  end: wanted.end,
  session: sessionOf({ ...wanted, roomId }, type.capacity),
})

/** True when one more session fits into a resource of that capacity. */
export const hasPlaceFor = (
  wanted: Occupant,
  capacity: number,
  used: readonly (HeldTime | Hold)[],
  types: Types,
): boolean => fits(toOccupants(used, types), wanted, capacity)

/** The visit with what it was given; a reason for overbooking stays only where there was something to overbook. */
export const withClaim = <Visit extends Appointment>(visit: Visit, claim: Extract<Claim, { ok: true }>): Visit => ({
  ...visit,
  roomId: claim.roomId,
  equipmentIds: claim.equipmentIds,
  overbookReason: claim.isOverbooked ? visit.overbookReason : '',
})
