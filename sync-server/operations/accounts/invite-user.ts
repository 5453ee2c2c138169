/**
 * Invitations of people who work at the clinic. Nobody exists before they accept: an address without an account gets a link that
 * makes one, an address that has one a code to type in when signed in. Which of the two it was, the clinic does not learn.
 */
import { can, type Subject } from '#domain/access/can.ts'
import { coversGrants } from '#domain/access/covers.ts'
import type { Grant } from '#domain/access/permissions.ts'
import type { InviteBody, PendingInvitation } from '#domain/api/user-schemas.ts'
import type { ClinicId, Id } from '#domain/ids.ts'
import { queueMail } from '#server/operations/queue-mail.ts'
import { newCode } from '#server/operations/secrets.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { deleteAccountToken, listOpenTokens } from '#server/repositories/account-tokens.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listRoles } from '#server/repositories/roles.ts'
import { findUserByEmail } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'
import { carriedBy, issueAccountToken, LIFETIME_MS, linkWith } from './account-links.ts'
import { type AdminRefusal, administer } from './administer.ts'

/** What an invitation carries, sealed, until it is accepted. */
export type StaffInvitation = Required<InviteBody> & { readonly invitationId: Id<'Invitation'> }

type Invited = { readonly ok: true; readonly invitation: PendingInvitation }

/** @returns `not-allowed` also for roles or rights that the inviting person does not hold */
export async function inviteUser(
  deps: AccountDeps,
  subject: Subject,
  body: InviteBody,
): Promise<Invited | AdminRefusal> {
  const answer = await administer<Invited>(deps, subject, 'manage-users', async (ctx, actor) => {
    const { clinicId, tx } = ctx
    const roles = await listRoles(tx, clinicId)
    const chosen = roles.filter(({ id }) => body.roleIds.includes(id))
    if (chosen.length < body.roleIds.length) return refuse('unknown-reference', 'roleIds')
    const given: Grant[] = [...chosen.flatMap(({ grants }) => grants), ...(body.grants ?? [])]
    if (!coversGrants(actor.grants, given)) return refuse('not-allowed', 'roleIds')
    const doctor = body.doctorId ? await findDocument(tx, 'doctors', body.doctorId) : null
    if (doctor === undefined || (doctor && doctor.clinicId !== clinicId)) return refuse('unknown-reference', 'doctorId')
    if (doctor && doctor.userId !== null) return refuse('already-linked', 'doctorId')
    const invitationId = ctx.newId<'Invitation'>()
    const { name, email, roleIds, grants = [], doctorId = null } = body
    await sendInvitation(deps, ctx, {
      name: name.trim(),
      email: email.trim(),
      roleIds,
      grants,
      doctorId,
      invitationId,
    })
    ctx.addAudit({
      userId: actor.userId,
      action: 'user-invited',
      collection: 'invitations',
      documentIds: [invitationId],
    })
    const expiresAt = ctx.now + LIFETIME_MS.invitation
    const invitation = {
      id: invitationId,
      name: name.trim(),
      email: email.trim(),
      roleIds,
      createdAt: ctx.now,
      expiresAt,
    }
    return { ok: true, invitation }
  })
  deps.mails.kick()
  return answer
}

async function sendInvitation(deps: AccountDeps, { tx, clinicId, now }: WriteContext, invitation: StaffInvitation) {
  const clinic = await getClinic(tx, clinicId)
  const known = await findUserByEmail(tx, invitation.email)
  const lifetimeMs = LIFETIME_MS.invitation
  const common = {
    to: { name: known?.name ?? invitation.name, address: invitation.email },
    now,
    expiresAt: now + lifetimeMs,
  }
  const about = { clinic: clinic.name, hours: lifetimeMs / 3_600_000 }
  const token = { kind: 'invitation', clinicId, carries: invitation } as const
  if (known) {
    const secret = newCode(2, 5)
    const code = { secret, hash: deps.hashCode(secret, 'invitation') }
    await issueAccountToken(deps, tx, { ...token, code })
    await queueMail(deps, tx, {
      kind: 'clinic-added',
      ...common,
      values: { ...about, link: deps.linkTo('/'), code: secret },
    })
    return
  }
  const link = linkWith(deps, 'password', await issueAccountToken(deps, tx, token))
  await queueMail(deps, tx, { kind: 'invitation', ...common, values: { ...about, link } })
}

/** The invitations that nobody has accepted yet, the oldest first. */
export async function listInvitations(
  deps: AccountDeps,
  subject: Subject,
): Promise<{ readonly ok: true; readonly invitations: PendingInvitation[] } | Refused<'not-allowed'>> {
  const { clinicId } = subject
  if (!can(subject, 'manage-users', { clinicId })) return refuse('not-allowed')
  const rows = await openInvitations(deps, clinicId)
  return {
    ok: true,
    invitations: rows.map(({ row, carried: { invitationId: id, name, email, roleIds } }) => ({
      id,
      name,
      email,
      roleIds: [...roleIds],
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    })),
  }
}

/** Takes an invitation back: its link or code stops working. */
export async function withdrawInvitation(
  deps: AccountDeps,
  subject: Subject,
  id: Id<'Invitation'>,
): Promise<{ readonly ok: true } | AdminRefusal> {
  const open = await openInvitations(deps, subject.clinicId)
  const found = open.find(({ carried }) => carried.invitationId === id)
  return administer<{ readonly ok: true }>(deps, subject, 'manage-users', async (ctx, actor) => {
    if (!found) return refuse('not-found')
    await deleteAccountToken(ctx.tx, found.row.token_hash)
    ctx.addAudit({ userId: actor.userId, action: 'invitation-withdrawn', collection: 'invitations', documentIds: [id] })
    return { ok: true }
  })
}

async function openInvitations(deps: AccountDeps, clinicId: ClinicId) {
  const rows = await deps.database.read((tx) => listOpenTokens(tx, clinicId, 'invitation', deps.now()))
  return rows
    .filter((row) => row.patient_id === null && row.user_id === null)
    .map((row) => ({ row, carried: carriedBy<StaffInvitation>(deps, row) }))
}
