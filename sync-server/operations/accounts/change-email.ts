/** Another address to sign in with: asked for with the password, proved by a link that goes to the new address. */
import type { UserId } from '#domain/ids.ts'
import type { Tx } from '#server/database/database.ts'
import { queueMail } from '#server/operations/queue-mail.ts'
import { hashSecret } from '#server/operations/secrets.ts'
import type { Session } from '#server/operations/session.ts'
import { deleteTokensOfUser, findAccountToken, redeemAccountToken } from '#server/repositories/account-tokens.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { findUser, findUserByEmail, normaliseEmail, updateEmail } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse, type TooMany, tooMany } from './account-deps.ts'
import { carriedBy, issueAccountToken, LIFETIME_MS, linkWith } from './account-links.ts'
import { reauthenticate } from './reauthenticate.ts'
import { NOTICE_MS } from './set-password.ts'

export type EmailChange = { readonly email: string; readonly password: string; readonly address: string }

/** Sends the link. An address that has an account gets nothing, and the answer is the same. */
export async function requestEmailChange(
  deps: AccountDeps,
  session: Session,
  { email, password, address }: EmailChange,
): Promise<{ readonly ok: true } | TooMany | Refused<'wrong-password'>> {
  const { userId, clinicId } = session
  const now = deps.now()
  const proof = await reauthenticate(deps, session, { password, address, field: 'password' })
  if (!proof.ok) return proof
  const wait = await deps.limits.mails.begin(address, `email ${userId}`, now)
  if (wait > 0) return tooMany(wait)
  await deps.database.write(async (tx) => {
    const isFree = (await findUserByEmail(tx, email)) === undefined
    const user = await findUser(tx, userId)
    await deleteTokensOfUser(tx, userId, ['email-change'])
    const carries = { email: email.trim() }
    const secret = await issueAccountToken(deps, tx, { kind: 'email-change', clinicId, userId, carries })
    const lifetimeMs = LIFETIME_MS['email-change']
    await queueMail(deps, tx, {
      kind: 'email-change',
      to: isFree ? { name: user?.name ?? '', address: carries.email } : null,
      values: {
        clinic: (await getClinic(tx, clinicId)).name,
        link: linkWith(deps, 'email', secret),
        minutes: lifetimeMs / 60_000,
      },
      now,
      expiresAt: now + lifetimeMs,
    })
  })
  deps.mails.kick()
  await deps.audit({ clinicId, userId, action: 'email-change-asked' })
  return { ok: true }
}

/** Takes the new address, and tells the old one. */
export async function confirmEmailChange(
  deps: AccountDeps,
  token: string,
): Promise<{ readonly ok: true } | Refused<'link-invalid'>> {
  const now = deps.now()
  const tokenHash = hashSecret(token)
  const changed = await deps.database.write(async (tx) => {
    const row = await findAccountToken(tx, ['email-change'], tokenHash, now)
    const user = row?.user_id ? await findUser(tx, row.user_id) : undefined
    if (!row?.clinic_id || !user?.isActive) return null
    const { email } = carriedBy<{ email: string }>(deps, row)
    const holder = await findUserByEmail(tx, email)
    // Taken meanwhile by somebody else; the same person may change the case of theirs.
    if (holder && holder.id !== user.id) return null
    if (!(await redeemAccountToken(tx, ['email-change'], tokenHash, now))) return null
    await takeEmail(deps, tx, { userId: user.id, email })
    await queueMail(deps, tx, {
      kind: 'email-changed',
      to: normaliseEmail(email) === normaliseEmail(user.email) ? null : { name: user.name, address: user.email },
      values: { clinic: (await getClinic(tx, row.clinic_id)).name },
      now,
      expiresAt: now + NOTICE_MS,
    })
    return { clinicId: row.clinic_id, userId: user.id }
  })
  if (!changed) return refuse('link-invalid', 'token')
  deps.mails.kick()
  await deps.audit({ ...changed, action: 'email-changed' })
  return { ok: true }
}

/** Links that went to the old address stop working with it. */
async function takeEmail(
  { now }: Pick<AccountDeps, 'now'>,
  tx: Tx,
  { userId, email }: { readonly userId: UserId; readonly email: string },
): Promise<void> {
  await updateEmail(tx, userId, email, now())
  await deleteTokensOfUser(tx, userId, ['password-reset', 'invitation', 'email-change'])
}
