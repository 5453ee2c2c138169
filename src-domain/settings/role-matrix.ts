/** Roles as a table: a row for each permission, a column for each role, and in the cell how far it reaches. */
import { type Grant, PERMISSIONS, type Permission, type Scope } from '#domain/access/permissions.ts'

/** `own` is both of one's own: the patients somebody stands for, and the doctor they are. */
export const REACHES = ['none', 'own-patient', 'own-doctor', 'own', 'clinic'] as const
export type Reach = (typeof REACHES)[number]

/** The rows in groups, each permission once. */
export const PERMISSION_GROUPS = {
  visits: [
    'view-appointments',
    'book-appointment',
    'confirm-appointment',
    'move-appointment',
    'cancel-appointment',
    'check-in-patient',
    'edit-appointment',
    'overbook-appointment',
    'manage-waitlist',
    'manage-day-notes',
  ],
  patients: ['view-patients', 'manage-patients', 'manage-privacy'],
  hours: ['view-schedules', 'manage-schedules'],
  clinic: ['manage-doctors', 'manage-appointment-types', 'manage-rooms', 'manage-clinic'],
  people: ['manage-users', 'manage-roles', 'manage-devices'],
  system: ['view-reports', 'view-activity', 'import-history', 'manage-webhooks'],
} as const satisfies Record<string, readonly Permission[]>
export type PermissionGroup = keyof typeof PERMISSION_GROUPS

const SCOPES_OF: Record<Reach, readonly Scope[]> = {
  none: [],
  'own-patient': ['own-patient'],
  'own-doctor': ['own-doctor'],
  own: ['own-patient', 'own-doctor'],
  clinic: ['clinic'],
}

/** How far a permission reaches by these grants; the whole clinic covers everything of one's own. */
export function reachOf(grants: readonly Grant[], permission: Permission): Reach {
  const scopes = new Set(grants.filter((grant) => grant.permission === permission).map(({ scope }) => scope))
  if (scopes.has('clinic')) return 'clinic'
  if (scopes.size === 2) return 'own'
  return scopes.has('own-patient') ? 'own-patient' : scopes.has('own-doctor') ? 'own-doctor' : 'none'
}

/** The same grants with another reach of one permission. */
export const withReach = (grants: readonly Grant[], permission: Permission, reach: Reach): Grant[] => [
  ...grants.filter((grant) => grant.permission !== permission),
  ...SCOPES_OF[reach].map((scope) => ({ permission, scope })),
]

export type ReachChange = { readonly permission: Permission; readonly from: Reach; readonly to: Reach }

/** What a change of a role comes to, in the order of the permissions. */
export function reachChanges(before: readonly Grant[], after: readonly Grant[]): readonly ReachChange[] {
  return PERMISSIONS.flatMap((permission) => {
    const change = { permission, from: reachOf(before, permission), to: reachOf(after, permission) }
    return change.from === change.to ? [] : [change]
  })
}
