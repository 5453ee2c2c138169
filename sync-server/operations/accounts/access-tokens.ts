/** Personal access tokens: a program acts for a person, with some of the person's rights, until a day. */
import { mayEver } from '#domain/access/can.ts'
import type { AccessToken, CreateTokenBody } from '#domain/api/factor-schemas.ts'
import type { Id } from '#domain/ids.ts'
import { hours } from '#domain/time/instant.ts'
import { ACCESS_TOKEN_PREFIX } from '#server/operations/find-session.ts'
import { hashSecret, newSecret } from '#server/operations/secrets.ts'
import type { Session } from '#server/operations/session.ts'
import {
  type AccessTokenRecord,
  insertAccessToken,
  listAccessTokens,
  revokeAccessToken,
} from '#server/repositories/access-tokens.ts'
import { type AccountDeps, type Refused, refuse, type TooMany } from './account-deps.ts'
import { reauthenticate } from './reauthenticate.ts'

type Created = { readonly ok: true; readonly accessToken: AccessToken; readonly token: string }

/** Makes a token; its text is in the answer and nowhere else. Abilities that the person does not hold are refused. */
export async function createAccessToken(
  deps: AccountDeps,
  session: Session,
  body: CreateTokenBody & { readonly address: string },
): Promise<Created | TooMany | Refused<'wrong-password' | 'not-allowed'>> {
  const { userId, clinicId, via } = session
  const { password, address, abilities } = body
  const proof = await reauthenticate(deps, session, { password, address, field: 'password' })
  if (!proof.ok) return proof
  const subject = await session.subject()
  if (!abilities.every((ability) => mayEver(subject, ability))) return refuse('not-allowed', 'abilities')
  const token = `${ACCESS_TOKEN_PREFIX}${newSecret()}`
  const createdAt = deps.now()
  const expiresAt = createdAt + hours(24 * body.expiresInDays)
  const id = deps.newId<'AccessToken'>()
  const name = body.name.trim()
  await deps.database.write((tx) =>
    insertAccessToken(tx, {
      id,
      clinic_id: clinicId,
      user_id: userId,
      name,
      token_hash: hashSecret(token),
      abilities: JSON.stringify(abilities),
      created_at: createdAt,
      expires_at: expiresAt,
    }),
  )
  await deps.audit({
    clinicId,
    userId,
    via,
    action: 'token-created',
    collection: 'access_tokens',
    documentIds: [id],
  })
  return { ok: true, token, accessToken: { id, name, abilities, createdAt, expiresAt, lastUsedAt: null } }
}

/** The person's own tokens in this clinic, expired ones included until they are revoked. */
export async function listOwnTokens(
  { database }: Pick<AccountDeps, 'database'>,
  { clinicId, userId }: Session,
): Promise<AccessToken[]> {
  const records = await database.read((tx) => listAccessTokens(tx, clinicId, userId))
  return records.map(({ clinicId: _, userId: __, ...token }: AccessTokenRecord) => token)
}

/** Ends one of the person's own tokens at once. */
export async function revokeOwnToken(
  { database, now, audit }: Pick<AccountDeps, 'database' | 'now' | 'audit'>,
  { clinicId, userId, via }: Session,
  id: Id<'AccessToken'>,
): Promise<{ readonly ok: true } | Refused<'not-found'>> {
  if (!(await database.write((tx) => revokeAccessToken(tx, userId, id, now())))) return refuse('not-found')
  await audit({ clinicId, userId, via, action: 'token-revoked', collection: 'access_tokens', documentIds: [id] })
  return { ok: true }
}
