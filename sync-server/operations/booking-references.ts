/** Finds what a booking or a hold names: its doctor, patient, type and place, all of the same clinic. */
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { type Buffers, NO_BUFFERS } from '#domain/schedule/buffers.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import type { Zone } from '#domain/time/clinic-time.ts'
import { findLocation, getClinic } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listAllTypes } from '#server/repositories/people.ts'
import type { Types } from './types-of-clinic.ts'
import type { WriteContext } from './write-context.ts'

export type References = {
  readonly doctor: Doctor
  readonly type: AppointmentType
  readonly locationId: Appointment['locationId']
  readonly zone: Zone
}

export type ReferencesAnswer =
  | { readonly ok: true; readonly references: References }
  | { readonly ok: false; readonly rejection: Rejection }

type Named = Pick<Appointment, 'doctorId' | 'typeId' | 'locationId'> & { readonly patientId: PatientId | null }

/** What the appointment names, or which of its fields names nothing bookable in this clinic. */
export async function findReferences(ctx: WriteContext, named: Named): Promise<ReferencesAnswer> {
  const doctor = await findOwn(ctx, 'doctors', named.doctorId)
  // A doctor who has left can be booked no more, but has seen patients.
  if (!doctor || !(doctor.isActive || ctx.door === 'import')) return unknown('doctorId')
  if (named.patientId !== null && !(await findOwn(ctx, 'patients', named.patientId))) return unknown('patientId')
  const type = (await typesOf(ctx)).get(named.typeId)
  if (!type || type._deleted) return unknown('typeId')
  const locationId = named.locationId ?? doctor.locationId
  const zone = await zoneOf(ctx, locationId)
  if (!zone) return unknown('locationId')
  return { ok: true, references: { doctor, type, locationId, zone } }
}

const unknown = (field: string): ReferencesAnswer => ({ ok: false, rejection: { reason: 'unknown-reference', field } })

/** The document of this clinic, or undefined: deleted, unknown and another clinic's alike. */
export async function findOwn<Name extends CollectionName & ('doctors' | 'patients')>(
  { tx, clinicId, recall }: WriteContext,
  name: Name,
  id: string,
): Promise<WireDocument<Name> | undefined> {
  const found = await recall(`${name}/${id}`, () => findDocument(tx, name, id))
  return found && found.clinicId === clinicId && !found._deleted ? found : undefined
}

/** Every type of the clinic, deleted ones included. */
export const typesOf = ({ tx, clinicId, recall }: WriteContext): Promise<Types> =>
  recall('types', async () => new Map((await listAllTypes(tx, clinicId)).map((type) => [type.id, type])))

/** The buffers of a type, also of one that is no longer offered. */
export const buffersOf = (types: Types, id: AppointmentTypeId): Buffers => types.get(id) ?? NO_BUFFERS

/** How many patients share a session of the type. */
export const capacityOf = (types: Types, id: AppointmentTypeId): number => types.get(id)?.capacity ?? 1

/** The zone in which a doctor works; undefined when there is no such doctor in this clinic. */
export async function findZoneOfDoctor(ctx: WriteContext, id: DoctorId): Promise<Zone | undefined> {
  const doctor = await findOwn(ctx, 'doctors', id)
  return doctor && zoneOf(ctx, doctor.locationId)
}

/** The zone of a place, or of the clinic; undefined when the place is not the clinic's. */
export async function zoneOf(ctx: WriteContext, locationId: Appointment['locationId']): Promise<Zone | undefined> {
  const clinic = await ctx.readOnce('clinic', () => getClinic(ctx.tx, ctx.clinicId))
  if (locationId === null) return clinic.zone
  const location = await ctx.readOnce(`locations/${locationId}`, () => findLocation(ctx.tx, locationId))
  return location?.clinicId === ctx.clinicId ? (location.zone ?? clinic.zone) : undefined
}
