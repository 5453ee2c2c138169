/** `second_factors` and `recovery_codes`: what a person proves at log-in beside the password. */
import type { UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type SecondFactorRow = Tables['second_factors']

export const findSecondFactor = (tx: Tx, userId: UserId): Promise<SecondFactorRow | undefined> =>
  tx.selectFrom('second_factors').selectAll().where('user_id', '=', userId).executeTakeFirst()

/** Replaces a secret that was never confirmed. The caller has made sure that none is. */
export async function setUnconfirmedFactor(tx: Tx, userId: UserId, sealed: string, now: Instant): Promise<void> {
  await tx.deleteFrom('second_factors').where('user_id', '=', userId).where('confirmed_at', 'is', null).execute()
  await tx
    .insertInto('second_factors')
    .values({ user_id: userId, sealed, last_step: 0, confirmed_at: null, created_at: now })
    .execute()
}

/** Takes a time step: of any number of callers with a code of the same step exactly one gets it, and none with an older one. */
export async function takeStep(tx: Tx, userId: UserId, step: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('second_factors')
    .set({ last_step: step })
    .where('user_id', '=', userId)
    .where('last_step', '<', step)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function confirmFactor(tx: Tx, userId: UserId, now: Instant): Promise<void> {
  await tx
    .updateTable('second_factors')
    .set({ confirmed_at: now })
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is', null)
    .execute()
}

/** @returns false when there was none. */
export async function deleteFactor(tx: Tx, userId: UserId): Promise<boolean> {
  await tx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  const { numDeletedRows } = await tx.deleteFrom('second_factors').where('user_id', '=', userId).executeTakeFirst()
  return numDeletedRows === 1n
}

/** Puts new codes in the place of all codes before. */
export async function replaceRecoveryCodes(tx: Tx, userId: UserId, hashes: readonly string[]): Promise<void> {
  await tx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  const rows = hashes.map((code_hash) => ({ user_id: userId, code_hash, used_at: null }))
  await tx.insertInto('recovery_codes').values(rows).execute()
}

/** How many codes are left to use. */
export async function countRecoveryCodes(tx: Tx, userId: UserId): Promise<number> {
  const { count } = await tx
    .selectFrom('recovery_codes')
    .select(({ fn }) => fn.countAll<number | bigint>().as('count'))
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Uses a recovery code up. */
export async function takeRecoveryCode(tx: Tx, userId: UserId, codeHash: string, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('recovery_codes')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
