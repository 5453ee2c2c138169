/** What was sent to a webhook, what waits, what failed; and one of them sent again. */
import type { Subject } from '#domain/access/can.ts'
import type { WebhookDelivery } from '#domain/api/webhook-api.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import { type DeliveryId, listDeliveryRows, restartDelivery } from '#server/repositories/webhook-deliveries.ts'
import { findWebhookRow, type WebhookId } from '#server/repositories/webhooks.ts'
import { toDelivery, type WebhookDeps } from './webhook-deps.ts'

export type DeliveryQuery = {
  readonly status?: WebhookDelivery['status'] | undefined
  readonly before?: string | undefined
  readonly limit: number
}

/** The deliveries of a webhook, newest first, and whether there are more; undefined when the clinic has no such webhook. */
export function listDeliveries(
  { database }: Pick<WebhookDeps, 'database'>,
  { clinicId }: Subject,
  id: WebhookId,
  query: DeliveryQuery,
): Promise<{ readonly deliveries: WebhookDelivery[]; readonly hasMore: boolean } | undefined> {
  return database.read(async (tx) => {
    if (!(await findWebhookRow(tx, { clinicId, id }))) return undefined
    const rows = await listDeliveryRows(tx, id, { ...query, limit: query.limit + 1 })
    return { deliveries: rows.slice(0, query.limit).map(toDelivery), hasMore: rows.length > query.limit }
  })
}

/** Sends a delivery again, as the same message. Undefined when there is no such delivery. */
export async function resendDelivery(
  { database, now, audit, kick }: Pick<WebhookDeps, 'database' | 'now' | 'audit' | 'kick'>,
  subject: Subject,
  key: { readonly webhookId: WebhookId; readonly id: DeliveryId },
): Promise<WebhookDelivery | undefined> {
  const row = await database.write(async (tx) => {
    const webhook = await findWebhookRow(tx, { clinicId: subject.clinicId, id: key.webhookId })
    return webhook && restartDelivery(tx, key, now())
  })
  if (!row) return undefined
  await audit({ ...byWhom(subject), action: 'webhook-resent', collection: 'webhooks', documentIds: [key.webhookId] })
  kick()
  return toDelivery(row)
}
