import { isAcceptablePassword } from '#domain/access/password-rule.ts'
import type { RegistrationBody } from '#domain/api/account-schemas.ts'
import { queueMail } from '#server/operations/queue-mail.ts'
import { findClinic, getPolicies } from '#server/repositories/clinic-rows.ts'
import { findUserByEmail, normaliseEmail } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse, type TooMany, tooMany } from './account-deps.ts'
import { issueAccountToken, LIFETIME_MS, linkWith } from './account-links.ts'

/** What a registration keeps, sealed, until its link is opened. */
export type PendingRegistration = {
  readonly name: string
  readonly birthDate: string
  readonly email: string
  readonly passwordHash: string
}

type Answer = { readonly ok: true } | TooMany | Refused<'not-found' | 'registration-closed' | 'weak-password'>

/**
 * Begins a patient's own account. Nothing exists before the link in the e-mail is opened. An address that has an account gets
 * another mail, after the same work and with the same answer.
 */
export async function requestRegistration(deps: AccountDeps, body: RegistrationBody, address: string): Promise<Answer> {
  const now = deps.now()
  const { clinicId, name, birthDate, email, password } = body
  const clinic = await deps.database.read(async (tx) => {
    const found = await findClinic(tx, clinicId)
    return found && { ...found, isOpen: (await getPolicies(tx, clinicId)).registration === 'open' }
  })
  if (!clinic) return refuse('not-found')
  if (!clinic.isOpen) return refuse('registration-closed')
  if (!isAcceptablePassword(password, [name, email, clinic.name])) return refuse('weak-password', 'password')
  const wait = await deps.limits.mails.begin(address, `registration ${normaliseEmail(email)}`, now)
  if (wait > 0) return tooMany(wait)

  const passwordHash = await deps.passwords.hash(password)
  const known = await deps.database.read((tx) => findUserByEmail(tx, email))
  const pending: PendingRegistration = { name: name.trim(), birthDate, email: email.trim(), passwordHash }
  await deps.database.write(async (tx) => {
    const secret = await issueAccountToken(deps, tx, { kind: 'registration', clinicId, carries: pending })
    const lifetimeMs = LIFETIME_MS.registration
    await queueMail(deps, tx, {
      kind: known ? 'registration-known' : 'registration',
      to: { name: known?.name ?? pending.name, address: known?.email ?? pending.email },
      values: {
        clinic: clinic.name,
        link: known ? deps.linkTo('/') : linkWith(deps, 'registration', secret),
        hours: lifetimeMs / 3_600_000,
      },
      now,
      expiresAt: now + lifetimeMs,
    })
  })
  deps.mails.kick()
  return { ok: true }
}
