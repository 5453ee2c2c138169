/** The roles a clinic starts with. They are data: a clinic edits its own copy. */
import type { Grant, Permission, Scope } from './permissions.ts'
import { PERMISSIONS } from './permissions.ts'

export const SHIPPED_ROLES = ['patient', 'doctor', 'receptionist', 'admin'] as const
export type ShippedRole = (typeof SHIPPED_ROLES)[number]

const grants = (scope: Scope, permissions: readonly Permission[]): readonly Grant[] =>
  permissions.map((permission) => ({ permission, scope }))

/** Role name → what it grants. */
export const SHIPPED_ROLE_GRANTS: Record<ShippedRole, readonly Grant[]> = {
  patient: grants('own-patient', [
    'book-appointment',
    'view-appointments',
    'move-appointment',
    'cancel-appointment',
    'view-patients',
    'manage-waitlist',
  ]),
  doctor: grants('own-doctor', [
    'book-appointment',
    'view-appointments',
    'confirm-appointment',
    'move-appointment',
    'cancel-appointment',
    'check-in-patient',
    'edit-appointment',
    'view-patients',
    'view-schedules',
    'manage-schedules',
    'manage-waitlist',
    'manage-day-notes',
  ]),
  receptionist: grants('clinic', [
    'book-appointment',
    'view-appointments',
    'confirm-appointment',
    'move-appointment',
    'cancel-appointment',
    'check-in-patient',
    'edit-appointment',
    'overbook-appointment',
    'view-patients',
    'manage-patients',
    'view-schedules',
    'manage-waitlist',
    'manage-day-notes',
  ]),
  admin: grants('clinic', PERMISSIONS),
}
