import type { ClinicView, LocationView } from '#domain/api/clinic-api.ts'
import { type ClinicPolicies, parsePolicies } from '#domain/clinic/policies.ts'
import type { ClinicId, LocationId } from '#domain/ids.ts'
import type { Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'

export type ClinicRow = { readonly id: ClinicId; readonly name: string; readonly zone: Zone }

/** Throws when there is no clinic of that id: every row that names one has been checked by the database. */
export async function getClinic(tx: Tx, id: ClinicId): Promise<ClinicRow> {
  return tx.selectFrom('clinics').select(['id', 'name', 'zone']).where('id', '=', id).executeTakeFirstOrThrow()
}

export async function findClinic(tx: Tx, id: ClinicId): Promise<ClinicRow | undefined> {
  return tx.selectFrom('clinics').select(['id', 'name', 'zone']).where('id', '=', id).executeTakeFirst()
}

export async function listClinics(tx: Tx): Promise<ClinicRow[]> {
  return tx.selectFrom('clinics').select(['id', 'name', 'zone']).orderBy('name').execute()
}

export async function hasClinics(tx: Tx): Promise<boolean> {
  return (await tx.selectFrom('clinics').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** What the clinic has decided, with the defaults for the rest. Throws when there is no such clinic. */
export async function getPolicies(tx: Tx, id: ClinicId): Promise<ClinicPolicies> {
  const { policies } = await tx.selectFrom('clinics').select('policies').where('id', '=', id).executeTakeFirstOrThrow()
  return parsePolicies(policies)
}

/** Stores the policies whole; call it under the clinic's lock, with what was read there. */
export async function setPolicies(tx: Tx, id: ClinicId, policies: ClinicPolicies): Promise<void> {
  await tx
    .updateTable('clinics')
    .set({ policies: JSON.stringify(policies) })
    .where('id', '=', id)
    .execute()
}

/** The clinic with what it has decided. Throws when there is none of that id. */
export async function getClinicSettings(tx: Tx, id: ClinicId): Promise<ClinicView> {
  const columns = ['id', 'name', 'zone', 'policies', 'revision'] as const
  const row = await tx.selectFrom('clinics').select(columns).where('id', '=', id).executeTakeFirstOrThrow()
  return { ...row, policies: parsePolicies(row.policies) }
}

/** Stores name, policies and revision; the caller has read the row in this transaction. */
export async function setClinicSettings(tx: Tx, { id, name, policies, revision }: ClinicView): Promise<void> {
  await tx
    .updateTable('clinics')
    .set({ name, policies: JSON.stringify(policies), revision })
    .where('id', '=', id)
    .execute()
}

/** Inserts a clinic with the counter that numbers its changes; `epoch` names this history of it. */
export async function insertClinic(tx: Tx, clinic: ClinicRow, epoch: string, now: Instant): Promise<void> {
  await tx
    .insertInto('clinics')
    .values({ id: clinic.id, name: clinic.name, zone: clinic.zone, policies: '{}', created_at: now })
    .execute()
  await tx.insertInto('change_counters').values({ clinic_id: clinic.id, value: 0, epoch }).execute()
}

type NewLocation = {
  readonly id: LocationId
  readonly clinicId: ClinicId
  readonly name: string
  readonly address: string
  /** null means the clinic's. */
  readonly zone: Zone | null
}

export async function insertLocation(tx: Tx, location: NewLocation, now: Instant): Promise<void> {
  await tx
    .insertInto('locations')
    .values({
      id: location.id,
      clinic_id: location.clinicId,
      name: location.name,
      address: location.address,
      zone: location.zone,
      created_at: now,
    })
    .execute()
}

/** The location's clinic and zone (null where the clinic's applies), or undefined when there is none of that id. */
export async function findLocation(
  tx: Tx,
  id: LocationId,
): Promise<{ readonly clinicId: ClinicId; readonly zone: Zone | null } | undefined> {
  return tx.selectFrom('locations').select(['clinic_id as clinicId', 'zone']).where('id', '=', id).executeTakeFirst()
}

const LOCATION_VIEW = ['id', 'name', 'address', 'zone', 'revision'] as const

/** The places of a clinic by name. */
export const listLocations = (tx: Tx, clinicId: ClinicId): Promise<LocationView[]> =>
  tx
    .selectFrom('locations')
    .select(LOCATION_VIEW)
    .where('clinic_id', '=', clinicId)
    .orderBy('name')
    .orderBy('id')
    .execute()

/** The place of that id in the clinic. */
export const findLocationView = (tx: Tx, clinicId: ClinicId, id: LocationId): Promise<LocationView | undefined> =>
  tx
    .selectFrom('locations')
    .select(LOCATION_VIEW)
    .where('clinic_id', '=', clinicId)
    .where('id', '=', id)
    .executeTakeFirst()

/** Stores name, address and revision; the caller has read the row in this transaction. */
export async function updateLocation(
  tx: Tx,
  clinicId: ClinicId,
  { id, name, address, revision }: LocationView,
): Promise<void> {
  await tx
    .updateTable('locations')
    .set({ name, address, revision })
    .where('clinic_id', '=', clinicId)
    .where('id', '=', id)
    .execute()
}
