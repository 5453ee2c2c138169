/** What can be booked, when, and the bookings themselves. */

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
// Pairs with the clinic, so that no row can name another clinic's doctor, patient or type.
const TO_DOCTOR = { columns: ['clinic_id', 'doctor_id'], table: 'doctors', references: ['clinic_id', 'id'] } as const
const TO_PATIENT = { columns: ['clinic_id', 'patient_id'], table: 'patients', references: ['clinic_id', 'id'] } as const
const TO_TYPE = {
  columns: ['clinic_id', 'type_id'],
  table: 'appointment_types',
  references: ['clinic_id', 'id'],
} as const
const TO_LOCATION = {
  columns: ['clinic_id', 'location_id'],
  table: 'locations',
  references: ['clinic_id', 'id'],
} as const

const TAIL = { revision: integer(), content_hash: ascii(32), is_deleted: flag(), updated_at: instant() } as const

const appointmentTypes = createTable({
  name: 'appointment_types',
  columns: {
    id: id(),
    clinic_id: id(),
    code: text(16),
    name: text(120),
    duration_minutes: integer(),
    buffer_before_minutes: integer(),
    buffer_after_minutes: integer(),
    notice_minutes: integer(),
    horizon_days: integer(),
    doctor_ids: longText(),
    is_online: flag(),
    is_active: flag(),
    ...TAIL,
  },
  primaryKey: ['id'],
  unique: { appointment_types_of_clinic: ['clinic_id', 'id'] },
  checks: {
    appointment_types_duration: 'duration_minutes between 1 and 1440',
    appointment_types_buffers: 'buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240',
  },
  foreignKeys: [TO_CLINIC],
})

const schedules = createTable({
  name: 'schedules',
  columns: {
    id: id(),
    clinic_id: id(),
    doctor_id: id(),
    date: day(),
    start_time: wallTime(),
    end_time: wallTime(),
    zone: ascii(64),
    is_available: flag(),
    note: text(500),
    ...TAIL,
  },
  primaryKey: ['id'],
  indexes: { schedules_of_doctor: ['clinic_id', 'doctor_id', 'date'] },
  foreignKeys: [TO_CLINIC, TO_DOCTOR],
})

const scheduleTemplates = createTable({
  name: 'schedule_templates',
  columns: {
    id: id(),
    clinic_id: id(),
    doctor_id: id(),
    weekday: integer(),
    start_time: wallTime(),
    end_time: wallTime(),
    zone: ascii(64),
    valid_from: day(),
    valid_until: orNull(day()),
    weeks: ascii(32),
    publish: ascii(32),
    ...TAIL,
  },
  primaryKey: ['id'],
  indexes: { schedule_templates_of_doctor: ['clinic_id', 'doctor_id', 'weekday'] },
  checks: {
    schedule_templates_weekday: 'weekday between 1 and 7',
    schedule_templates_weeks: isOneOf('weeks', ['every', 'odd', 'even']),
    schedule_templates_publish: isOneOf('publish', ['online', 'ask', 'staff']),
  },
  foreignKeys: [TO_CLINIC, TO_DOCTOR],
})

const HOLDING = ['pending', 'confirmed', 'arrived', 'fulfilled']

const appointments = createTable({
  name: 'appointments',
  columns: {
    id: id(),
    clinic_id: id(),
    doctor_id: id(),
    patient_id: id(),
    type_id: id(),
    location_id: orNull(id()),
    start_at: instant(),
    end_at: instant(),
    zone: ascii(64),
    local_day: day(),
    local_start: wallTime(),
    status: ascii(32),
    holds_time: flag(),
    origin: ascii(32),
    reason: text(500),
    note: text(4000),
    cancel_reason: text(500),
    arrived_at: orNull(instant()),
    started_at: orNull(instant()),
    finished_at: orNull(instant()),
    age_at_visit: orNull(integer()),
    unplaced: orNull(longText()),
    created_by: orNull(id()),
    created_by_name: text(120),
    created_at: instant(),
    ...TAIL,
  },
  primaryKey: ['id'],
  indexes: {
    // The doctor first, so that a range lock never blocks another doctor's bookings; rows that hold no time are skipped.
    appointments_of_doctor: ['clinic_id', 'doctor_id', 'holds_time', 'start_at', 'end_at'],
    appointments_of_patient: ['clinic_id', 'patient_id', 'holds_time', 'start_at', 'end_at'],
    appointments_by_day: ['clinic_id', 'local_day', 'doctor_id'],
    appointments_of_type: ['clinic_id', 'type_id'],
    appointments_of_location: ['clinic_id', 'location_id'],
  },
  checks: {
    appointments_order: 'end_at > start_at',
    // The overlap queries look back one day at most, which is right only as long as nothing lasts longer.
    appointments_longest: 'end_at - start_at <= 86400000',
    appointments_status: isOneOf('status', [...HOLDING, 'noshow', 'cancelled', 'unplaced']),
    appointments_origin: isOneOf('origin', ['desk', 'online', 'walk-in', 'import']),
    appointments_holds_time: `holds_time = case when is_deleted = 0 and ${isOneOf('status', HOLDING)} then 1 else 0 end`,
    appointments_unplaced: `(status = 'unplaced') = (unplaced is not null)`,
  },
  foreignKeys: [TO_CLINIC, TO_DOCTOR, TO_PATIENT, TO_TYPE, TO_LOCATION],
})

const appointmentRevisions = createTable({
  name: 'appointment_revisions',
  columns: {
    appointment_id: id(),
    revision: integer(),
    clinic_id: id(),
    user_id: orNull(id()),
    door: ascii(16),
    at: instant(),
    content: longText(),
  },
  primaryKey: ['appointment_id', 'revision'],
  foreignKeys: [{ columns: ['appointment_id'], table: 'appointments', references: ['id'] }],
})

export const time: Migration = {
  number: 2,
  name: 'time',
  steps: [appointmentTypes, schedules, scheduleTemplates, appointments, appointmentRevisions],
}
