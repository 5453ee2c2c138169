/** `webhook_deliveries`: each event once per webhook, sent until it is answered for. */
import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { claimDue, insertIgnore, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'
import type { WebhookId } from './webhooks.ts'

export type DeliveryRow = Tables['webhook_deliveries']
export type DeliveryId = Id<'WebhookDelivery'>

/** Adds a delivery unless the webhook has one of this event already. */
export const insertDelivery = (tx: Tx, row: DeliveryRow): Promise<boolean> =>
  insertIgnore(tx, 'webhook_deliveries', row)

/**
 * Takes deliveries that are due and counts the try. Until `leaseEndsAt` nobody else takes them; after it they are due again,
 * so that a sender that dies leaves nothing undelivered.
 * @param resting webhooks that are left alone for now
 */
export async function claimDueDeliveries(
  tx: Tx,
  claim: {
    readonly now: Instant
    readonly leaseEndsAt: Instant
    readonly limit: number
    readonly resting: readonly WebhookId[]
  },
): Promise<DeliveryRow[]> {
  let due = tx
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('status', '=', 'waiting')
    .where('next_attempt_at', '<=', claim.now)
    .where('webhook_id', 'in', ({ selectFrom }) =>
      selectFrom('webhooks').select('webhooks.id').where('webhooks.is_active', '=', 1),
    )
  if (claim.resting.length > 0) due = due.where('webhook_id', 'not in', claim.resting)
  const rows = await claimDue(tx, due.orderBy('next_attempt_at').limit(claim.limit)).execute()
  for (const { id, attempts } of rows) {
    await tx
      .updateTable('webhook_deliveries')
      .set({ attempts: attempts + 1, next_attempt_at: claim.leaseEndsAt })
      .where('id', '=', id)
      .execute()
  }
  return rows.map((row) => ({ ...row, attempts: row.attempts + 1 }))
}

/** Notes what a try came to, unless the delivery was taken by somebody else meanwhile. */
export async function settleDelivery(tx: Tx, row: DeliveryRow, change: Partial<DeliveryRow>): Promise<void> {
  await tx
    .updateTable('webhook_deliveries')
    .set(change)
    .where('id', '=', row.id)
    .where('attempts', '=', row.attempts)
    .where('status', '=', 'waiting')
    .execute()
}

/** The deliveries of a webhook, newest first. */
export async function listDeliveryRows(
  tx: Tx,
  webhookId: WebhookId,
  page: {
    readonly status?: DeliveryRow['status'] | undefined
    readonly before?: string | undefined
    readonly limit: number
  },
): Promise<DeliveryRow[]> {
  let query = tx.selectFrom('webhook_deliveries').selectAll().where('webhook_id', '=', webhookId)
  if (page.status !== undefined) query = query.where('status', '=', page.status)
  if (page.before !== undefined) query = query.where('id', '<', page.before as DeliveryId)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** Makes a delivery due at once, with all its tries before it. */
export async function restartDelivery(
  tx: Tx,
  key: { readonly webhookId: WebhookId; readonly id: DeliveryId },
  now: Instant,
): Promise<DeliveryRow | undefined> {
  await tx
    .updateTable('webhook_deliveries')
    .set({ status: 'waiting', attempts: 0, next_attempt_at: now, delivered_at: null })
    .where('id', '=', key.id)
    .where('webhook_id', '=', key.webhookId)
    .execute()
  return tx
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', key.id)
    .where('webhook_id', '=', key.webhookId)
    .executeTakeFirst()
}
