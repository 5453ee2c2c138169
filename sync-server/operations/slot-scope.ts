/** Who asks for free times, of which doctors, and in which window: read once, before any calendar. */
import { can, type Subject } from '#domain/access/can.ts'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId, ClinicId, DoctorId, LocationId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { type Asker, type BookingWindow, bookingWindow } from '#domain/schedule/booking-window.ts'
import type { Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { findLocation, getClinic } from '#server/repositories/clinic-rows.ts'
import { listActiveDoctors, listAllTypes } from '#server/repositories/people.ts'
import { type Recall, readAnew } from './read-memory.ts'

/** One doctor, those of a specialization, or any who offers the type. */
export type Whose = {
  readonly typeId: AppointmentTypeId
  readonly doctorId?: DoctorId | undefined
  readonly specialization?: string | undefined
}

/** A doctor who may be offered, and as what the subject asks there. */
export type Seeker = { readonly doctor: Doctor; readonly asker: Asker; readonly window: BookingWindow }

export type SlotScope = {
  readonly clinicId: ClinicId
  /** The clinic's zone: days and wall times of answers are its. */
  readonly zone: Zone
  readonly now: Instant
  readonly type: AppointmentType
  /** Every type of the clinic, for the buffers of visits there. */
  readonly types: readonly AppointmentType[]
  /** In the order of the board. */
  readonly seekers: readonly Seeker[]
  readonly recall: Recall
}

export type ScopeRefusal = {
  readonly ok: false
  readonly reason: 'unknown-reference' | 'type-not-offered' | 'not-allowed'
  readonly field: 'typeId' | 'doctorId'
}
export type ScopeAnswer = { readonly ok: true; readonly scope: SlotScope } | ScopeRefusal

/** As what a subject asks for a doctor's times; undefined when they may not. */
export type AskerOf = (subject: Subject, doctor: Doctor) => Asker | undefined

/** Staff book for whom their permission reaches; whoever books for themselves asks as a patient. */
export const askerToBook: AskerOf = (subject, { id, clinicId }) => {
  if (can(subject, 'book-appointment', { clinicId, doctorId: id })) return 'staff'
  const isPatient = subject.grants.some(
    ({ permission, scope }) => permission === 'book-appointment' && scope === 'own-patient',
  )
  return isPatient ? 'patient' : undefined
}

/** Whoever may see a doctor's hours counts what is free in all of them. */
export const askerToMeasure: AskerOf = (subject, { id, clinicId }) =>
  can(subject, 'view-schedules', { clinicId, doctorId: id }) ? 'staff' : undefined

/** What a search may look at, or why there is nothing to look at. */
export async function openScope(
  tx: Tx,
  subject: Subject,
  { typeId, doctorId, specialization }: Whose,
  { now, askerOf, recall = readAnew }: { readonly now: Instant; readonly askerOf: AskerOf; readonly recall?: Recall },
): Promise<ScopeAnswer> {
  const { clinicId } = subject
  const types = await recall('types', () => listAllTypes(tx, clinicId))
  const type = types.find(({ id, _deleted }) => id === typeId && !_deleted)
  if (!type) return { ok: false, reason: 'unknown-reference', field: 'typeId' }
  if (!type.isActive) return { ok: false, reason: 'type-not-offered', field: 'typeId' }
  const everybody = await recall('doctors', () => listActiveDoctors(tx, clinicId))
  const named = doctorId === undefined ? everybody : everybody.filter(({ id }) => id === doctorId)
  if (named.length === 0 && doctorId !== undefined) return { ok: false, reason: 'unknown-reference', field: 'doctorId' }
  const offering = named.filter(
    (doctor) =>
      (type.doctorIds.length === 0 || type.doctorIds.includes(doctor.id)) &&
      (specialization === undefined || doctor.specialization === specialization),
  )
  if (offering.length === 0 && doctorId !== undefined) return { ok: false, reason: 'type-not-offered', field: 'typeId' }
  const asked = offering.map((doctor) => ({ doctor, asker: askerOf(subject, doctor) }))
  const open = asked.filter((seeker) => seeker.asker !== undefined)
  if (open.length === 0 && offering.length > 0) return { ok: false, reason: 'not-allowed', field: 'doctorId' }
  const askers = open.filter(({ asker }) => asker === 'staff' || type.isOnline)
  if (askers.length === 0 && open.length > 0) return { ok: false, reason: 'type-not-offered', field: 'typeId' }

  const { zone } = await getClinic(tx, clinicId)
  const zoneOf = await zonesOfPlaces(tx, zone, askers)
  const seekers = askers.flatMap(({ doctor, asker }) =>
    asker ? [{ doctor, asker, window: bookingWindow({ ...type, asker, now, zone: zoneOf(doctor.locationId) }) }] : [],
  )
  return { ok: true, scope: { clinicId, zone, now, type, types, seekers, recall } }
}

async function zonesOfPlaces(tx: Tx, zone: Zone, seekers: readonly { readonly doctor: Doctor }[]) {
  const zones = new Map<LocationId | null, Zone>([[null, zone]])
  for (const { doctor } of seekers) {
    const { locationId } = doctor
    if (locationId === null || zones.has(locationId)) continue
    zones.set(locationId, (await findLocation(tx, locationId))?.zone ?? zone)
  }
  return (id: LocationId | null): Zone => zones.get(id) ?? zone
}
