import type { Subject } from '#domain/access/can.ts'
import type { ClinicId, UserId } from '#domain/ids.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { findAccountToken, redeemAccountToken } from '#server/repositories/account-tokens.ts'
import { insertClinicUser } from '#server/repositories/clinic-users.ts'
import { findUserByEmail, insertUser } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse, type TooMany, tooMany } from './account-deps.ts'
import { carriedBy } from './account-links.ts'
import { noteRightsChanged } from './administer.ts'
import { applyRights, linkDoctor } from './change-user.ts'
import type { StaffInvitation } from './invite-user.ts'

type Joined<Reason extends string> =
  | { readonly ok: true; readonly userId: UserId; readonly clinicId: ClinicId }
  | Refused<Reason>

/** Makes the account that an invitation was for, with the password that was chosen. */
export async function acceptInvitation(
  deps: AccountDeps,
  invited: { readonly tokenHash: string; readonly clinicId: ClinicId; readonly passwordHash: string },
): Promise<{ readonly ok: true } | Refused<'link-invalid'>> {
  const { tokenHash, clinicId, passwordHash } = invited
  const answer = await join(deps, clinicId, tokenHash, async (ctx, { name, email }) => {
    if (await findUserByEmail(ctx.tx, email)) return null
    const userId = ctx.newId<'User'>()
    await insertUser(ctx.tx, { id: userId, name, email, passwordHash }, ctx.now)
    return userId
  })
  return answer.ok ? { ok: true } : refuse('link-invalid', 'token')
}

/** Adds a clinic to the account of whoever types in the code of an invitation. */
export async function joinClinic(
  deps: AccountDeps,
  { userId }: Subject,
  { code, address }: { readonly code: string; readonly address: string },
): Promise<{ readonly ok: true; readonly clinicId: ClinicId } | Refused<'code-invalid'> | TooMany> {
  const wait = await deps.limits.linkCode.begin(address, userId, deps.now())
  if (wait > 0) return tooMany(wait)
  const tokenHash = deps.hashCode(code, 'invitation')
  const row = await deps.database.read((tx) => findAccountToken(tx, ['invitation'], tokenHash, deps.now()))
  if (!row?.clinic_id || row.patient_id !== null) return refuse('code-invalid', 'code')
  const answer = await join(deps, row.clinic_id, tokenHash, async () => userId)
  if (!answer.ok) return refuse('code-invalid', 'code')
  await deps.limits.linkCode.succeed(address, userId, deps.now())
  return { ok: true, clinicId: answer.clinicId }
}

/** Uses an invitation up for somebody, whose account `whose` finds or makes. */
async function join(
  deps: AccountDeps,
  clinicId: ClinicId,
  tokenHash: string,
  whose: (ctx: WriteContext, invitation: StaffInvitation) => Promise<UserId | null>,
): Promise<Joined<'link-invalid'>> {
  const answer = await deps.writer.submit<Joined<'link-invalid'>>(clinicId, 'interactive', {
    subject: null,
    door: 'rest',
    run: async (ctx) => {
      const row = await redeemAccountToken(ctx.tx, ['invitation'], tokenHash, ctx.now)
      const invitation = row && carriedBy<StaffInvitation>(deps, row)
      const userId = invitation ? await whose(ctx, invitation) : null
      if (!invitation || userId === null) return { ok: false, value: refuse('link-invalid') }
      const isNew = await insertClinicUser(ctx.tx, clinicId, userId, ctx.now)
      const refusal = isNew
        ? ((await applyRights(ctx, userId, invitation)) ??
          (await linkDoctor(ctx, { id: userId, doctorId: null }, invitation.doctorId)))
        : refuse('link-invalid')
      if (refusal) return { ok: false, value: refuse('link-invalid') }
      await noteRightsChanged(ctx, [userId])
      const documentIds = [invitation.invitationId]
      ctx.addAudit({ userId, action: 'invitation-accepted', collection: 'invitations', documentIds })
      return { ok: true, value: { ok: true, userId, clinicId } }
    },
  })
  if (answer.ok) deps.onRightsChanged(clinicId, [answer.userId])
  return answer
}
