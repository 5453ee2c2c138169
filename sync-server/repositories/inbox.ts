/** `inbox`: which event a service has acted on. */
import type { Instant } from '#domain/time/instant.ts'
import { insertIgnore, type Tx } from '#server/database/dialect.ts'

/** Of these events, those the service has acted on already. */
export async function findConsumed(tx: Tx, consumer: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await tx
    .selectFrom('inbox')
    .select('event_id')
    .where('consumer', '=', consumer)
    .where('event_id', 'in', ids)
    .execute()
  return new Set(rows.map(({ event_id }) => event_id))
}

/**
 * Notes events as acted on, in the transaction of their effects.
 * @throws the driver's duplicate-key error when another process has noted one of them since
 */
export async function noteConsumed(tx: Tx, consumer: string, ids: readonly string[], now: Instant): Promise<void> {
  if (ids.length === 0) return
  await tx
    .insertInto('inbox')
    .values(ids.map((event_id) => ({ consumer, event_id, created_at: now })))
    .execute()
}

/** Notes one event; false when that was done before. */
export const noteOnce = (tx: Tx, consumer: string, eventId: string, now: Instant): Promise<boolean> =>
  insertIgnore(tx, 'inbox', { consumer, event_id: eventId, created_at: now })
