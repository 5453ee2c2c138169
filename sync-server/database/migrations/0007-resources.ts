/** Rooms and equipment with what holds them, holds while somebody books, closures, series and the waitlist. */
import { addToTable, withDefault } from './alter-ddl.ts'
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
/** A pair with the clinic, so that no row can name what belongs to another one. */
const pair = (column: string, table: string) =>
  ({ columns: ['clinic_id', column], table, references: ['clinic_id', 'id'] }) as const
const TO_LOCATION = pair('location_id', 'locations')
const TO_DOCTOR = pair('doctor_id', 'doctors')
const TO_PATIENT = pair('patient_id', 'patients')
const TO_TYPE = pair('type_id', 'appointment_types')

const TAIL = { revision: integer(), content_hash: ascii(32), is_deleted: flag(), updated_at: instant() } as const

const rooms = createTable({
  name: 'rooms',
  columns: {
    id: id(),
    clinic_id: id(),
    location_id: orNull(id()),
    name: text(120),
    capacity: integer(),
    position: integer(),
    is_active: flag(),
    ...TAIL,
  },
  primaryKey: ['id'],
  unique: { rooms_of_clinic: ['clinic_id', 'id'] },
  checks: { rooms_capacity: 'capacity between 1 and 1000' },
  foreignKeys: [TO_CLINIC, TO_LOCATION],
})

