import { isAcceptablePassword } from '#domain/access/password-rule.ts'
import type { Tx } from '#server/database/database.ts'
import { queueMail } from '#server/operations/queue-mail.ts'
import { hashSecret } from '#server/operations/secrets.ts'
import { revokeAllAccessTokens } from '#server/repositories/access-tokens.ts'
import {
  type AccountTokenRow,
  deleteTokensOfUser,
  findAccountToken,
  redeemAccountToken,
} from '#server/repositories/account-tokens.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { endSessionsOfUser } from '#server/repositories/sessions.ts'
import { findUser, type UserRow, updatePasswordHash } from '#server/repositories/users.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { acceptPatientInvitation, type InvitedPatient } from './accept-patient-invitation.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'
import { carriedBy } from './account-links.ts'

export type SetPassword = { readonly token: string; readonly password: string }
type Answer = { readonly ok: true } | Refused<'link-invalid' | 'weak-password'>

const KINDS = ['password-reset', 'invitation'] as const

/**
 * Sets the password of whoever holds a reset link or an invitation. A reset ends every session and access token of the person; neither lets
 * anybody past the second factor, which the next log-in asks for as ever.
 */
export async function setPassword(deps: AccountDeps, { token, password }: SetPassword): Promise<Answer> {
  const tokenHash = hashSecret(token)
  const found = await deps.database.read(async (tx) => {
    const row = await findAccountToken(tx, KINDS, tokenHash, deps.now())
    return row && { row, ...(await whoHolds(deps, tx, row)) }
  })
  // Before anything that costs: nobody without a link makes this server hash passwords.
  if (!found) return refuse('link-invalid', 'token')
  const { row, user, clinicName, invited } = found
  const own = [user?.name ?? invited?.name ?? '', user?.email ?? invited?.email ?? '', clinicName]
  if (!isAcceptablePassword(password, own)) return refuse('weak-password', 'password')
  const passwordHash = await deps.passwords.hash(password)
  if (invited && row.clinic_id && !row.patient_id) {
    return acceptInvitation(deps, { tokenHash, clinicId: row.clinic_id, passwordHash })
  }
  if (invited && row.clinic_id && row.patient_id) {
    const invitation = { ...invited, tokenHash, clinicId: row.clinic_id, patientId: row.patient_id, passwordHash }
    return acceptPatientInvitation(deps, invitation)
  }
  return user?.isActive ? storePassword(deps, { row, user, clinicName, passwordHash }) : refuse('link-invalid', 'token')
}

type Holder = {
  readonly user: UserRow | undefined
  readonly clinicName: string
  /** An invitation makes the account when it is accepted. */
  readonly invited: InvitedPatient | undefined
}

async function whoHolds(deps: AccountDeps, tx: Tx, row: AccountTokenRow): Promise<Holder> {
  return {
    user: row.user_id === null ? undefined : await findUser(tx, row.user_id),
    clinicName: row.clinic_id === null ? '' : (await getClinic(tx, row.clinic_id)).name,
    invited: row.user_id === null ? carriedBy<InvitedPatient>(deps, row) : undefined,
  }
}

type NewPassword = {
  readonly row: AccountTokenRow
  readonly user: UserRow
  readonly clinicName: string
  readonly passwordHash: string
}

async function storePassword(deps: AccountDeps, { row, user, clinicName, passwordHash }: NewPassword): Promise<Answer> {
  const now = deps.now()
  const ended = await deps.database.write(async (tx) => {
    if (!(await redeemAccountToken(tx, KINDS, row.token_hash, now))) return null
    await updatePasswordHash(tx, user.id, passwordHash, now)
    await deleteTokensOfUser(tx, user.id, ['password-reset', 'invitation', 'second-factor'])
    if (row.kind === 'password-reset') await revokeAllAccessTokens(tx, user.id, now)
    if (row.kind === 'password-reset') await tellOfNewPassword(deps, tx, user, clinicName)
    return endSessionsOfUser(tx, user.id, now)
  })
  if (ended === null) return refuse('link-invalid', 'token')
  deps.onSessionsEnded(ended)
  deps.mails.kick()
  const action = row.kind === 'password-reset' ? 'password-reset' : 'invitation-accepted'
  if (row.clinic_id) await deps.audit({ clinicId: row.clinic_id, userId: user.id, action })
  return { ok: true }
}

/** The person learns of every change of the password that did not begin with the old one in their own session. */
export async function tellOfNewPassword(
  deps: AccountDeps,
  tx: Tx,
  user: Pick<UserRow, 'name' | 'email'>,
  clinicName: string,
): Promise<void> {
  const now = deps.now()
  await queueMail(deps, tx, {
    kind: 'password-changed',
    to: { name: user.name, address: user.email },
    values: { clinic: clinicName, link: deps.linkTo('/') },
    now,
    expiresAt: now + NOTICE_MS,
  })
}

/** A notice that comes later than this tells nobody anything new. */
export const NOTICE_MS = 3 * 24 * 3_600_000
