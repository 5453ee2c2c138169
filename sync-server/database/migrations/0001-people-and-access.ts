/** Clinics, the people in them, what they may do, and how they sign in. */

import type { Migration } from './migration.ts'
import { ascii, createTable, day, flag, id, instant, integer, isOneOf, longText, orNull, text } from './table-ddl.ts'

const TO_CLINIC = { columns: ['clinic_id'], table: 'clinics', references: ['id'] } as const
const TO_USER = { columns: ['user_id'], table: 'users', references: ['id'] } as const
const TO_LOCATION = {
  columns: ['clinic_id', 'location_id'],
  table: 'locations',
  references: ['clinic_id', 'id'],
} as const

const clinics = createTable({
  name: 'clinics',
  columns: { id: id(), name: text(160), zone: ascii(64), policies: longText(), created_at: instant() },
  primaryKey: ['id'],
})

const locations = createTable({
  name: 'locations',
  columns: {
    id: id(),
    clinic_id: id(),
    name: text(160),
    address: text(500),
    zone: orNull(ascii(64)),
    created_at: instant(),
  },
  primaryKey: ['id'],
  // The pair lets a row of another table prove that both belong to one clinic.
  unique: { locations_of_clinic: ['clinic_id', 'id'] },
  foreignKeys: [TO_CLINIC],
})

const users = createTable({
  name: 'users',
  columns: {
    id: id(),
    name: text(160),
    email: text(254),
    email_normalised: text(254),
    password_hash: orNull(ascii(255)),
    is_active: flag(),
    access_version: integer(),
    created_at: instant(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  unique: { users_by_email: ['email_normalised'] },
})

const roles = createTable({
  name: 'roles',
  columns: { id: id(), clinic_id: id(), name: text(64) },
  primaryKey: ['id'],
  unique: { roles_of_clinic: ['clinic_id', 'id'], roles_by_name: ['clinic_id', 'name'] },
  foreignKeys: [TO_CLINIC],
})

const permissions = createTable({
  name: 'permissions',
  columns: { name: ascii(64) },
  primaryKey: ['name'],
})

const isScope = isOneOf('scope', ['own-patient', 'own-doctor', 'clinic'])

const roleHasPermissions = createTable({
  name: 'role_has_permissions',
  columns: { role_id: id(), permission: ascii(64), scope: ascii(16) },
  primaryKey: ['role_id', 'permission', 'scope'],
  checks: { role_has_permissions_scope: isScope },
  foreignKeys: [
    { columns: ['role_id'], table: 'roles', references: ['id'] },
    { columns: ['permission'], table: 'permissions', references: ['name'] },
  ],
})

const modelHasRoles = createTable({
  name: 'model_has_roles',
  columns: { clinic_id: id(), model_type: ascii(16), model_id: id(), role_id: id() },
  primaryKey: ['model_type', 'model_id', 'clinic_id', 'role_id'],
  checks: { model_has_roles_type: isOneOf('model_type', ['user']) },
  foreignKeys: [{ columns: ['clinic_id', 'role_id'], table: 'roles', references: ['clinic_id', 'id'] }],
})

const modelHasPermissions = createTable({
  name: 'model_has_permissions',
  columns: { clinic_id: id(), model_type: ascii(16), model_id: id(), permission: ascii(64), scope: ascii(16) },
  primaryKey: ['model_type', 'model_id', 'clinic_id', 'permission', 'scope'],
  checks: {
    model_has_permissions_type: isOneOf('model_type', ['user']),
    model_has_permissions_scope: isScope,
  },
  foreignKeys: [TO_CLINIC, { columns: ['permission'], table: 'permissions', references: ['name'] }],
})

const doctors = createTable({
  name: 'doctors',
  columns: {
    id: id(),
    clinic_id: id(),
    user_id: orNull(id()),
    location_id: orNull(id()),
    name: text(120),
    specialization: text(80),
    bio: text(2000),
    languages: longText(),
    room: text(40),
    position: integer(),
    is_active: flag(),
    revision: integer(),
    content_hash: ascii(32),
    is_deleted: flag(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  unique: { doctors_of_clinic: ['clinic_id', 'id'] },
  indexes: { doctors_by_user: ['user_id', 'clinic_id'] },
  foreignKeys: [TO_CLINIC, TO_USER, TO_LOCATION],
})

const patients = createTable({
  name: 'patients',
  columns: {
    id: id(),
    clinic_id: id(),
    user_id: orNull(id()),
    name: text(160),
    birth_date: orNull(day()),
    gender: ascii(32),
    phone: text(40),
    email: text(254),
    alerts: longText(),
    note: text(2000),
    revision: integer(),
    content_hash: ascii(32),
    is_deleted: flag(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  unique: { patients_of_clinic: ['clinic_id', 'id'] },
  indexes: { patients_by_user: ['user_id', 'clinic_id'] },
  checks: { patients_gender: isOneOf('gender', ['female', 'male', 'other', 'unknown']) },
  foreignKeys: [TO_CLINIC, TO_USER],
})

const devices = createTable({
  name: 'devices',
  columns: {
    id: id(),
    clinic_id: id(),
    last_user_id: id(),
    name: text(80),
    unsent_count: integer(),
    created_at: instant(),
    last_seen_at: instant(),
    revoked_at: orNull(instant()),
  },
  primaryKey: ['id'],
  indexes: { devices_of_clinic: ['clinic_id', 'last_seen_at'] },
  foreignKeys: [TO_CLINIC, { columns: ['last_user_id'], table: 'users', references: ['id'] }],
})

const sessions = createTable({
  name: 'sessions',
  columns: {
    id: id(),
    clinic_id: id(),
    user_id: id(),
    device_id: orNull(id()),
    token_hash: ascii(64),
    transport: ascii(16),
    device_name: text(80),
    created_at: instant(),
    last_seen_at: instant(),
    expires_at: instant(),
    ended_at: orNull(instant()),
  },
  primaryKey: ['id'],
  unique: { sessions_by_token: ['token_hash'] },
  indexes: { sessions_of_user: ['user_id', 'ended_at'], sessions_by_expiry: ['expires_at'] },
  checks: { sessions_transport: isOneOf('transport', ['token', 'cookie']) },
  foreignKeys: [TO_CLINIC, TO_USER, { columns: ['device_id'], table: 'devices', references: ['id'] }],
})

const oneTimeTokens = createTable({
  name: 'one_time_tokens',
  columns: {
    token_hash: ascii(64),
    kind: ascii(32),
    clinic_id: orNull(id()),
    user_id: orNull(id()),
    session_id: orNull(id()),
    device_id: orNull(id()),
    origin: orNull(text(255)),
    created_at: instant(),
    expires_at: instant(),
    used_at: orNull(instant()),
  },
  primaryKey: ['token_hash'],
  indexes: { one_time_tokens_by_expiry: ['expires_at'] },
  checks: {
    one_time_tokens_kind: isOneOf('kind', ['socket-ticket', 'setup-link', 'password-reset', 'link-code']),
  },
  foreignKeys: [TO_USER, { columns: ['session_id'], table: 'sessions', references: ['id'] }],
})

export const peopleAndAccess: Migration = {
  number: 1,
  name: 'people-and-access',
  steps: [
    clinics,
    locations,
    users,
    roles,
    permissions,
    roleHasPermissions,
    modelHasRoles,
    modelHasPermissions,
    doctors,
    patients,
    devices,
    sessions,
    oneTimeTokens,
  ],
}
