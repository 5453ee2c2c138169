/** Roles are data of a clinic: made, changed and removed by those who hold everything in them. */
import { can, type Subject } from '#domain/access/can.ts'
import { coversGrants } from '#domain/access/covers.ts'
import type { ChangeRoleBody, CreateRoleBody, Role } from '#domain/api/user-schemas.ts'
import type { Id } from '#domain/ids.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { insertRole } from '#server/repositories/access.ts'
import {
  deleteRole as deleteRoleRow,
  findRole,
  listRoles as listRoleRows,
  listUsersOfRole,
  renameRole,
  setGrantsOfRole,
} from '#server/repositories/roles.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'
import { type AdminRefusal, administer, noteRightsChanged } from './administer.ts'

/** Registration and invitation of patients give it by this name. */
const NEEDED_ROLE = 'patient'

type OneRole = { readonly ok: true; readonly role: Role }

/** The clinic's roles, for those who give them to people or change them. */
export async function listRoles(
  { database }: Pick<AccountDeps, 'database'>,
  subject: Subject,
): Promise<{ readonly ok: true; readonly roles: Role[] } | Refused<'not-allowed'>> {
  const { clinicId } = subject
  const mayLook = can(subject, 'manage-roles', { clinicId }) || can(subject, 'manage-users', { clinicId })
  if (!mayLook) return refuse('not-allowed')
  return { ok: true, roles: await database.read((tx) => listRoleRows(tx, clinicId)) }
}

export function createRole(deps: AccountDeps, subject: Subject, body: CreateRoleBody): Promise<OneRole | AdminRefusal> {
  return administer<OneRole>(deps, subject, 'manage-roles', async (ctx, actor) => {
    const name = body.name.trim()
    if (!coversGrants(actor.grants, body.grants)) return refuse('not-allowed', 'grants')
    if (await isTaken(ctx, name)) return refuse('name-taken', 'name')
    const id = ctx.newId<'Role'>()
    await insertRole(ctx.tx, { id, clinicId: ctx.clinicId, name }, body.grants)
    noteRole(ctx, actor, 'role-created', id)
    return { ok: true, role: { id, name, grants: body.grants, userCount: 0 } }
  })
}

/** Acts on everybody who has the role, within seconds. */
export async function changeRole(
  deps: AccountDeps,
  subject: Subject,
  id: Id<'Role'>,
  body: ChangeRoleBody,
): Promise<OneRole | AdminRefusal> {
  type Changed = OneRole & { readonly userIds: Awaited<ReturnType<typeof listUsersOfRole>> }
  const answer = await administer<Changed>(deps, subject, 'manage-roles', async (ctx, actor) => {
    const before = await findRole(ctx.tx, ctx.clinicId, id)
    if (!before) return refuse('not-found')
    const name = body.name?.trim() ?? before.name
    const grants = body.grants ?? before.grants
    if (!coversGrants(actor.grants, [...before.grants, ...grants])) return refuse('not-allowed', 'grants')
    if (name !== before.name && before.name === NEEDED_ROLE) return refuse('role-needed', 'name')
    if (name !== before.name && (await isTaken(ctx, name))) return refuse('name-taken', 'name')
    await renameRole(ctx.tx, id, name)
    await setGrantsOfRole(ctx.tx, id, grants)
    const userIds = await listUsersOfRole(ctx.tx, ctx.clinicId, id)
    await noteRightsChanged(ctx, userIds)
    noteRole(ctx, actor, 'role-changed', id)
    return { ok: true, role: { ...before, name, grants }, userIds }
  })
  if (!answer.ok) return answer
  deps.onRightsChanged(subject.clinicId, answer.userIds)
  return { ok: true, role: answer.role }
}

/** Only a role that nobody has can go. */
export function deleteRole(deps: AccountDeps, subject: Subject, id: Id<'Role'>) {
  return administer<{ readonly ok: true }>(deps, subject, 'manage-roles', async (ctx, actor) => {
    const role = await findRole(ctx.tx, ctx.clinicId, id)
    if (!role) return refuse('not-found')
    if (role.name === NEEDED_ROLE) return refuse('role-needed')
    if (role.userCount > 0) return refuse('role-in-use')
    if (!coversGrants(actor.grants, role.grants)) return refuse('not-allowed')
    await deleteRoleRow(ctx.tx, id)
    noteRole(ctx, actor, 'role-deleted', id)
    return { ok: true }
  })
}

const isTaken = async ({ tx, clinicId }: WriteContext, name: string): Promise<boolean> =>
  (await listRoleRows(tx, clinicId)).some((role) => role.name.toLowerCase() === name.toLowerCase())

const noteRole = (ctx: WriteContext, { userId }: Subject, action: string, id: Id<'Role'>): void =>
  ctx.addAudit({ userId, action, collection: 'roles', documentIds: [id] })
