/** The people of a clinic with what they hold there, and the changes of it. Who may change what is decided above. */
import type { Grant } from '#domain/access/permissions.ts'
import type { ClinicUser } from '#domain/api/user-schemas.ts'
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import { normaliseEmail } from './users.ts'

export type UserPage = {
  readonly search: string | undefined
  readonly roleId: Id<'Role'> | undefined
  /** The last of the page before. */
  readonly after: { readonly name: string; readonly id: UserId } | undefined
  readonly limit: number
}

const members = (tx: Tx, clinicId: ClinicId) =>
  tx
    .selectFrom('clinic_users as member')
    .innerJoin('users', 'users.id', 'member.user_id')
    .leftJoin('second_factors as factor', (join) =>
      join.onRef('factor.user_id', '=', 'users.id').on('factor.confirmed_at', 'is not', null),
    )
    .select([
      'users.id',
      'users.name',
      'users.email',
      'users.is_active as isEnabled',
      'member.is_active as isMember',
      'member.created_at as createdAt',
      'factor.user_id as factorOf',
    ])
    .where('member.clinic_id', '=', clinicId)

/** By name, then id. `search` is found in the name as typed and in the address. */
export async function listClinicUsers(tx: Tx, clinicId: ClinicId, page: UserPage): Promise<ClinicUser[]> {
  const { search, roleId, after, limit } = page
  let query = members(tx, clinicId).orderBy('users.name').orderBy('users.id').limit(limit)
  if (after) {
    query = query.where((row) =>
      row.or([
        row('users.name', '>', after.name),
        row.and([row('users.name', '=', after.name), row('users.id', '>', after.id)]),
      ]),
    )
  }
  if (roleId !== undefined) {
    query = query.where((row) =>
      row.exists(
        row
          .selectFrom('model_has_roles as held')
          .select('held.role_id')
          .whereRef('held.model_id', '=', 'users.id')
          .where('held.model_type', '=', 'user')
          .where('held.clinic_id', '=', clinicId)
          .where('held.role_id', '=', roleId),
      ),
    )
  }
  if (search !== undefined) {
    const part = `%${escapeLike(search)}%`
    const address = `%${escapeLike(normaliseEmail(search))}%`
    query = query.where((row) =>
      row.or([row('users.name', 'like', part), row('users.email_normalised', 'like', address)]),
    )
  }
  return withRights(tx, clinicId, await query.execute())
}

/** `%` and `_` stand for themselves; so does the character that says so, on both engines. */
const escapeLike = (text: string): string => text.replace(/[%_\\]/g, '')

export async function findUserOfClinic(tx: Tx, clinicId: ClinicId, userId: UserId): Promise<ClinicUser | undefined> {
  const rows = await members(tx, clinicId).where('users.id', '=', userId).execute()
  return (await withRights(tx, clinicId, rows))[0]
}

type Member = Awaited<ReturnType<ReturnType<typeof members>['execute']>>[number]

async function withRights(tx: Tx, clinicId: ClinicId, rows: readonly Member[]): Promise<ClinicUser[]> {
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return []
  const roles = await tx
    .selectFrom('model_has_roles as held')
    .innerJoin('roles', 'roles.id', 'held.role_id')
    .select(['held.model_id as userId', 'roles.id', 'roles.name'])
    .where('held.clinic_id', '=', clinicId)
    .where('held.model_type', '=', 'user')
    .where('held.model_id', 'in', ids)
    .orderBy('roles.name')
    .execute()
  const grants = await tx
    .selectFrom('model_has_permissions')
    .select(['model_id as userId', 'permission', 'scope'])
    .where('clinic_id', '=', clinicId)
    .where('model_type', '=', 'user')
    .where('model_id', 'in', ids)
    .orderBy('permission')
    .execute()
  const doctors = await tx
    .selectFrom('doctors')
    .select(['id', 'user_id'])
    .where('clinic_id', '=', clinicId)
    .where('user_id', 'in', ids)
    .where('is_deleted', '=', 0)
    .execute()
  return rows.map(({ id, name, email, isEnabled, isMember, createdAt, factorOf }) => ({
    id,
    name,
    email,
    isActive: isEnabled === 1 && isMember === 1,
    hasSecondFactor: factorOf !== null,
    doctorId: doctors.find(({ user_id }) => user_id === id)?.id ?? null,
    roles: roles.filter(({ userId }) => userId === id).map((role) => ({ id: role.id, name: role.name })),
    grants: grants.filter(({ userId }) => userId === id).map(({ permission, scope }) => ({ permission, scope })),
    createdAt,
  }))
}

