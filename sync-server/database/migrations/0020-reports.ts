/** Reports and their schedules, and the way to what was done to appointments in a stretch of time. */
import { addIndex } from './alter-ddl.ts'
import type { Migration } from './migration.ts'
import {
  ascii,
  createTable,
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

const TYPES = ['pdf', 'csv', 'xlsx']
const STATUSES = ['queued', 'running', 'done', 'failed', 'cancelled', 'expired']
const TO_CLINIC = { columns: ['clinic_id'], table: 'clinics', references: ['id'] }

const reportsTable = createTable({
  name: 'reports',
  columns: {
    id: id(),
    clinic_id: id(),
    user_id: id(),
    definition: ascii(40),
    filter: longText(),
    rights: ascii(100),
    type: ascii(8),
    status: ascii(16),
    progress: integer(),
    file_path: orNull(ascii(64)),
    file_size: orNull(instant()),
    row_count: orNull(integer()),
    note: text(500),
    error: ascii(32),
    attempts: integer(),
    lease_until: orNull(instant()),
    created_at: instant(),
    started_at: orNull(instant()),
    finished_at: orNull(instant()),
    expires_at: orNull(instant()),
    schedule_id: orNull(id()),
    link_hash: orNull(ascii(64)),
    link_until: orNull(instant()),
  },
  primaryKey: ['id'],
  indexes: {
    reports_of_user: ['clinic_id', 'user_id', 'id'],
    reports_to_make: ['status', 'lease_until'],
    reports_to_expire: ['status', 'expires_at'],
  },
  checks: {
    reports_type: isOneOf('type', TYPES),
    reports_status: isOneOf('status', STATUSES),
    reports_progress: 'progress between 0 and 100',
  },
  foreignKeys: [TO_CLINIC],
})

const schedulesTable = createTable({
  name: 'report_schedules',
  columns: {
    id: id(),
    clinic_id: id(),
    name: text(120),
    definition: ascii(40),
    filter: longText(),
    type: ascii(8),
    weekday: orNull(integer()),
    day_of_month: orNull(integer()),
    local_time: wallTime(),
    zone: ascii(64),
    recipients: longText(),
    is_active: flag(),
    next_run_at: instant(),
    last_run_at: orNull(instant()),
    created_by: id(),
    created_at: instant(),
    updated_at: instant(),
    revision: integer(),
  },
  primaryKey: ['id'],
  indexes: {
    report_schedules_of_clinic: ['clinic_id', 'id'],
    report_schedules_due: ['is_active', 'next_run_at'],
  },
  checks: {
    report_schedules_type: isOneOf('type', TYPES),
    report_schedules_day: 'weekday is null or day_of_month is null',
  },
  foreignKeys: [TO_CLINIC],
})

export const reports: Migration = {
  number: 20,
  name: 'reports',
  steps: [
    reportsTable,
    schedulesTable,
    addIndex('appointment_revisions_by_time', 'appointment_revisions', ['clinic_id', 'at']),
  ],
}
