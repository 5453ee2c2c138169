/**
 * The permissions of waitlist, administration and webhooks, and with them the roles that clinics were given when they began.
 * A clinic edits its own copy of a role, so this only adds, and only to roles that still carry the shipped name.
 */
import type { Migration } from './migration.ts'
import type { Step } from './table-ddl.ts'

const NEW_PERMISSIONS = [
  'manage-waitlist',
  'manage-doctors',
  'manage-appointment-types',
  'manage-rooms',
  'manage-clinic',
  'manage-webhooks',
  'manage-privacy',
]
/** Role, scope, and what is added to it. */
const NEW_GRANTS = [
  ['patient', 'own-patient', ['manage-waitlist']],
  ['doctor', 'own-doctor', ['manage-waitlist']],
  ['receptionist', 'clinic', ['manage-waitlist']],
  ['admin', 'clinic', NEW_PERMISSIONS],
] as const

// Each statement leaves out what is there, so that it can run twice.
const insertPermission = (name: string) =>
  `insert into permissions (name) select '${name}' from (select 1 as one) as once
   where not exists (select 1 from permissions where name = '${name}')`

const grant = (role: string, scope: string, permission: string) =>
  `insert into role_has_permissions (role_id, permission, scope)
   select roles.id, '${permission}', '${scope}' from roles where roles.name = '${role}' and not exists (
     select 1 from role_has_permissions as held
     where held.role_id = roles.id and held.permission = '${permission}' and held.scope = '${scope}')`

const onBoth = (statements: readonly string[]): Step => ({ mysql: statements, sqlite: statements })

export const morePermissions: Migration = {
  number: 5,
  name: 'more-permissions',
  steps: [
    onBoth(NEW_PERMISSIONS.map(insertPermission)),
    onBoth(NEW_GRANTS.flatMap(([role, scope, added]) => added.map((permission) => grant(role, scope, permission)))),
  ],
}
