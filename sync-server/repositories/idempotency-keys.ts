/** Keys by which a repeated request is known, written with the effect they stand for. */
import type { UserId } from '#domain/ids.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type KeyScope = {
  readonly userId: UserId
  readonly method: string
  readonly route: string
  readonly key: string
}

export async function findIdempotencyKey(
  tx: Tx,
  { userId, method, route, key }: KeyScope,
): Promise<{ readonly bodyHash: string; readonly documentId: string } | undefined> {
  return tx
    .selectFrom('idempotency_keys')
    .select(['body_hash as bodyHash', 'document_id as documentId'])
    .where('user_id', '=', userId)
    .where('method', '=', method)
    .where('route', '=', route)
    .where('idempotency_key', '=', key)
    .executeTakeFirst()
}

export async function insertIdempotencyKey(tx: Tx, row: Tables['idempotency_keys']): Promise<void> {
  await tx.insertInto('idempotency_keys').values(row).execute()
}
