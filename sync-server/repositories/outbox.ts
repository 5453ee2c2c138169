/** `outbox`: the events of committed transactions, until the bus has them. */
import type { Instant } from '#domain/time/instant.ts'
import { claimDue, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type OutboxRow = Tables['outbox']

export async function insertEvents(tx: Tx, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('outbox').values(rows).execute()
}

/** Takes events that nobody has passed on, oldest first; until `leaseEndsAt` no other relay takes them. */
export async function claimUnsentEvents(
  tx: Tx,
  { now, leaseEndsAt, limit }: { readonly now: Instant; readonly leaseEndsAt: Instant; readonly limit: number },
): Promise<OutboxRow[]> {
  const unsent = tx
    .selectFrom('outbox')
    .selectAll()
    .where('sent_at', 'is', null)
    .where('claimed_until', '<=', now)
    .orderBy('id')
    .limit(limit)
  const rows = await claimDue(tx, unsent).execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0) {
    await tx.updateTable('outbox').set({ claimed_until: leaseEndsAt }).where('id', 'in', ids).execute()
  }
  return rows
}

export async function markEventsSent(tx: Tx, ids: readonly string[], now: Instant): Promise<void> {
  if (ids.length > 0) await tx.updateTable('outbox').set({ sent_at: now }).where('id', 'in', ids).execute()
}

/** Gives events back that the bus did not take, so that the next look has them. */
export async function releaseEvents(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.updateTable('outbox').set({ claimed_until: 0 }).where('id', 'in', ids).where('sent_at', 'is', null).execute()
}

/** Events that were passed on in a stretch of time and that a service has neither acted on nor put aside. */
export async function listUnanswered(
  tx: Tx,
  consumer: string,
  { types, from, until, limit }: { readonly types: readonly string[]; from: Instant; until: Instant; limit: number },
): Promise<OutboxRow[]> {
  return tx
    .selectFrom('outbox')
    .selectAll()
    .where('sent_at', '>=', from)
    .where('sent_at', '<', until)
    .where('is_historic', '=', 0)
    .where('type', 'in', types)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('inbox')
            .select('inbox.event_id')
            .where('inbox.consumer', '=', consumer)
            .whereRef('inbox.event_id', '=', 'outbox.id'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('parked_messages')
            .select('parked_messages.id')
            .where('parked_messages.consumer', '=', consumer)
            .whereRef('parked_messages.event_id', '=', 'outbox.id'),
        ),
      ),
    )
    .orderBy('sent_at')
    .limit(limit)
    .execute()
}

export type Backlog = { readonly count: number; readonly oldestAt: Instant | null }

/** Events that wait for the bus. */
export async function countUnsent(tx: Tx): Promise<Backlog> {
  const { count, oldest } = await tx
    .selectFrom('outbox')
    .select(({ fn }) => [fn.countAll().as('count'), fn.min('created_at').as('oldest')])
    .where('sent_at', 'is', null)
    .executeTakeFirstOrThrow()
  return { count: Number(count), oldestAt: oldest === null ? null : Number(oldest) }
}

/** Deletes events that were passed on before an instant. @returns true when there may be more */
export async function deleteSentEvents(tx: Tx, before: Instant, limit: number): Promise<boolean> {
  const rows = await tx
    .selectFrom('outbox')
    .select('id')
    .where('sent_at', '<', before)
    .orderBy('sent_at')
    .limit(limit)
    .execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0) await tx.deleteFrom('outbox').where('id', 'in', ids).execute()
  return ids.length === limit
}
