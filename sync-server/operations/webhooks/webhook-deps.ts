import type { Webhook, WebhookDelivery } from '#domain/api/webhook-api.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import type { NewId } from '#server/operations/new-id.ts'
import type { Seal } from '#server/operations/seal.ts'
import type { DeliveryRow } from '#server/repositories/webhook-deliveries.ts'
import type { WebhookRow } from '#server/repositories/webhooks.ts'

export type WebhookDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
  /** Secrets are stored sealed: they must be read again to sign with. */
  readonly seal: Seal
  /** Whether an address may be one of ours to call, as far as its text tells. */
  readonly isUrlAllowed: (url: string) => boolean
  /** There is something to send. */
  readonly kick: () => void
}

export function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    eventTypes: JSON.parse(row.event_types) as string[],
    isActive: row.is_active === 1,
    disabledReason: row.disabled_reason,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
  }
}

export function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    eventId: row.event_id,
    eventType: row.event_type,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.status === 'waiting' ? row.next_attempt_at : null,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at,
    deliveredAt: row.delivered_at,
  }
}
