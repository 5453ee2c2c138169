/** Webhooks, and what is on its way to them. */
import type { Migration } from './migration.ts'
import { ascii, createTable, flag, id, instant, integer, isOneOf, longText, orNull, text } from './table-ddl.ts'

const webhooksTable = createTable({
  name: 'webhooks',
  columns: {
    id: id(),
    clinic_id: id(),
    url: text(2000),
    description: text(200),
    event_types: longText(),
    secret: ascii(200),
    previous_secret: orNull(ascii(200)),
    previous_until: orNull(instant()),
    is_active: flag(),
    disabled_reason: ascii(32),
    created_by: id(),
    created_at: instant(),
    updated_at: instant(),
    revision: integer(),
  },
  primaryKey: ['id'],
  indexes: { webhooks_of_clinic: ['clinic_id', 'is_active'] },
  foreignKeys: [{ columns: ['clinic_id'], table: 'clinics', references: ['id'] }],
})

const deliveriesTable = createTable({
  name: 'webhook_deliveries',
  columns: {
    id: id(),
    clinic_id: id(),
    webhook_id: id(),
    event_id: id(),
    event_type: ascii(64),
    body: longText(),
    status: ascii(16),
    attempts: integer(),
    next_attempt_at: instant(),
    last_status: orNull(integer()),
    last_error: ascii(32),
    created_at: instant(),
    delivered_at: orNull(instant()),
  },
  primaryKey: ['id'],
  unique: { webhook_deliveries_once: ['webhook_id', 'event_id'] },
  indexes: {
    webhook_deliveries_due: ['status', 'next_attempt_at'],
    webhook_deliveries_of_webhook: ['webhook_id', 'id'],
  },
  checks: { webhook_deliveries_status: isOneOf('status', ['waiting', 'delivered', 'failed']) },
  foreignKeys: [{ columns: ['webhook_id'], table: 'webhooks', references: ['id'] }],
})

// What happened before there were webhooks is nobody's news: the relay begins after it.
const ONLY_NEW = 'update outbox set sent_at = created_at where sent_at is null'

export const webhooks: Migration = {
  number: 13,
  name: 'webhooks',
  steps: [webhooksTable, deliveriesTable, { mysql: [ONLY_NEW], sqlite: [ONLY_NEW] }],
}
