/**
 * The one rule of who may be where at once, for doctors, rooms and equipment alike: half-open stretches, counted in sessions.
 *
 * A visit is a session of its own, unless its type is for groups: then the visits of one doctor, type, start, end and room are
 * one session, which takes doctor, room and equipment once, and seats as many patients as the type has places.
 */
import type { AppointmentTypeId, DoctorId, RoomId } from '#domain/ids.ts'
import { type Interval, overlaps } from '#domain/schedule/interval.ts'

/** What a session is told by; the room is part of it, because one doctor holds no two sessions at once. */
export type SessionKey = Interval & {
  readonly doctorId: DoctorId
  readonly typeId: AppointmentTypeId
  readonly roomId: RoomId | null
}

/** True when a visit of a type for `capacity` patients shares its session with another. */
export const isGroup = (capacity: number): boolean => capacity > 1

/** A name that two visits share exactly when they are one session; `id` is the visit's own. */
export function sessionOf(visit: SessionKey & { readonly id: string }, capacity: number): string {
  if (!isGroup(capacity)) return visit.id
  return [visit.doctorId, visit.typeId, visit.start, visit.end, visit.roomId ?? ''].join('/')
}

export type Occupant = Interval & { readonly session: string }

/** The most different sessions that are there at any one moment of the wanted stretch. */
export function peakDuring(occupants: readonly Occupant[], wanted: Interval): number {
  const inside = occupants.filter((occupant) => overlaps(occupant, wanted))
  // The number only grows where somebody begins, or where the stretch does.
  const moments = [wanted.start, ...inside.map(({ start }) => start).filter((start) => start > wanted.start)]
  const sessionsAt = (moment: number) =>
    new Set(inside.filter(({ start, end }) => start <= moment && moment < end).map(({ session }) => session)).size
  return Math.max(0, ...moments.map(sessionsAt))
}

/** True when one more session fits beside those there; one that is there already takes no more room. */
export function fits(occupants: readonly Occupant[], wanted: Occupant, capacity: number): boolean {
  const others = occupants.filter(({ session }) => session !== wanted.session)
  return peakDuring(others, wanted) < capacity
}
