/** Messages to people, their wishes and answers, and the reminders to come. */
import type { Migration } from './migration.ts'
import {
  ascii,
  createTable,
  day,
  flag,
  id,
  instant,
  integer,
  isOneOf,
  longText,
  orNull,
  text,
  wallTime,
} from './table-ddl.ts'

const TO_CLINIC = { columns: ['clinic_id'], table: 'clinics', references: ['id'] } as const

const notifications = createTable({
  name: 'notifications',
  columns: {
    id: id(),
    clinic_id: id(),
    type: ascii(16),
    kind: ascii(32),
    source_id: id(),
    recipient_key: ascii(48),
    patient_id: orNull(id()),
    user_id: orNull(id()),
    appointment_id: orNull(id()),
    subject_id: orNull(id()),
    appointment_revision: orNull(integer()),
    told_revision: orNull(integer()),
    about_start: orNull(instant()),
    about_doctor_id: orNull(id()),
    rule_id: orNull(id()),
    recipient: text(320),
    language: ascii(16),
    subject: text(300),
    message: longText(),
    code: orNull(ascii(8)),
    status: ascii(16),
    reason: ascii(40),
    merged_into: orNull(id()),
    attempts: integer(),
    next_at: instant(),
    expires_at: instant(),
    gateway_id: orNull(ascii(64)),
    created_at: instant(),
    sent_at: orNull(instant()),
    delivered_at: orNull(instant()),
    read_at: orNull(instant()),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  unique: { notifications_once: ['source_id', 'type', 'recipient_key'] },
  indexes: {
    notifications_due: ['status', 'next_at'],
    notifications_of_recipient: ['recipient_key', 'type', 'status'],
    notifications_of_user: ['clinic_id', 'user_id', 'type', 'id'],
    notifications_of_patient: ['patient_id', 'id'],
    notifications_of_appointment: ['appointment_id', 'id'],
    notifications_by_number: ['recipient', 'type', 'status'],
    notifications_by_gateway: ['gateway_id'],
    notifications_of_clinic: ['clinic_id', 'id'],
  },
  checks: {
    notifications_type: isOneOf('type', ['email', 'sms', 'websocket']),
    notifications_status: isOneOf('status', ['pending', 'sent', 'delivered', 'failed', 'skipped', 'parked']),
  },
  foreignKeys: [TO_CLINIC],
})

const preferences = createTable({
  name: 'notification_preferences',
  columns: {
    clinic_id: id(),
    owner_key: ascii(48),
    email: flag(),
    sms: flag(),
    app: flag(),
    reminders: flag(),
    language: ascii(16),
    updated_at: instant(),
    revision: integer(),
  },
  primaryKey: ['clinic_id', 'owner_key'],
  foreignKeys: [TO_CLINIC],
})

const templates = createTable({
  name: 'message_templates',
  columns: {
    clinic_id: id(),
    kind: ascii(32),
    channel: ascii(16),
    language: ascii(16),
    subject: text(300),
    body: longText(),
    updated_at: instant(),
    updated_by: orNull(id()),
    revision: integer(),
  },
  primaryKey: ['clinic_id', 'kind', 'channel', 'language'],
  foreignKeys: [TO_CLINIC],
})

const rules = createTable({
  name: 'reminder_rules',
  columns: {
    id: id(),
    clinic_id: id(),
    name: text(120),
    lead_minutes: integer(),
    channel: ascii(16),
    type_ids: longText(),
    window_from: wallTime(),
    window_until: wallTime(),
    minimum_notice_minutes: integer(),
    is_active: flag(),
    revision: integer(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  indexes: { reminder_rules_of_clinic: ['clinic_id', 'is_active'] },
  foreignKeys: [TO_CLINIC],
})

const reminders = createTable({
  name: 'reminders',
  columns: {
    id: id(),
    clinic_id: id(),
    appointment_id: id(),
    patient_id: id(),
    doctor_id: id(),
    start_at: instant(),
    local_day: day(),
    channel: ascii(16),
    lead_minutes: integer(),
    rule_id: id(),
    due_at: instant(),
    status: ascii(16),
    reason: ascii(40),
    created_at: instant(),
    settled_at: orNull(instant()),
  },
  primaryKey: ['id'],
  unique: { reminders_once: ['appointment_id', 'start_at', 'channel', 'lead_minutes'] },
  indexes: {
    reminders_due: ['status', 'due_at'],
    reminders_of_patient: ['patient_id', 'local_day', 'channel'],
    reminders_of_rule: ['rule_id', 'status'],
  },
  checks: { reminders_status: isOneOf('status', ['due', 'done', 'skipped']) },
  foreignKeys: [TO_CLINIC],
})

const optOuts = createTable({
  name: 'sms_opt_outs',
  columns: { number: ascii(20), since: instant() },
  primaryKey: ['number'],
})

const inbound = createTable({
  name: 'inbound_messages',
  columns: {
    id: ascii(64),
    clinic_id: orNull(id()),
    number: ascii(20),
    body: text(1600),
    result: ascii(32),
    is_wrong_try: flag(),
    notification_id: orNull(id()),
    is_open: flag(),
    received_at: instant(),
    settled_at: orNull(instant()),
    settled_by: orNull(id()),
  },
  primaryKey: ['id'],
  indexes: {
    inbound_messages_of_number: ['number', 'received_at'],
    inbound_messages_open: ['clinic_id', 'is_open', 'received_at'],
  },
})

const runs = createTable({
  name: 'service_runs',
  columns: {
    service: ascii(32),
    instance_id: id(),
    started_at: instant(),
    last_run_at: instant(),
    detail: longText(),
  },
  primaryKey: ['service', 'instance_id'],
})

export const notificationFlow: Migration = {
  number: 19,
  name: 'notifications',
  steps: [notifications, preferences, templates, rules, reminders, optOuts, inbound, runs],
}
