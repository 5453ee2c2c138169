import type { Subject } from '#domain/access/can.ts'
import type { EquipmentBody, EquipmentView } from '#domain/api/clinic-api.ts'
import type { Equipment } from '#domain/clinic/equipment.ts'
import type { EquipmentId } from '#domain/ids.ts'
import type { Database } from '#server/database/database.ts'
import type { SeenRevision } from '#server/operations/seen-revision.ts'
import { findLocationView } from '#server/repositories/clinic-rows.ts'
import { findEquipment, insertEquipment, listEquipment, updateEquipment } from '#server/repositories/resources.ts'
import { addOwn, type ClinicDeps, changeOwn, type OwnAnswer, refuseOwn } from './change-own.ts'

const EQUIPMENT = {
  table: 'equipment',
  permission: 'manage-rooms',
  find: ({ tx, clinicId }, id) => findEquipment(tx, clinicId, id as EquipmentId),
  insert: ({ tx }, row) => insertEquipment(tx, row),
  update: ({ tx, now }, row) => updateEquipment(tx, { ...row, updatedAt: now }),
  check: async ({ tx, clinicId }, { locationId }) =>
    locationId === null || (await findLocationView(tx, clinicId, locationId))
      ? undefined
      : refuseOwn('unknown-reference', 'locationId'),
} satisfies Parameters<typeof addOwn<Equipment>>[2]

export const showEquipment = ({ database }: { readonly database: Database }, { clinicId }: Subject) =>
  database.read(async (tx) => (await listEquipment(tx, clinicId)).map(toView))

export const addEquipment = (deps: ClinicDeps, subject: Subject, body: EquipmentBody): Promise<OwnAnswer<Equipment>> =>
  addOwn(deps, subject, EQUIPMENT, ({ newId, clinicId, now }) => ({
    id: body.id ?? newId<'Equipment'>(),
    clinicId,
    locationId: body.locationId ?? null,
    name: body.name,
    capacity: body.capacity ?? 1,
    isActive: true,
    revision: 1,
    updatedAt: now,
  }))

/** Visits that use it already stay; switched off it is not to be had for new ones. */
export const changeEquipment = (
  deps: ClinicDeps,
  subject: Subject,
  id: EquipmentId,
  fields: Partial<Pick<Equipment, 'name' | 'locationId' | 'capacity' | 'isActive'>>,
  seen: SeenRevision,
): Promise<OwnAnswer<Equipment>> =>
  changeOwn(deps, subject, EQUIPMENT, { id, seen, apply: (row) => ({ ...row, ...fields }) })

/** As the API shows it. */
export const toView = ({ id, locationId, name, capacity, isActive, revision }: Equipment): EquipmentView => ({
  id,
  locationId,
  name,
  capacity,
  isActive,
  revision,
})
