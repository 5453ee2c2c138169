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
