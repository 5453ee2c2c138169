/** `access_tokens`: what programs of third parties sign in with. */
import type { Permission } from '#domain/access/permissions.ts'
import type { AccessToken } from '#domain/api/factor-schemas.ts'
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

type Row = Tables['access_tokens']
type TokenId = Id<'AccessToken'>

export type AccessTokenRecord = AccessToken & { readonly clinicId: ClinicId; readonly userId: UserId }

const toRecord = (row: Row): AccessTokenRecord => ({
  id: row.id,
  clinicId: row.clinic_id,
  userId: row.user_id,
  name: row.name,
  abilities: JSON.parse(row.abilities) as Permission[],
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
})

export async function insertAccessToken(tx: Tx, row: Omit<Row, 'last_used_at' | 'revoked_at'>): Promise<void> {
  await tx
    .insertInto('access_tokens')
    .values({ ...row, last_used_at: null, revoked_at: null })
    .execute()
}

/** A token that counts: not revoked, not expired, of somebody who is active in its clinic. */
export async function findAccessTokenByHash(
  tx: Tx,
  tokenHash: string,
  now: Instant,
): Promise<AccessTokenRecord | undefined> {
  const row = await tx
    .selectFrom('access_tokens')
    .innerJoin('users', 'users.id', 'access_tokens.user_id')
    .innerJoin('clinic_users as member', (join) =>
      join
        .onRef('member.user_id', '=', 'access_tokens.user_id')
        .onRef('member.clinic_id', '=', 'access_tokens.clinic_id')
        .on('member.is_active', '=', 1),
    )
    .selectAll('access_tokens')
    .where('access_tokens.token_hash', '=', tokenHash)
    .where('users.is_active', '=', 1)
    .where('access_tokens.revoked_at', 'is', null)
    .where('access_tokens.expires_at', '>', now)
    .executeTakeFirst()
  return row && toRecord(row)
}

/** A person's tokens in a clinic that are not revoked, the newest first. */
export async function listAccessTokens(tx: Tx, clinicId: ClinicId, userId: UserId): Promise<AccessTokenRecord[]> {
  const rows = await tx
    .selectFrom('access_tokens')
    .selectAll()
    .where('user_id', '=', userId)
    .where('clinic_id', '=', clinicId)
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(toRecord)
}

export async function touchAccessToken(tx: Tx, id: TokenId, now: Instant): Promise<void> {
  await tx.updateTable('access_tokens').set({ last_used_at: now }).where('id', '=', id).execute()
}

/** @returns false when the person has no such token. */
export async function revokeAccessToken(tx: Tx, userId: UserId, id: TokenId, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('access_tokens')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Every token of a person, in every clinic. */
export async function revokeAllAccessTokens(tx: Tx, userId: UserId, now: Instant): Promise<void> {
  await tx
    .updateTable('access_tokens')
    .set({ revoked_at: now })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .execute()
}
