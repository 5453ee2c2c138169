import type { Subject } from '#domain/access/can.ts'
import { coversGrants } from '#domain/access/covers.ts'
import type { ChangeUserBody, ClinicUser } from '#domain/api/user-schemas.ts'
import type { DoctorId, Id, UserId } from '#domain/ids.ts'
import { lockDocument, saveDocument } from '#server/operations/save-document.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { loadSubjectRow } from '#server/repositories/access.ts'
import { listClinicsOfUser } from '#server/repositories/clinic-users.ts'
import { listRoles } from '#server/repositories/roles.ts'
import { endSessionsOfUser } from '#server/repositories/sessions.ts'
import {
  findUserOfClinic,
  renameUser,
  setGrantsOf,
  setMemberActive,
  setRolesOf,
} from '#server/repositories/user-admin.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'
import { type AdminRefusal, administer, noteRightsChanged } from './administer.ts'

type Changed = { readonly ok: true; readonly user: ClinicUser; readonly ended: readonly Id<'Session'>[] }

/**
 * Changes somebody of the clinic: name, roles, direct grants, the doctor they are, or whether they may use any of it. The actor
 * must hold everything the person holds before and after, so that nobody rises by another's account. Switched off, a person's
 * sessions in this clinic end at once.
 */
export async function changeUser(
  deps: AccountDeps,
  subject: Subject,
  userId: UserId,
  body: ChangeUserBody,
): Promise<{ readonly ok: true; readonly user: ClinicUser } | AdminRefusal> {
  const { clinicId } = subject
  const answer = await administer<Changed>(deps, subject, 'manage-users', async (ctx, actor) => {
    const before = await findUserOfClinic(ctx.tx, clinicId, userId)
    if (!before) return refuse('not-found')
    const held = (await loadSubjectRow(ctx.tx, clinicId, userId)).grants
    if (!coversGrants(actor.grants, held)) return refuse('not-allowed')
    const refusal = (await applyRights(ctx, userId, body)) ?? (await applyPerson(ctx, before, body))
    if (refusal) return refusal
    const given = (await loadSubjectRow(ctx.tx, clinicId, userId)).grants
    if (!coversGrants(actor.grants, given)) return refuse('not-allowed', body.grants ? 'grants' : 'roleIds')
    const ended = body.isActive === false ? await endSessionsOfUser(ctx.tx, userId, ctx.now, { clinicId }) : []
    await noteRightsChanged(ctx, [userId])
    const user = await findUserOfClinic(ctx.tx, clinicId, userId)
    ctx.addAudit({
      userId: subject.userId,
      action: 'user-changed',
      collection: 'users',
      documentIds: [userId],
      detail: { fields: Object.keys(body).sort().join(' ') },
    })
    return user ? { ok: true, user, ended } : refuse('not-found')
  })
  if (!answer.ok) return answer
  deps.onRightsChanged(clinicId, [userId])
  deps.onSessionsEnded(answer.ended)
  return { ok: true, user: answer.user }
}

/** Roles, direct grants and whether they count. */
export async function applyRights(
  { tx, clinicId }: WriteContext,
  userId: UserId,
  { roleIds, grants, isActive }: Pick<ChangeUserBody, 'roleIds' | 'grants' | 'isActive'>,
): Promise<Refused<'unknown-reference'> | undefined> {
  if (roleIds) {
    const known = new Set((await listRoles(tx, clinicId)).map(({ id }) => id))
    if (roleIds.some((id) => !known.has(id))) return refuse('unknown-reference', 'roleIds')
    await setRolesOf(tx, clinicId, userId, roleIds)
  }
  if (grants) await setGrantsOf(tx, clinicId, userId, grants)
  if (isActive !== undefined) await setMemberActive(tx, clinicId, userId, isActive)
  return undefined
}

async function applyPerson(
  ctx: WriteContext,
  before: Pick<ClinicUser, 'id' | 'doctorId'>,
  { name, doctorId }: ChangeUserBody,
): Promise<AdminRefusal | undefined> {
  if (name !== undefined) {
    // The account is one in all clinics: what others see of it is not this clinic's to change.
    if ((await listClinicsOfUser(ctx.tx, before.id)).length > 1) return refuse('shared-account', 'name')
    await renameUser(ctx.tx, before.id, name.trim(), ctx.now)
  }
  return doctorId === undefined || doctorId === before.doctorId ? undefined : linkDoctor(ctx, before, doctorId)
}

/** Makes the person the doctor of a row, or nobody's. */
export async function linkDoctor(
  ctx: WriteContext,
  { id: userId, doctorId: current }: Pick<ClinicUser, 'id' | 'doctorId'>,
  doctorId: DoctorId | null,
): Promise<AdminRefusal | undefined> {
  if (current !== null) {
    const former = await lockDocument(ctx, 'doctors', current)
    if (former) await saveDocument(ctx, 'doctors', former, { ...former, userId: null })
  }
  if (doctorId === null) return undefined
  const doctor = await lockDocument(ctx, 'doctors', doctorId)
  if (!doctor || doctor._deleted || doctor.clinicId !== ctx.clinicId) return refuse('unknown-reference', 'doctorId')
  if (doctor.userId !== null) return refuse('already-linked', 'doctorId')
  await saveDocument(ctx, 'doctors', doctor, { ...doctor, userId })
  return undefined
}
