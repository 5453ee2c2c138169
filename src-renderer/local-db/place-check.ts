/**
 * Whether a visit may stand where it is wanted, as far as this device knows. The server decides; this spares a person the
 * round trip for what is plainly impossible, and offline keeps two visits off one time.
 */

import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, DoctorId, PatientId } from '#domain/ids.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import { isInsideHours } from '#domain/schedule/working-hours.ts'
import type { RejectionReason } from '#domain/sync/rejection-reasons.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import { type Desk, hoursOf, offers, takenBetween } from './desk.ts'

export type LocalRefusal = {
  readonly ok: false
  readonly reason: RejectionReason
  readonly field?: string
  /** The visit in the way. */
  readonly inTheWay?: AppointmentId
}

export const refuse = (reason: RejectionReason, field?: string, inTheWay?: AppointmentId): LocalRefusal => ({
  ok: false,
  reason,
  ...(field === undefined ? {} : { field }),
  ...(inTheWay === undefined ? {} : { inTheWay }),
})

export type WantedPlace = {
  /** The visit itself when it already stands somewhere. */
  readonly id?: AppointmentId
  readonly doctorId: DoctorId
  readonly patientId: PatientId
  readonly type: AppointmentType
  readonly start: Instant
  readonly end: Instant
}

/** @returns the first rule broken, or undefined when nothing here speaks against it */
export async function findObstacle(desk: Desk, wanted: WantedPlace): Promise<LocalRefusal | undefined> {
  const { doctorId, patientId, type, start, end } = wanted
  if (!offers(type, doctorId)) return refuse('type-not-offered', 'typeId')
  if (start < desk.now()) return refuse('in-the-past', 'start')
  const [day, lastDay] = [start, end].map((instant) => localDayOf(instant, desk.user.clinic.zone)) as [string, string]
  const hours = await hoursOf(desk, doctorId, day, lastDay)
  if (!isInsideHours({ start, end }, hours)) return refuse('outside-hours', 'start')

  const others = (await takenBetween(desk, day, lastDay)).filter((visit) => visit.id !== wanted.id)
  const reach = { start: start - minutes(type.bufferBeforeMinutes), end: end + minutes(type.bufferAfterMinutes) }
  const holder = others.find((visit) => visit.doctorId === doctorId && overlaps(visit, reach))
  if (holder) return refuse('slot-taken', 'start', holder.id)
  const elsewhere = others.find((visit) => visit.patientId === patientId && overlaps(visit, { start, end }))
  return elsewhere && refuse('patient-busy', 'start', elsewhere.id)
}
