/** Lets an administrator in from the machine the server runs on: where nobody can invite anybody any more, or the first one is lost. */
import type { ClinicId, Id } from '#domain/ids.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import { listRoles } from '#server/repositories/roles.ts'
import { findUserByEmail } from '#server/repositories/users.ts'
import type { AccountDeps } from './account-deps.ts'
import { issueAccountToken } from './account-links.ts'
import type { StaffInvitation } from './invite-user.ts'

export type InviteAdminAnswer =
  /** The secret of a link that makes the account, good once and for a day. */
  { readonly ok: true; readonly secret: string } | { readonly ok: false; readonly reason: 'email-exists' | 'no-role' }

/** @returns `email-exists` for an address that has an account: it is given the role in the app, by whoever may */
export function inviteAdmin(
  { writer, ...deps }: Pick<AccountDeps, 'now' | 'tokenSeal'> & { readonly writer: ClinicWriter },
  clinicId: ClinicId,
  person: { readonly name: string; readonly email: string },
): Promise<InviteAdminAnswer> {
  return writer.submit<InviteAdminAnswer>(clinicId, 'interactive', {
    subject: null,
    door: 'job',
    run: async (ctx) => {
      if (await findUserByEmail(ctx.tx, person.email)) return refused('email-exists')
      const roles = await listRoles(ctx.tx, clinicId)
      const role = roles.find(({ grants }) =>
        grants.some(({ permission, scope }) => permission === 'manage-users' && scope === 'clinic'),
      )
      if (!role) return refused('no-role')
      const invitationId: Id<'Invitation'> = ctx.newId<'Invitation'>()
      const carries: StaffInvitation = { ...person, roleIds: [role.id], grants: [], doctorId: null, invitationId }
      const secret = await issueAccountToken(deps, ctx.tx, { kind: 'invitation', clinicId, carries })
      ctx.addAudit({ userId: null, action: 'user-invited', collection: 'invitations', documentIds: [invitationId] })
      return { ok: true, value: { ok: true, secret } }
    },
  })
}

const refused = (reason: 'email-exists' | 'no-role') => ({ ok: false, value: { ok: false, reason } }) as const
