import { isAcceptablePassword } from '#domain/access/password-rule.ts'
import type { SetUpBody } from '#domain/api/setup-schemas.ts'
import type { ClinicId, Id } from '#domain/ids.ts'
import { isZone } from '#domain/time/clinic-time.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { hasClinics, insertLocation } from '#server/repositories/clinic-rows.ts'
import {
  deleteTokensOfKind,
  insertOneTimeToken,
  isRedeemable,
  redeemOneTimeToken,
} from '#server/repositories/one-time-tokens.ts'
import type { NoteAccess } from './access-audit.ts'
import { createAccount, createClinic } from './create-clinic.ts'
import type { Passwords } from './passwords.ts'
import { hashSecret, newSecret } from './secrets.ts'

const LINK_MS = hours(24)

export type SetUpDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: <Kind extends string>() => Id<Kind>
  readonly passwords: Passwords
  readonly audit: NoteAccess
}

/**
 * The secret of a fresh set-up link, good for a day and for one use; links made before stop working.
 * @returns null when there is a clinic already
 */
export function issueSetUpLink({ database, now }: Pick<SetUpDeps, 'database' | 'now'>): Promise<string | null> {
  const secret = newSecret()
  return database.write(async (tx) => {
    if (await hasClinics(tx)) return null
    await deleteTokensOfKind(tx, 'setup-link')
    await insertOneTimeToken(tx, {
      tokenHash: hashSecret(secret),
      kind: 'setup-link',
      clinicId: null,
      userId: null,
      sessionId: null,
      deviceId: null,
      origin: null,
      createdAt: now(),
      expiresAt: now() + LINK_MS,
    })
    return secret
  })
}

export type SetUpAnswer =
  | { readonly ok: true; readonly clinicId: ClinicId }
  | {
      readonly ok: false
      readonly reason: 'setup-link-invalid' | 'unknown-zone' | 'weak-password'
      readonly field: string
    }

/** Makes the first clinic, its location and its first administrator. Works once, and only while there is no clinic. */
export async function setUpClinic(deps: SetUpDeps, body: SetUpBody): Promise<SetUpAnswer> {
  const { clinic, admin, token } = body
  const tokenHash = hashSecret(token)
  // Before anything that costs: nobody without the link makes this server hash passwords.
  const isKnown = await deps.database.read((tx) => isRedeemable(tx, 'setup-link', tokenHash, deps.now()))
  if (!isKnown) return { ok: false, reason: 'setup-link-invalid', field: 'token' }
  if (!isZone(clinic.zone)) return { ok: false, reason: 'unknown-zone', field: 'clinic.zone' }
  if (!isAcceptablePassword(admin.password, [admin.name, admin.email, clinic.name])) {
    return { ok: false, reason: 'weak-password', field: 'admin.password' }
  }
  const passwordHash = await deps.passwords.hash(admin.password)
  const clinicId = deps.newId<'Clinic'>()
  const made = await deps.database.write(async (tx) => {
    const bound = await redeemOneTimeToken(tx, 'setup-link', tokenHash, deps.now())
    if (!bound || (await hasClinics(tx))) return { ok: false, reason: 'setup-link-invalid', field: 'token' } as const
    await createClinic(deps, tx, { id: clinicId, name: clinic.name, zone: clinic.zone })
    const location = { id: deps.newId<'Location'>(), clinicId, name: clinic.name, address: '', zone: null }
    await insertLocation(tx, location, deps.now())
    const account = { name: admin.name, email: admin.email, passwordHash, clinicId, role: 'admin' } as const
    return { ok: true, userId: await createAccount(deps, tx, account) } as const
  })
  if (!made.ok) return made
  await deps.audit({ clinicId, userId: made.userId, action: 'clinic-set-up' })
  return { ok: true, clinicId }
}
