/**
 * The permissions of waitlist, administration and webhooks, and with them the roles that clinics were given when they began.
 * A clinic edits its own copy of a role, so this only adds, and only to roles that still carry the shipped name.
 */
import { grant, insertPermission, onBoth } from './grant-ddl.ts'
import type { Migration } from './migration.ts'

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

export const morePermissions: Migration = {
  number: 5,
  name: 'more-permissions',
  steps: [
    onBoth(NEW_PERMISSIONS.map(insertPermission)),
    onBoth(NEW_GRANTS.flatMap(([role, scope, added]) => added.map((permission) => grant(role, scope, permission)))),
  ],
}
