/** Roles, grants, and the rows a user stands for: what `can` and `visibleTo` decide on. */
import type { Subject } from '#domain/access/can.ts'
import type { Grant } from '#domain/access/permissions.ts'
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import { insertIgnore, type Tx } from '#server/database/dialect.ts'

/** The person as a subject of one clinic, with the union of the grants of all roles and of direct grants. */
export async function loadSubjectRow(tx: Tx, clinicId: ClinicId, userId: UserId): Promise<Subject> {
  const [byRole, direct, doctor, patients] = [
    await tx
      .selectFrom('model_has_roles as held')
      .innerJoin('role_has_permissions as granted', 'granted.role_id', 'held.role_id')
      .select(['granted.permission', 'granted.scope'])
      .where('held.clinic_id', '=', clinicId)
      .where('held.model_type', '=', 'user')
      .where('held.model_id', '=', userId)
      .execute(),
    await tx
      .selectFrom('model_has_permissions')
      .select(['permission', 'scope'])
      .where('clinic_id', '=', clinicId)
      .where('model_type', '=', 'user')
      .where('model_id', '=', userId)
      .execute(),
    await tx
      .selectFrom('doctors')
      .select('id')
      .where('clinic_id', '=', clinicId)
      .where('user_id', '=', userId)
      .where('is_deleted', '=', 0)
      .executeTakeFirst(),
    await tx
      .selectFrom('patients')
      .select('id')
      .where('clinic_id', '=', clinicId)
      .where('user_id', '=', userId)
      .where('is_deleted', '=', 0)
      .orderBy('id')
      .execute(),
  ]
  return {
    userId,
    clinicId,
    doctorId: doctor?.id ?? null,
    patientIds: patients.map(({ id }) => id),
    grants: withoutRepeats([...byRole, ...direct]),
  }
}

function withoutRepeats(grants: readonly Grant[]): Grant[] {
  const byKey = new Map(grants.map(({ permission, scope }) => [`${permission} ${scope}`, { permission, scope }]))
  return [...byKey.keys()].sort().flatMap((key) => byKey.get(key) ?? [])
}

export async function listRoleNames(tx: Tx, clinicId: ClinicId, userId: UserId): Promise<string[]> {
  const rows = await tx
    .selectFrom('model_has_roles as held')
    .innerJoin('roles', 'roles.id', 'held.role_id')
    .select('roles.name')
    .where('held.clinic_id', '=', clinicId)
    .where('held.model_type', '=', 'user')
    .where('held.model_id', '=', userId)
    .orderBy('roles.name')
    .execute()
  return rows.map(({ name }) => name)
}

type NewRole = { readonly id: Id<'Role'>; readonly clinicId: ClinicId; readonly name: string }

export async function insertRole(tx: Tx, role: NewRole, grants: readonly Grant[]): Promise<void> {
  await tx.insertInto('roles').values({ id: role.id, clinic_id: role.clinicId, name: role.name }).execute()
  const rows = grants.map(({ permission, scope }) => ({ role_id: role.id, permission, scope }))
  if (rows.length > 0) await tx.insertInto('role_has_permissions').values(rows).execute()
}

/** Gives the user a role of the clinic by its name, if they lack it. Throws when the clinic has no role of that name. */
export async function giveRole(tx: Tx, clinicId: ClinicId, userId: UserId, name: string): Promise<void> {
  const role = await tx
    .selectFrom('roles')
    .select('id')
    .where('clinic_id', '=', clinicId)
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  const row = { clinic_id: clinicId, model_type: 'user', model_id: userId, role_id: role.id } as const
  await insertIgnore(tx, 'model_has_roles', row)
}
