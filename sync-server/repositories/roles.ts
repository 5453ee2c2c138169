/** `roles` and what they grant, per clinic. */
import type { Grant } from '#domain/access/permissions.ts'
import type { Role } from '#domain/api/user-schemas.ts'
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import type { Tx } from '#server/database/dialect.ts'

type RoleId = Id<'Role'>

export async function listRoles(tx: Tx, clinicId: ClinicId): Promise<Role[]> {
  const roles = await tx
    .selectFrom('roles')
    .select(['id', 'name'])
    .where('clinic_id', '=', clinicId)
    .orderBy('name')
    .execute()
  const granted = await tx
    .selectFrom('role_has_permissions as granted')
    .innerJoin('roles', 'roles.id', 'granted.role_id')
    .select(['granted.role_id as roleId', 'granted.permission', 'granted.scope'])
    .where('roles.clinic_id', '=', clinicId)
    .orderBy('granted.permission')
    .execute()
  const held = await tx
    .selectFrom('model_has_roles')
    .select((row) => ['role_id as roleId', row.fn.countAll<number | string | bigint>().as('userCount')])
    .where('clinic_id', '=', clinicId)
    .groupBy('role_id')
    .execute()
  return roles.map(({ id, name }) => ({
    id,
    name,
    grants: granted.filter(({ roleId }) => roleId === id).map(({ permission, scope }) => ({ permission, scope })),
    userCount: Number(held.find(({ roleId }) => roleId === id)?.userCount ?? 0),
  }))
}

export async function findRole(tx: Tx, clinicId: ClinicId, id: RoleId): Promise<Role | undefined> {
  return (await listRoles(tx, clinicId)).find((role) => role.id === id)
}

export async function listUsersOfRole(tx: Tx, clinicId: ClinicId, id: RoleId): Promise<UserId[]> {
  const rows = await tx
    .selectFrom('model_has_roles')
    .select('model_id')
    .where('clinic_id', '=', clinicId)
    .where('model_type', '=', 'user')
    .where('role_id', '=', id)
    .execute()
  return rows.map(({ model_id }) => model_id as UserId)
}

export async function renameRole(tx: Tx, id: RoleId, name: string): Promise<void> {
  await tx.updateTable('roles').set({ name }).where('id', '=', id).execute()
}

export async function setGrantsOfRole(tx: Tx, id: RoleId, grants: readonly Grant[]): Promise<void> {
  await tx.deleteFrom('role_has_permissions').where('role_id', '=', id).execute()
  const rows = grants.map(({ permission, scope }) => ({ role_id: id, permission, scope }))
  if (rows.length > 0) await tx.insertInto('role_has_permissions').values(rows).execute()
}

/** The caller has made sure that nobody has it. */
export async function deleteRole(tx: Tx, id: RoleId): Promise<void> {
  await tx.deleteFrom('role_has_permissions').where('role_id', '=', id).execute()
  await tx.deleteFrom('roles').where('id', '=', id).execute()
}
