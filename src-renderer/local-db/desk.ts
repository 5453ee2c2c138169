/** Who acts on the local database, and the rules read from it. */
import type { Subject } from '#domain/access/can.ts'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import type { AppointmentTypeId, DoctorId, Id } from '#domain/ids.ts'
import { uuidV7 } from '#domain/ids.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { workingHoursBetween } from '#domain/schedule/working-hours.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { HeldTime } from './held-times.ts'
import type { LocalDatabase } from './local-database.ts'
import { allAppointmentTypes, find, readAll } from './queries.ts'

export type Desk = {
  readonly database: LocalDatabase
  readonly user: SignedInUser
  /** The present by the server's clock as far as it is known: the device's plus `serverTimeOffset`. */
  readonly now: () => Instant
  /** The times that others keep free at the moment; absent where the server is not asked for them. */
  readonly heldByOthers?: () => readonly HeldTime[]
  /** The times that this device keeps: what is booked into one stands. */
  readonly ownLeases?: () => readonly Allotment[]
}

/** The times of a doctor that others keep. */
export const heldFrom = ({ heldByOthers }: Desk, doctorId: DoctorId): readonly HeldTime[] =>
  heldByOthers?.().filter((held) => held.doctorId === doctorId) ?? []

export const subjectOf = (user: SignedInUser): Subject => ({
  userId: user.id,
  clinicId: user.clinic.id,
  doctorId: user.doctorId,
  patientIds: user.patientIds,
  grants: user.grants,
})

/** A new id, sortable by the time it was made. */
export const newId = <Kind extends string>(now: Instant): Id<Kind> =>
  uuidV7<Kind>(now, crypto.getRandomValues(new Uint8Array(10)))

/** One doctor's bookable hours from the first to the last day, both included, and across midnight into the first. */
export async function hoursOf(
  { database }: Desk,
  doctorId: DoctorId,
  from: LocalDay,
  until: LocalDay,
): Promise<Interval[]> {
  const before = addDays(from, -1)
  const templates = await readAll(find(database, 'schedule_templates', { doctorId }))
  const schedules = await readAll(
    find(database, 'schedules', { date: { $gte: addDays(before, -1), $lte: addDays(until, 1) }, doctorId }),
  )
  return workingHoursBetween({ templates, schedules, from: before, until })
}

export type Taken = Interval & Pick<Appointment, 'id' | 'doctorId' | 'patientId' | 'typeId' | 'roomId'>

/** Every visit that holds time on these days, one day around them included, for visits that run past midnight. */
export async function takenBetween({ database }: Desk, from: LocalDay, until: LocalDay): Promise<Taken[]> {
  const days = { $gte: addDays(from, -1), $lte: addDays(until, 1) }
  const visits = await readAll(find(database, 'appointments', { localDay: days }))
  return visits.filter((visit) => holdsTime(visit.status))
}

export async function findType({ database }: Desk, id: AppointmentTypeId): Promise<AppointmentType | null> {
  return (await database.appointment_types.findOne(id).exec())?.toJSON() as AppointmentType | null
}

/** Every type of the clinic, for the buffers of visits that are there and whether they are groups. */
export async function typesById({ database }: Desk): Promise<ReadonlyMap<AppointmentTypeId, AppointmentType>> {
  return new Map((await readAll(allAppointmentTypes(database))).map((type) => [type.id, type]))
}

/** True when the doctor may be booked for this kind of visit. */
export const offers = (type: AppointmentType, doctorId: DoctorId): boolean =>
  type.isActive && (type.doctorIds.length === 0 || type.doctorIds.includes(doctorId))
