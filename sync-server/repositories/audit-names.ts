/** Names for the ids that audit rows hold. */
import type { ClinicId, DeviceId, UserId } from '#domain/ids.ts'
import type { Tx } from '#server/database/dialect.ts'

export async function listUserNames(tx: Tx, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.selectFrom('users').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Those of the accounts that belong to doctors of the clinic: their names are public there. */
export async function listDoctorUserIds(
  tx: Tx,
  clinicId: ClinicId,
  ids: readonly UserId[],
): Promise<ReadonlySet<UserId>> {
  if (ids.length === 0) return new Set()
  const rows = await tx
    .selectFrom('doctors')
    .select('user_id')
    .where('user_id', 'in', ids)
    .where('clinic_id', '=', clinicId)
    .execute()
  return new Set(rows.flatMap(({ user_id }) => user_id ?? []))
}

export async function listDeviceNames(
  tx: Tx,
  clinicId: ClinicId,
  ids: readonly DeviceId[],
): Promise<ReadonlyMap<DeviceId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('devices')
    .select(['id', 'name'])
    .where('id', 'in', ids)
    .where('clinic_id', '=', clinicId)
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
