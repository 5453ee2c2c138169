/** Rooms and equipment of a clinic, and which visits take them when. */
import type { Equipment } from '#domain/clinic/equipment.ts'
import type { Room } from '#domain/clinic/room-schema.ts'
import type { AppointmentId, ClinicId, EquipmentId, RoomId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { HOUR_MS } from '#domain/time/instant.ts'
import { lockRow, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'
import { HELD, type HeldTime } from './appointments.ts'
import { toDocument } from './document-rows.ts'

/** No visit is longer, which a constraint keeps. */
const LONGEST_MS = 24 * HOUR_MS

/** The rooms in the order in which the server takes the first free one; deleted ones left out. */
export async function listRooms(tx: Tx, clinicId: ClinicId): Promise<Room[]> {
  const rows = await tx
    .selectFrom('rooms')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('is_deleted', '=', 0)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map((row) => toDocument('rooms', row))
}

export async function listEquipment(tx: Tx, clinicId: ClinicId): Promise<Equipment[]> {
  const rows = await tx.selectFrom('equipment').selectAll().where('clinic_id', '=', clinicId).orderBy('id').execute()
  return rows.map(toEquipment)
}

/** The equipment of that id in the clinic. */
export async function findEquipment(tx: Tx, clinicId: ClinicId, id: EquipmentId): Promise<Equipment | undefined> {
  const query = tx.selectFrom('equipment').selectAll().where('clinic_id', '=', clinicId).where('id', '=', id)
  const row = await lockRow(tx, query).executeTakeFirst()
  return row && toEquipment(row)
}

/** @throws the driver's duplicate-key error when the id is taken. */
export async function insertEquipment(tx: Tx, equipment: Equipment): Promise<void> {
  await tx.insertInto('equipment').values(toRow(equipment)).execute()
}

/** Stores the equipment in the place of its row; the caller has read that in this transaction. */
export async function updateEquipment(tx: Tx, equipment: Equipment): Promise<void> {
  const { id, clinic_id, ...columns } = toRow(equipment)
  await tx.updateTable('equipment').set(columns).where('clinic_id', '=', clinic_id).where('id', '=', id).execute()
}

export type ResourceKind = 'room' | 'equipment'
/** A visit that holds time and uses a resource. */
export type ResourceUse = HeldTime & { readonly resourceId: string }

/**
 * The visits that use some rooms, or some equipment, in the stretch, locked until the transaction ends: a range scan of the
 * index on resource, held time and start for each.
 */
export async function lockResourceUse(
  tx: Tx,
  clinicId: ClinicId,
  kind: ResourceKind,
  resourceIds: readonly string[],
  { start, end }: Interval,
): Promise<ResourceUse[]> {
  if (resourceIds.length === 0) return []
  const query = tx
    .selectFrom('appointment_resources')
    .innerJoin('appointments', 'appointments.id', 'appointment_resources.appointment_id')
    .select(HELD)
    .select('appointment_resources.resource_id as resourceId')
    .where('appointment_resources.clinic_id', '=', clinicId)
    .where('appointment_resources.kind', '=', kind)
    .where('appointment_resources.resource_id', 'in', resourceIds)
    .where('appointment_resources.holds_time', '=', 1)
    .where('appointment_resources.start_at', '<', end)
    .where('appointment_resources.start_at', '>', start - LONGEST_MS)
    .where('appointment_resources.end_at', '>', start)
  return lockRow(tx, query).execute()
}

/** Brings the rows of a visit's room and equipment to what the visit says. */
export async function replaceResources(tx: Tx, visit: WireDocument<'appointments'>, holdsTime: boolean): Promise<void> {
  await deleteResources(tx, visit.clinicId, visit.id)
  const rows = resourcesOf(visit, holdsTime)
  if (rows.length > 0) await tx.insertInto('appointment_resources').values(rows).execute()
}

const deleteResources = (tx: Tx, clinicId: ClinicId, id: AppointmentId) =>
  tx.deleteFrom('appointment_resources').where('clinic_id', '=', clinicId).where('appointment_id', '=', id).execute()

type ResourceRow = Tables['appointment_resources']

function resourcesOf(visit: WireDocument<'appointments'>, holdsTime: boolean): ResourceRow[] {
  const row = (kind: ResourceKind, resourceId: RoomId | EquipmentId): ResourceRow => ({
    clinic_id: visit.clinicId,
    appointment_id: visit.id,
    kind,
    resource_id: resourceId,
    start_at: visit.start,
    end_at: visit.end,
    holds_time: holdsTime ? 1 : 0,
  })
  const room = visit.roomId === null ? [] : [row('room', visit.roomId)]
  return [...room, ...[...new Set(visit.equipmentIds)].map((id) => row('equipment', id))]
}

const toEquipment = (row: Tables['equipment']): Equipment => ({
  id: row.id,
  clinicId: row.clinic_id,
  locationId: row.location_id,
  name: row.name,
  capacity: row.capacity,
  isActive: row.is_active === 1,
  revision: row.revision,
  updatedAt: row.updated_at,
})

const toRow = (equipment: Equipment): Tables['equipment'] => ({
  id: equipment.id,
  clinic_id: equipment.clinicId,
  location_id: equipment.locationId,
  name: equipment.name,
  capacity: equipment.capacity,
  is_active: equipment.isActive ? 1 : 0,
  revision: equipment.revision,
  updated_at: equipment.updatedAt,
})