/** Replaces the roles somebody has in a clinic. The ids are those of roles of that clinic. */
export async function setRolesOf(
  tx: Tx,
  clinicId: ClinicId,
  userId: UserId,
  roleIds: readonly Id<'Role'>[],
): Promise<void> {
  await tx
    .deleteFrom('model_has_roles')
    .where('clinic_id', '=', clinicId)
    .where('model_type', '=', 'user')
    .where('model_id', '=', userId)
    .execute()
  const rows = roleIds.map(
    (id) => ({ clinic_id: clinicId, model_type: 'user', model_id: userId, role_id: id }) as const,
  )
  if (rows.length > 0) await tx.insertInto('model_has_roles').values(rows).execute()
}

/** Replaces what somebody is granted in a clinic beside their roles. */
export async function setGrantsOf(tx: Tx, clinicId: ClinicId, userId: UserId, grants: readonly Grant[]): Promise<void> {
  await tx
    .deleteFrom('model_has_permissions')
    .where('clinic_id', '=', clinicId)
    .where('model_type', '=', 'user')
    .where('model_id', '=', userId)
    .execute()
  const rows = grants.map((grant) => ({ clinic_id: clinicId, model_type: 'user', model_id: userId, ...grant }) as const)
  if (rows.length > 0) await tx.insertInto('model_has_permissions').values(rows).execute()
}

export async function setMemberActive(tx: Tx, clinicId: ClinicId, userId: UserId, isActive: boolean): Promise<void> {
  await tx
    .updateTable('clinic_users')
    .set({ is_active: isActive ? 1 : 0 })
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .execute()
}

export async function renameUser(tx: Tx, userId: UserId, name: string, now: Instant): Promise<void> {
  await tx.updateTable('users').set({ name, updated_at: now }).where('id', '=', userId).execute()
}

/** Notes that people's rights have changed. */
export async function raiseAccessVersion(tx: Tx, userIds: readonly UserId[], now: Instant): Promise<void> {
  if (userIds.length === 0) return
  await tx
    .updateTable('users')
    .set((row) => ({ access_version: row('access_version', '+', 1), updated_at: now }))
    .where('id', 'in', userIds)
    .execute()
}

/**
 * Whether anybody is left who can administer the clinic: may sign in, is not switched off, and holds both manage-users and
 * manage-roles for the clinic, by a role or directly.
 */
export async function hasAdministrator(tx: Tx, clinicId: ClinicId): Promise<boolean> {
  const holders = async (permission: 'manage-users' | 'manage-roles') => {
    const byRole = await tx
      .selectFrom('model_has_roles as held')
      .innerJoin('role_has_permissions as granted', 'granted.role_id', 'held.role_id')
      .select('held.model_id as id')
      .where('held.clinic_id', '=', clinicId)
      .where('held.model_type', '=', 'user')
      .where('granted.permission', '=', permission)
      .where('granted.scope', '=', 'clinic')
      .execute()
    const direct = await tx
      .selectFrom('model_has_permissions')
      .select('model_id as id')
      .where('clinic_id', '=', clinicId)
      .where('model_type', '=', 'user')
      .where('permission', '=', permission)
      .where('scope', '=', 'clinic')
      .execute()
    return new Set([...byRole, ...direct].map(({ id }) => id as UserId))
  }
  const both = (await holders('manage-users')).intersection(await holders('manage-roles'))
  if (both.size === 0) return false
  const active = await tx
    .selectFrom('clinic_users as member')
    .innerJoin('users', 'users.id', 'member.user_id')
    .select('users.id')
    .where('member.clinic_id', '=', clinicId)
    .where('member.is_active', '=', 1)
    .where('users.is_active', '=', 1)
    .where('users.password_hash', 'is not', null)
    .where('users.id', 'in', [...both])
    .limit(1)
    .executeTakeFirst()
  return active !== undefined
}
