/** Times that devices keep for bookings they may have to make without a connection. */
import { ALLOTMENT_STATUSES } from '#domain/schedule/allotment.ts'
import type { Migration } from './migration.ts'
import { ascii, createTable, day, flag, id, instant, integer, isOneOf, longText, orNull, text } from './table-ddl.ts'

const allotmentsTable = createTable({
  name: 'allotments',
  columns: {
    id: id(),
    clinic_id: id(),
    doctor_id: id(),
    type_id: id(),
    date: day(),
    start_at: instant(),
    end_at: instant(),
    room_id: orNull(id()),
    equipment_ids: longText(),
    device_id: id(),
    user_id: id(),
    device_name: text(120),
    held_by_name: text(120),
    status: ascii(16),
    ended_at: orNull(instant()),
    ended_by_name: text(120),
    created_at: instant(),
    revision: integer(),
    content_hash: ascii(32),
    is_deleted: flag(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  indexes: {
    allotments_by_day: ['clinic_id', 'date'],
    allotments_open: ['clinic_id', 'status', 'start_at'],
    allotments_of_doctor: ['clinic_id', 'doctor_id'],
  },
  checks: {
    allotments_order: 'end_at > start_at and end_at - start_at <= 86400000',
    allotments_status: isOneOf('status', ALLOTMENT_STATUSES),
  },
  foreignKeys: [
    { columns: ['clinic_id'], table: 'clinics', references: ['id'] },
    { columns: ['clinic_id', 'doctor_id'], table: 'doctors', references: ['clinic_id', 'id'] },
  ],
})

export const allotments: Migration = { number: 25, name: 'allotments', steps: [allotmentsTable] }
