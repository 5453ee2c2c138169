/** `account_tokens`: links and codes that work once. Only hashes are stored, and what a token carries is sealed. */
import type { ClinicId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import type { Tables } from '#server/database/tables.ts'

export type AccountTokenRow = Tables['account_tokens']
export type AccountTokenKind = AccountTokenRow['kind']
type Kinds = readonly AccountTokenKind[]

export async function insertAccountToken(tx: Tx, token: Omit<AccountTokenRow, 'attempts' | 'used_at'>): Promise<void> {
  await tx
    .insertInto('account_tokens')
    .values({ ...token, attempts: 0, used_at: null })
    .execute()
}

const usable = (tx: Tx, kinds: Kinds, tokenHash: string, now: Instant) =>
  tx
    .selectFrom('account_tokens')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('kind', 'in', kinds)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)

/** A token that could be redeemed now. Only redeeming decides. */
export const findAccountToken = (
  tx: Tx,
  kinds: Kinds,
  tokenHash: string,
  now: Instant,
): Promise<AccountTokenRow | undefined> => usable(tx, kinds, tokenHash, now).executeTakeFirst()

/** Uses a token up: of any number of callers with the same one exactly one gets it. */
export async function redeemAccountToken(
  tx: Tx,
  kinds: Kinds,
  tokenHash: string,
  now: Instant,
): Promise<AccountTokenRow | undefined> {
  const { numUpdatedRows } = await tx
    .updateTable('account_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('kind', 'in', kinds)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return undefined
  return tx.selectFrom('account_tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst()
}

/** Counts a wrong answer to a token; from the last one allowed on the token is used up. */
export async function countAttempt(tx: Tx, tokenHash: string, most: number, now: Instant): Promise<void> {
  await tx
    .updateTable('account_tokens')
    .set((row) => ({ attempts: row('attempts', '+', 1) }))
    .where('token_hash', '=', tokenHash)
    .execute()
  await tx
    .updateTable('account_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('attempts', '>=', most)
    .where('used_at', 'is', null)
    .execute()
}

/** Drops a person's unused tokens of some kinds, so that older links stop working. */
export async function deleteTokensOfUser(tx: Tx, userId: UserId, kinds: Kinds): Promise<void> {
  await tx
    .deleteFrom('account_tokens')
    .where('user_id', '=', userId)
    .where('kind', 'in', kinds)
    .where('used_at', 'is', null)
    .execute()
}

/** Drops a patient's unused codes of a kind. */
export async function deleteTokensOfPatient(tx: Tx, patientId: string, kinds: Kinds): Promise<void> {
  await tx
    .deleteFrom('account_tokens')
    .where('patient_id', '=', patientId as NonNullable<AccountTokenRow['patient_id']>)
    .where('kind', 'in', kinds)
    .where('used_at', 'is', null)
    .execute()
}

/** Drops tokens that have been useless for a while, with what they carried. */
export async function deleteExpiredTokens(tx: Tx, expiredBefore: Instant): Promise<void> {
  await tx.deleteFrom('account_tokens').where('expires_at', '<', expiredBefore).execute()
}

/** A clinic's tokens of a kind that could be redeemed now, the oldest first. */
export async function listOpenTokens(
  tx: Tx,
  clinicId: ClinicId,
  kind: AccountTokenKind,
  now: Instant,
): Promise<AccountTokenRow[]> {
  return tx
    .selectFrom('account_tokens')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at')
    .execute()
}

export async function deleteAccountToken(tx: Tx, tokenHash: string): Promise<void> {
  await tx.deleteFrom('account_tokens').where('token_hash', '=', tokenHash).execute()
}
