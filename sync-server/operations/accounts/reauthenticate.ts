import type { Session } from '#server/operations/session.ts'
import { findPasswordHash } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse, type TooMany, tooMany } from './account-deps.ts'

type Proof = { readonly password: string; readonly address: string; readonly field: string }

/**
 * Asks somebody who is signed in for the password again, before what a stolen session must not do (OWASP ASVS 5.0, 7.5.1).
 * @returns the hash the password was checked against
 */
export async function reauthenticate(
  { database, passwords, limits, now }: Pick<AccountDeps, 'database' | 'passwords' | 'limits' | 'now'>,
  { userId }: Pick<Session, 'userId'>,
  { password, address, field }: Proof,
): Promise<{ readonly ok: true; readonly passwordHash: string } | TooMany | Refused<'wrong-password'>> {
  const wait = await limits.password.begin(address, userId, now())
  if (wait > 0) return tooMany(wait)
  const passwordHash = await database.read((tx) => findPasswordHash(tx, userId))
  if (!passwordHash || !(await passwords.isRight(password, passwordHash))) return refuse('wrong-password', field)
  await limits.password.succeed(address, userId, now())
  return { ok: true, passwordHash }
}
