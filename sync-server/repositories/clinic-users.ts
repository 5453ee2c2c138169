/** `clinic_users`: who belongs to a clinic. */
import type { ClinicId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { insertIgnore, type Tx } from '#server/database/dialect.ts'

/** @returns false when the person belonged to the clinic before. */
export const insertClinicUser = (tx: Tx, clinicId: ClinicId, userId: UserId, now: Instant): Promise<boolean> =>
  insertIgnore(tx, 'clinic_users', { clinic_id: clinicId, user_id: userId, is_active: 1, created_at: now })

/** Whether the person belongs to the clinic, and may use what they hold there; undefined for a stranger to it. */
export async function findClinicUser(
  tx: Tx,
  clinicId: ClinicId,
  userId: UserId,
): Promise<{ readonly isActive: boolean } | undefined> {
  const row = await tx
    .selectFrom('clinic_users')
    .select('is_active')
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row && { isActive: row.is_active === 1 }
}

/** The names of those of them who work for the clinic: whose rights reach further than their own visits. */
export async function listStaffNames(
  tx: Tx,
  clinicId: ClinicId,
  ids: readonly UserId[],
): Promise<ReadonlyMap<UserId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('users')
    .innerJoin('model_has_roles as held', 'held.model_id', 'users.id')
    .innerJoin('role_has_permissions as granted', 'granted.role_id', 'held.role_id')
    .select(['users.id', 'users.name'])
    .distinct()
    .where('users.id', 'in', ids)
    .where('held.clinic_id', '=', clinicId)
    .where('held.model_type', '=', 'user')
    .where('granted.scope', '<>', 'own-patient')
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function listClinicsOfUser(tx: Tx, userId: UserId): Promise<ClinicId[]> {
  const rows = await tx.selectFrom('clinic_users').select('clinic_id').where('user_id', '=', userId).execute()
  return rows.map((row) => row.clinic_id)
}
