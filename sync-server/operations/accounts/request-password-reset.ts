import type { Tx } from '#server/database/database.ts'
import { queueMail } from '#server/operations/queue-mail.ts'
import { deleteTokensOfUser } from '#server/repositories/account-tokens.ts'
import { findLogIn, normaliseEmail } from '#server/repositories/users.ts'
import { type AccountDeps, type TooMany, tooMany } from './account-deps.ts'
import { issueAccountToken, LIFETIME_MS, linkWith } from './account-links.ts'

/**
 * Sends a link that sets a new password to an address that has an account. For one without, the same rows are written and
 * dropped unsent, so that neither the answer nor its time tells which it was.
 */
export async function requestPasswordReset(
  deps: AccountDeps,
  { email, address }: { readonly email: string; readonly address: string },
): Promise<{ readonly ok: true } | TooMany> {
  const now = deps.now()
  const wait = await deps.limits.mails.begin(address, `reset ${normaliseEmail(email)}`, now)
  if (wait > 0) return tooMany(wait)
  const row = await deps.database.read((tx) => findLogIn(tx, email))
  const [clinic] = row?.clinics ?? []
  const reached = row?.isActive && clinic ? row : undefined
  await deps.database.write(async (tx: Tx) => {
    const userId = reached?.id ?? null
    await deleteTokensOfUser(tx, reached?.id ?? deps.newId<'User'>(), ['password-reset'])
    const secret = await issueAccountToken(deps, tx, { kind: 'password-reset', clinicId: clinic?.id ?? null, userId })
    const lifetimeMs = LIFETIME_MS['password-reset']
    await queueMail(deps, tx, {
      kind: 'password-reset',
      to: reached ? { name: reached.name, address: reached.email } : null,
      values: {
        clinic: clinic?.name ?? '',
        link: linkWith(deps, 'password', secret),
        minutes: lifetimeMs / 60_000,
      },
      now,
      expiresAt: now + lifetimeMs,
    })
  })
  deps.mails.kick()
  if (reached && clinic) noteLater(deps, { clinicId: clinic.id, userId: reached.id, action: 'password-reset-asked' })
  return { ok: true }
}

/** Written after the answer, so that its time does not tell whether the account exists. */
export function noteLater({ audit }: Pick<AccountDeps, 'audit'>, entry: Parameters<AccountDeps['audit']>[0]): void {
  setImmediate(() => {
    audit(entry).catch(() => undefined)
  })
}
