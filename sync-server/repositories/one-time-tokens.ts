/** Secrets that work once and soon expire; only their hashes are stored. */
import type { ClinicId, DeviceId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import type { Tables } from '#server/database/tables.ts'

export type TokenKind = Tables['one_time_tokens']['kind']

export type OneTimeToken = {
  readonly tokenHash: string
  readonly kind: TokenKind
  readonly clinicId: ClinicId | null
  readonly userId: UserId | null
  readonly sessionId: Id<'Session'> | null
  readonly deviceId: DeviceId | null
  readonly origin: string | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

export async function insertOneTimeToken(tx: Tx, token: OneTimeToken): Promise<void> {
  await tx
    .insertInto('one_time_tokens')
    .values({
      token_hash: token.tokenHash,
      kind: token.kind,
      clinic_id: token.clinicId,
      user_id: token.userId,
      session_id: token.sessionId,
      device_id: token.deviceId,
      origin: token.origin,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
      used_at: null,
    })
    .execute()
}

/**
 * Uses a token up: of any number of callers with the same token exactly one gets it.
 * @returns what the token was bound to, or undefined when it was used, has expired or never was
 */
export async function redeemOneTimeToken(
  tx: Tx,
  kind: TokenKind,
  tokenHash: string,
  now: Instant,
): Promise<Pick<OneTimeToken, 'sessionId' | 'deviceId' | 'origin'> | undefined> {
  const { numUpdatedRows } = await tx
    .updateTable('one_time_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return undefined
  return tx
    .selectFrom('one_time_tokens')
    .select(['session_id as sessionId', 'device_id as deviceId', 'origin'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
}

/** Whether a token could be redeemed now. Only redeeming decides. */
export async function isRedeemable(tx: Tx, kind: TokenKind, tokenHash: string, now: Instant): Promise<boolean> {
  const row = await tx
    .selectFrom('one_time_tokens')
    .select('token_hash')
    .where('token_hash', '=', tokenHash)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row !== undefined
}

/** Drops tickets that could not be used for a while. */
export async function deleteSpentTickets(tx: Tx, expiredBefore: Instant): Promise<void> {
  await tx
    .deleteFrom('one_time_tokens')
    .where('expires_at', '<', expiredBefore)
    .where('kind', '=', 'socket-ticket')
    .execute()
}

/** Drops every unused token of a kind, so that only the next one made works. */
export async function deleteTokensOfKind(tx: Tx, kind: TokenKind): Promise<void> {
  await tx.deleteFrom('one_time_tokens').where('kind', '=', kind).where('used_at', 'is', null).execute()
}