const equipment = createTable({
  name: 'equipment',
  columns: {
    id: id(),
    clinic_id: id(),
    location_id: orNull(id()),
    name: text(120),
    capacity: integer(),
    is_active: flag(),
    revision: integer(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  unique: { equipment_of_clinic: ['clinic_id', 'id'] },
  checks: { equipment_capacity: 'capacity between 1 and 1000' },
  foreignKeys: [TO_CLINIC, TO_LOCATION],
})

// A closure that is taken back keeps its row: the schedules it made are kept too, and name it.
const closures = createTable({
  name: 'closures',
  columns: {
    id: id(),
    clinic_id: id(),
    location_id: orNull(id()),
    name: text(120),
    from_day: day(),
    until_day: day(),
    start_time: orNull(wallTime()),
    end_time: orNull(wallTime()),
    revision: integer(),
    is_deleted: flag(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  unique: { closures_of_clinic: ['clinic_id', 'id'] },
  indexes: { closures_by_day: ['clinic_id', 'until_day'] },
  checks: {
    closures_days: 'until_day >= from_day',
    closures_times: '(start_time is null) = (end_time is null)',
  },
  foreignKeys: [TO_CLINIC, TO_LOCATION],
})

const appointmentSeries = createTable({
  name: 'appointment_series',
  columns: { id: id(), clinic_id: id(), rule: longText(), created_by: orNull(id()), created_at: instant() },
  primaryKey: ['id'],
  unique: { appointment_series_of_clinic: ['clinic_id', 'id'] },
  foreignKeys: [TO_CLINIC],
})

const appointments = addToTable({
  table: 'appointments',
  columns: {
    room_id: orNull(id()),
    equipment_ids: withDefault(longText(), "'[]'"),
    series_id: orNull(id()),
    overbook_reason: withDefault(text(500), "''"),
    cancelled_at: orNull(instant()),
    cancelled_by: orNull(id()),
    cancelled_by_name: withDefault(text(120), "''"),
  },
  unique: { appointments_of_clinic: ['clinic_id', 'id'] },
  indexes: {
    appointments_of_room: ['clinic_id', 'room_id'],
    appointments_of_series: ['clinic_id', 'series_id'],
  },
  foreignKeys: [pair('room_id', 'rooms'), pair('series_id', 'appointment_series')],
})

const schedules = addToTable({
  table: 'schedules',
  columns: { closure_id: orNull(id()) },
  indexes: { schedules_of_closure: ['clinic_id', 'closure_id'] },
  foreignKeys: [pair('closure_id', 'closures')],
})

const appointmentTypes = addToTable({
  table: 'appointment_types',
  columns: {
    capacity: withDefault(integer(), '1'),
    room_ids: withDefault(longText(), "'[]'"),
    equipment_ids: withDefault(longText(), "'[]'"),
    change_cutoff_minutes: withDefault(integer(), '0'),
    patient_limit: withDefault(integer(), '0'),
  },
  checks: {
    capacity: 'capacity between 1 and 1000',
    change_cutoff_minutes: 'change_cutoff_minutes between 0 and 525600',
    patient_limit: 'patient_limit between 0 and 1000',
  },
})

// Written with each appointment from its own room and equipment, never by anything else.
const appointmentResources = createTable({
  name: 'appointment_resources',
  columns: {
    clinic_id: id(),
    appointment_id: id(),
    kind: ascii(16),
    resource_id: id(),
    start_at: instant(),
    end_at: instant(),
    holds_time: flag(),
  },
  primaryKey: ['appointment_id', 'kind', 'resource_id'],
  indexes: {
    appointment_resources_in_time: ['clinic_id', 'kind', 'resource_id', 'holds_time', 'start_at', 'end_at'],
    appointment_resources_of_appointment: ['clinic_id', 'appointment_id'],
  },
  checks: {
    appointment_resources_kind: isOneOf('kind', ['room', 'equipment']),
    appointment_resources_order: 'end_at > start_at',
    // The overlap queries look back one day at most.
    appointment_resources_longest: 'end_at - start_at <= 86400000',
  },
  foreignKeys: [TO_CLINIC, pair('appointment_id', 'appointments')],
  isClustered: true,
})

const waitlistEntries = createTable({
  name: 'waitlist_entries',
  columns: {
    id: id(),
    clinic_id: id(),
    patient_id: id(),
    type_id: id(),
    doctor_ids: longText(),
    specialization: text(80),
    kind: ascii(32),
    weekdays: longText(),
    from_time: orNull(wallTime()),
    until_time: orNull(wallTime()),
    from_day: day(),
    until_day: orNull(day()),
    note: text(2000),
    status: ascii(32),
    appointment_id: orNull(id()),
    created_by: orNull(id()),
    created_at: instant(),
    ...TAIL,
  },
  primaryKey: ['id'],
  unique: { waitlist_entries_of_clinic: ['clinic_id', 'id'] },
  indexes: {
    waitlist_entries_by_status: ['clinic_id', 'status', 'type_id', 'from_day'],
    waitlist_entries_of_patient: ['clinic_id', 'patient_id'],
    waitlist_entries_of_type: ['clinic_id', 'type_id'],
    waitlist_entries_of_appointment: ['clinic_id', 'appointment_id'],
  },
  checks: {
    waitlist_entries_kind: isOneOf('kind', ['wait', 'recall']),
    waitlist_entries_status: isOneOf('status', ['waiting', 'offered', 'booked', 'withdrawn']),
  },
  foreignKeys: [TO_CLINIC, TO_PATIENT, TO_TYPE, pair('appointment_id', 'appointments')],
})

const holds = createTable({
  name: 'holds',
  columns: {
    id: id(),
    clinic_id: id(),
    doctor_id: id(),
    patient_id: orNull(id()),
    type_id: id(),
    room_id: orNull(id()),
    equipment_ids: longText(),
    start_at: instant(),
    end_at: instant(),
    user_id: id(),
    waitlist_entry_id: orNull(id()),
    expires_at: instant(),
    created_at: instant(),
  },
  primaryKey: ['id'],
  indexes: {
    holds_in_time: ['clinic_id', 'start_at', 'end_at'],
    holds_by_expiry: ['clinic_id', 'expires_at'],
    holds_of_doctor: ['clinic_id', 'doctor_id'],
    holds_of_patient: ['clinic_id', 'patient_id'],
    holds_of_type: ['clinic_id', 'type_id'],
    holds_of_room: ['clinic_id', 'room_id'],
    holds_of_waitlist_entry: ['clinic_id', 'waitlist_entry_id'],
    holds_of_user: ['user_id', 'expires_at'],
  },
  checks: { holds_order: 'end_at > start_at', holds_longest: 'end_at - start_at <= 86400000' },
  foreignKeys: [
    TO_CLINIC,
    TO_DOCTOR,
    TO_PATIENT,
    TO_TYPE,
    pair('room_id', 'rooms'),
    pair('waitlist_entry_id', 'waitlist_entries'),
    { columns: ['user_id'], table: 'users', references: ['id'] },
  ],
})

export const resources: Migration = {
  number: 7,
  name: 'resources',
  steps: [
    rooms,
    equipment,
    closures,
    appointmentSeries,
    appointments,
    schedules,
    appointmentTypes,
    appointmentResources,
    waitlistEntries,
    holds,
  ],
}
