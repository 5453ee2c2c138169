import { isAcceptablePassword } from '#domain/access/password-rule.ts'
import type { Session } from '#server/operations/session.ts'
import { deleteTokensOfUser } from '#server/repositories/account-tokens.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { endSessionsOfUser } from '#server/repositories/sessions.ts'
import { findPasswordHash, findUser, updatePasswordHash } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse, type TooMany } from './account-deps.ts'
import { reauthenticate } from './reauthenticate.ts'
import { tellOfNewPassword } from './set-password.ts'

export type PasswordChange = {
  readonly currentPassword: string
  readonly newPassword: string
  readonly address: string
}

/** Changes the own password: the current one is asked for again, and every other session of the person ends. */
export async function changePassword(
  deps: AccountDeps,
  session: Session,
  { currentPassword, newPassword, address }: PasswordChange,
): Promise<{ readonly ok: true } | TooMany | Refused<'wrong-password' | 'weak-password'>> {
  const { userId, clinicId, sessionId } = session
  const proof = await reauthenticate(deps, session, { password: currentPassword, address, field: 'currentPassword' })
  if (!proof.ok) return proof
  const { user, clinic } = await deps.database.read(async (tx) => ({
    user: await findUser(tx, userId),
    clinic: await getClinic(tx, clinicId),
  }))
  if (!user) throw new Error('A session without an account')
  const own = [user.name, user.email, clinic.name]
  if (!isAcceptablePassword(newPassword, own) || newPassword === currentPassword) {
    return refuse('weak-password', 'newPassword')
  }
  const passwordHash = await deps.passwords.hash(newPassword)
  const now = deps.now()
  const ended = await deps.database.write(async (tx) => {
    // The hash that was checked must still stand: of two changes at once one wins.
    if ((await findPasswordHash(tx, userId)) !== proof.passwordHash) return null
    await updatePasswordHash(tx, userId, passwordHash, now)
    await deleteTokensOfUser(tx, userId, ['password-reset', 'email-change', 'second-factor'])
    await tellOfNewPassword(deps, tx, user, clinic.name)
    return endSessionsOfUser(tx, userId, now, { except: sessionId })
  })
  if (ended === null) return refuse('wrong-password', 'currentPassword')
  deps.onSessionsEnded(ended)
  deps.mails.kick()
  await deps.audit({ clinicId, userId, action: 'password-changed' })
  return { ok: true }
}
