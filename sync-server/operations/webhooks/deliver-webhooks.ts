/**
 * From an event to the receivers. It becomes one delivery per webhook that wants it, in the transaction that notes the
 * event as done; a delivery is tried until it is accepted or given up. Both are claimed, so any number of servers share
 * the work, and what a server that dies had claimed is due again when its lease ends: at least once, under one id.
 */
import type { EventEnvelope } from '#domain/events/envelope.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import { MOST_ATTEMPTS, retryDelayMs } from '#domain/webhook/retry-delay.ts'
import type { Tx } from '#server/database/database.ts'
import {
  claimDueDeliveries,
  type DeliveryRow,
  insertDelivery,
  settleDelivery,
} from '#server/repositories/webhook-deliveries.ts'
import {
  findWebhooksOfIds,
  listActiveWebhooks,
  updateWebhook,
  type WebhookId,
  type WebhookRow,
} from '#server/repositories/webhooks.ts'
import type { WebhookDeps } from './webhook-deps.ts'

type Deps = Pick<WebhookDeps, 'database' | 'now' | 'newId' | 'seal'>

/** Far longer than a try may take. */
const LEASE_MS = minutes(2)

/** Makes one delivery of an event per webhook that wants it. */
export async function fanOutEvent(
  { now, newId }: Pick<Deps, 'now' | 'newId'>,
  tx: Tx,
  event: EventEnvelope,
): Promise<void> {
  for (const webhook of await listActiveWebhooks(tx, [event.clinicId])) {
    if (wants(webhook, event))
      await insertDelivery(tx, toDeliveryRow(newId<'WebhookDelivery'>(), webhook, event, now()))
  }
}

const wants = (webhook: WebhookRow, event: EventEnvelope): boolean =>
  // What happened before the webhook was made is not its news.
  event.at >= webhook.created_at && (JSON.parse(webhook.event_types) as string[]).includes(event.type)

/** The body is made once, so that every try signs the same bytes. */
function toDeliveryRow(id: DeliveryRow['id'], webhook: WebhookRow, event: EventEnvelope, now: Instant): DeliveryRow {
  const timestamp = new Date(event.at).toISOString()
  const data = { ...event.payload, clinicId: event.clinicId }
  return {
    id,
    clinic_id: event.clinicId,
    webhook_id: webhook.id,
    event_id: event.id,
    event_type: event.type,
    body: JSON.stringify({ type: event.type, version: event.version, timestamp, data }),
    status: 'waiting',
    attempts: 0,
    next_attempt_at: now,
    last_status: null,
    last_error: '',
    created_at: now,
    delivered_at: null,
  }
}

/** A try that is due: where to, what, and the secrets to sign it with. */
export type Try = {
  readonly row: DeliveryRow
  readonly url: string
  readonly secrets: readonly string[]
}

/** Claims tries that are due, of webhooks that are not resting. */
export function claimTries(
  { database, now, seal }: Deps,
  limit: number,
  resting: readonly WebhookId[],
): Promise<readonly Try[]> {
  return database.write(async (tx) => {
    const claim = { now: now(), leaseEndsAt: now() + LEASE_MS, limit, resting }
    const rows = await claimDueDeliveries(tx, claim)
    const webhooks = await findWebhooksOfIds(tx, [...new Set(rows.map(({ webhook_id }) => webhook_id))])
    return rows.flatMap((row) => {
      const webhook = webhooks.find(({ id }) => id === row.webhook_id)
      return webhook ? [{ row, url: webhook.url, secrets: secretsOf(seal, webhook, now()) }] : []
    })
  })
}

function secretsOf(seal: Deps['seal'], webhook: WebhookRow, now: Instant): string[] {
  const { id, secret, previous_secret, previous_until } = webhook
  const isBoth = previous_secret !== null && previous_until !== null && previous_until > now
  return [secret, ...(isBoth ? [previous_secret] : [])].flatMap((sealed) => seal.open(sealed, id) ?? [])
}

/** How a try ended: the receiver's status, or why there is none. */
export type TryResult =
  | { readonly status: number; readonly retryAfterMs?: number | undefined }
  | { readonly error: TryError }
export type TryError = 'address-refused' | 'timeout' | 'unreachable' | 'no-secret'

/** Notes how a try ended: done, to be tried again, or given up. A receiver that says it is gone is switched off. */
export async function settleTry(
  { database, now }: Deps,
  { row }: Try,
  result: TryResult,
  random: number,
): Promise<void> {
  const status = 'status' in result ? result.status : null
  const isDelivered = status !== null && status >= 200 && status < 300
  const isOver = status === 410 || row.attempts >= MOST_ATTEMPTS
  const wished = 'status' in result ? result.retryAfterMs : undefined
  await database.write(async (tx) => {
    await settleDelivery(tx, row, {
      status: isDelivered ? 'delivered' : isOver ? 'failed' : 'waiting',
      last_status: status,
      last_error: isDelivered ? '' : 'error' in result ? result.error : 'refused',
      next_attempt_at: now() + retryDelayMs(row.attempts, random, wished),
      delivered_at: isDelivered ? now() : null,
    })
    const [webhook] = status === 410 ? await findWebhooksOfIds(tx, [row.webhook_id]) : []
    if (webhook) await updateWebhook(tx, webhook, { is_active: 0, disabled_reason: 'gone', updated_at: now() })
  })
}
