/** What a person may be allowed to do, in the words of the role editor. A grant is a permission with a scope. */

export const PERMISSIONS = [
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
  'manage-schedules',
  'manage-waitlist',
  'manage-day-notes',
  'manage-doctors',
  'manage-appointment-types',
  'manage-rooms',
  'manage-clinic',
  'manage-webhooks',
  'manage-privacy',
  'manage-users',
  'manage-roles',
  'manage-devices',
  'view-reports',
  'view-activity',
  'import-history',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/**
 * How far a grant reaches: rows in which the subject is the patient (or a patient they stand for), rows of the doctor
 * the subject is, or every row of the clinic.
 */
export const SCOPES = ['own-patient', 'own-doctor', 'clinic'] as const
export type Scope = (typeof SCOPES)[number]

export type Grant = { readonly permission: Permission; readonly scope: Scope }
