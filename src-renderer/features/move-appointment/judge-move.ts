/**
 * Whether a visit may be dropped on a place of the board, asked at every step of a drag. Pure and quick; the write that
 * follows a drop asks again with everything this device knows, and the server decides.
 */
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { sessionId } from '#domain/appointment/group-session.ts'
import { isGroup } from '#domain/appointment/occupancy.ts'
import type { DoctorId } from '#domain/ids.ts'
import { busyBeside, NO_BUFFERS, withBuffers } from '#domain/schedule/buffers.ts'
import { type Interval, overlaps } from '#domain/schedule/interval.ts'
import { isInsideHours } from '#domain/schedule/working-hours.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { HeldTime } from '#renderer/local-db/held-times.ts'
import { GRACE_MS, type LocalReason, NOT_HERE } from '#renderer/local-db/place-check.ts'

export type MovePlace = { readonly doctorId: DoctorId; readonly start: Instant }

export type DayAround = {
  /** The visits of the shown day. */
  readonly appointments: readonly Appointment[]
  /** The times that others keep. */
  readonly held: readonly HeldTime[]
  readonly hoursOf: (doctorId: DoctorId) => readonly Interval[]
  readonly typeOf: (id: AppointmentType['id']) => AppointmentType | undefined
  readonly now: Instant
  /** False for a day whose visits this device does not hold. */
  readonly isHeld: boolean
  readonly mayMove: (place: MovePlace) => boolean
}

/** @returns the rule that speaks against the place, or null */
export function judgeMove(visit: Appointment, place: MovePlace, around: DayAround): LocalReason | null {
  const { doctorId, start } = place
  if (doctorId === visit.doctorId && start === visit.start && visit.status !== 'unplaced') return null
  if (!around.mayMove(place)) return 'not-allowed'
  if (start < around.now - GRACE_MS) return 'in-the-past'
  if (!around.isHeld) return NOT_HERE
  const type = around.typeOf(visit.typeId)
  if (doctorId !== visit.doctorId && type && type.doctorIds.length > 0 && !type.doctorIds.includes(doctorId))
    return 'type-not-offered'
  const wanted = { start, end: start + visit.end - visit.start }
  if (!isInsideHours(wanted, around.hoursOf(doctorId))) return 'outside-hours'

  const others = around.appointments.filter((other) => other.id !== visit.id && holdsTime(other.status))
  const buffers = type ?? NO_BUFFERS
  const reach = withBuffers(wanted, buffers)
  const capacity = type?.capacity ?? 1
  const isSeated = (other: Appointment | HeldTime): boolean =>
    isGroup(capacity) && sessionId(other) === sessionId({ ...visit, doctorId, ...wanted })
  const isInTheWay = (other: Appointment | HeldTime): boolean =>
    other.doctorId === doctorId &&
    !isSeated(other) &&
    overlaps(busyBeside(other, around.typeOf(other.typeId) ?? NO_BUFFERS, buffers), reach)
  const seats = others.filter(isSeated).length
  if (seats >= capacity) return 'group-full'
  if (others.some(isInTheWay)) return 'slot-taken'
  const seatsKept = around.held.filter(isSeated).length
  if (around.held.some(isInTheWay) || (seatsKept > 0 && seats + seatsKept >= capacity)) return 'held'
  return others.some((other) => other.patientId === visit.patientId && overlaps(other, wanted)) ? 'patient-busy' : null
}
