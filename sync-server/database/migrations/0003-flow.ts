/** How changes travel: counters, views, refusals, events, keys against repeats, and the audit. */

import type { Migration } from './migration.ts'
import { ascii, createTable, flag, id, instant, integer, longText, orNull, text } from './table-ddl.ts'

const TO_CLINIC = { columns: ['clinic_id'], table: 'clinics', references: ['id'] } as const

const changeCounters = createTable({
  name: 'change_counters',
  columns: { clinic_id: id(), value: instant(), epoch: ascii(36) },
  primaryKey: ['clinic_id'],
  foreignKeys: [TO_CLINIC],
})

const changeBatches = createTable({
  name: 'change_batches',
  columns: { clinic_id: id(), writer_id: id(), batch_id: id(), committed_at: instant() },
  primaryKey: ['clinic_id', 'writer_id'],
  foreignKeys: [TO_CLINIC],
})

const documentViews = createTable({
  name: 'document_views',
  columns: {
    clinic_id: id(),
    collection: ascii(32),
    audience: ascii(48),
    document_id: id(),
    seq: instant(),
    visible: flag(),
  },
  primaryKey: ['clinic_id', 'collection', 'audience', 'document_id'],
  indexes: {
    document_views_in_order: ['clinic_id', 'collection', 'audience', 'seq'],
    document_views_of_document: ['document_id', 'collection'],
  },
  isClustered: true,
})

const rejectedChanges = createTable({
  name: 'rejected_changes',
  columns: {
    id: id(),
    clinic_id: id(),
    user_id: id(),
    collection_name: ascii(32),
    document_id: text(36),
    reason: ascii(40),
    field: text(64),
    taken_by: text(120),
    taken_at: orNull(instant()),
    attempted: longText(),
    base: orNull(longText()),
    at: instant(),
    revision: integer(),
    content_hash: ascii(32),
    is_deleted: flag(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  indexes: { rejected_changes_of_user: ['clinic_id', 'user_id', 'at'] },
  foreignKeys: [TO_CLINIC, { columns: ['user_id'], table: 'users', references: ['id'] }],
})

const outbox = createTable({
  name: 'outbox',
  columns: {
    id: id(),
    clinic_id: id(),
    type: ascii(64),
    version: integer(),
    payload: longText(),
    is_historic: flag(),
    created_at: instant(),
    sent_at: orNull(instant()),
  },
  primaryKey: ['id'],
  indexes: { outbox_unsent: ['sent_at', 'id'] },
})

const idempotencyKeys = createTable({
  name: 'idempotency_keys',
  columns: {
    user_id: id(),
    method: ascii(8),
    route: ascii(128),
    idempotency_key: ascii(128),
    clinic_id: id(),
    body_hash: ascii(64),
    status: integer(),
    collection: ascii(32),
    document_id: id(),
    created_at: instant(),
  },
  primaryKey: ['user_id', 'method', 'route', 'idempotency_key'],
  indexes: { idempotency_keys_by_age: ['created_at'] },
})

const auditChains = createTable({
  name: 'audit_chains',
  columns: { clinic_id: id(), chain: ascii(64), seq: instant(), hash: ascii(64), updated_at: instant() },
  primaryKey: ['clinic_id', 'chain'],
})

const auditLog = createTable({
  name: 'audit_log',
  columns: {
    clinic_id: id(),
    chain: ascii(64),
    seq: instant(),
    at: instant(),
    user_id: orNull(id()),
    action: ascii(64),
    collection: ascii(32),
    document_ids: longText(),
    detail: longText(),
    previous_hash: ascii(64),
    hash: ascii(64),
  },
  primaryKey: ['clinic_id', 'chain', 'seq'],
  indexes: { audit_log_by_time: ['clinic_id', 'at'], audit_log_of_user: ['clinic_id', 'user_id', 'at'] },
})

export const flow: Migration = {
  number: 3,
  name: 'flow',
  steps: [
    changeCounters,
    changeBatches,
    documentViews,
    rejectedChanges,
    outbox,
    idempotencyKeys,
    auditChains,
    auditLog,
  ],
}
