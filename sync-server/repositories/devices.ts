import type { ClinicDevice } from '#domain/api/user-schemas.ts'
import type { ClinicId, DeviceId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'

type SeenDevice = { readonly id: DeviceId; readonly clinicId: ClinicId; readonly userId: UserId; readonly name: string }

/**
 * Remembers that a user signed in on a device. Ids are made by clients, so a device that another clinic knows is left alone.
 * @returns whether the device may be named by a session of this clinic
 */
export async function seeDevice(tx: Tx, device: SeenDevice, now: Instant): Promise<boolean> {
  const known = await tx.selectFrom('devices').select(['clinic_id']).where('id', '=', device.id).executeTakeFirst()
  if (known && known.clinic_id !== device.clinicId) return false
  if (known) {
    await tx
      .updateTable('devices')
      .set({ last_user_id: device.userId, name: device.name, last_seen_at: now })
      .where('id', '=', device.id)
      .execute()
    return true
  }
  await tx
    .insertInto('devices')
    .values({
      id: device.id,
      clinic_id: device.clinicId,
      last_user_id: device.userId,
      name: device.name,
      unsent_count: 0,
      created_at: now,
      last_seen_at: now,
      revoked_at: null,
    })
    .execute()
  return true
}

/** Whether a clinic has taken the device's access away. */
export async function isDeviceRevoked(tx: Tx, id: DeviceId): Promise<boolean> {
  const row = await tx.selectFrom('devices').select('revoked_at').where('id', '=', id).executeTakeFirst()
  return row !== undefined && row.revoked_at !== null
}

const MOST_DEVICES = 500

/** The clinic's devices, those seen last first. */
export async function listDevices(tx: Tx, clinicId: ClinicId): Promise<ClinicDevice[]> {
  return tx
    .selectFrom('devices')
    .innerJoin('users', 'users.id', 'devices.last_user_id')
    .select([
      'devices.id',
      'devices.name',
      'devices.last_user_id as lastUserId',
      'users.name as lastUserName',
      'devices.created_at as createdAt',
      'devices.last_seen_at as lastSeenAt',
      'devices.unsent_count as unsentCount',
      'devices.revoked_at as revokedAt',
    ])
    .where('devices.clinic_id', '=', clinicId)
    .orderBy('devices.last_seen_at', 'desc')
    .limit(MOST_DEVICES)
    .execute()
}

/** @returns false when the clinic has no such device, or has revoked it before. */
export async function revokeDeviceRow(tx: Tx, clinicId: ClinicId, id: DeviceId, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('devices')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('clinic_id', '=', clinicId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Who used a device of the clinic last. */
export async function findDeviceUser(tx: Tx, clinicId: ClinicId, id: DeviceId): Promise<UserId | undefined> {
  const query = tx.selectFrom('devices').select('last_user_id').where('id', '=', id).where('clinic_id', '=', clinicId)
  return (await query.executeTakeFirst())?.last_user_id
}

/** Remembers how many changes wait on a device, and that it was heard of. */
export async function noteUnsent(tx: Tx, id: DeviceId, unsentCount: number, now: Instant): Promise<void> {
  await tx.updateTable('devices').set({ unsent_count: unsentCount, last_seen_at: now }).where('id', '=', id).execute()
}

/** What a device of the clinic is called, as far as an allotment has room for it. */
export async function findDeviceName(tx: Tx, clinicId: ClinicId, id: DeviceId): Promise<string | undefined> {
  const query = tx.selectFrom('devices').select('name').where('id', '=', id).where('clinic_id', '=', clinicId)
  return (await query.executeTakeFirst())?.name.slice(0, 120)
}
