/**
 * Who sees what, as audiences: a document names the audiences that see it, a subject belongs to some, and both meet in
 * `document_views`. The names are part of the checkpoint on the wire.
 * `clinic:` the clinic's desks · `doctor:` one doctor · `staff:` desks and doctors of a clinic · `user:` one person ·
 * `everyone:` all of a clinic, patients included (their documents hold public fields only).
 */
import type { ClinicId, DoctorId, UserId } from '#domain/ids.ts'
import type { PokedName } from '#domain/sync/live-names.ts'
import type { Subject } from './can.ts'
import type { Permission } from './permissions.ts'

export type Audience = `${'clinic' | 'doctor' | 'staff' | 'user' | 'everyone'}:${string}`

export const clinicAudience = (id: ClinicId): Audience => `clinic:${id}`
export const doctorAudience = (id: DoctorId): Audience => `doctor:${id}`
export const userAudience = (id: UserId): Audience => `user:${id}`
/** In `day_notes` alone: what concerns everybody at the clinic has no doctor whose audience could see it. */
export const staffAudience = (id: ClinicId): Audience => `staff:${id}`
export const everyoneAudience = (id: ClinicId): Audience => `everyone:${id}`

/** The permission that opens a collection, or what is told of beside them; `null` means every signed-in person of the clinic. */
export const VIEW_PERMISSION: Record<PokedName, Permission | null> = {
  appointments: 'view-appointments',
  schedules: 'view-schedules',
  schedule_templates: 'view-schedules',
  patients: 'view-patients',
  doctors: null,
  appointment_types: null,
  rooms: null,
  waitlist_entries: 'manage-waitlist',
  // Patients see none.
  day_notes: 'view-schedules',
  notifications: null,
  // Who keeps a time for their device; patients see none.
  allotments: 'view-schedules',
  rejected_changes: null,
  // Who holds a time, and how late a doctor runs, is said to those who see the doctor's visits.
  holds: 'view-appointments',
  delays: 'view-appointments',
}

/** The audiences a subject belongs to in one collection, in a stable order. Empty when nothing may be seen. */
export function audiencesFor(subject: Subject, collection: PokedName): readonly Audience[] {
  const permission = VIEW_PERMISSION[collection]
  if (permission === null) {
    return isOnesOwn(collection) ? [userAudience(subject.userId)] : [everyoneAudience(subject.clinicId)]
  }
  const scopes = new Set(subject.grants.filter((grant) => grant.permission === permission).map((grant) => grant.scope))
  const audiences: Audience[] = []
  if (scopes.has('clinic')) audiences.push(clinicAudience(subject.clinicId))
  if (scopes.has('own-doctor') && subject.doctorId) audiences.push(doctorAudience(subject.doctorId))
  if (scopes.has('own-doctor') && collection === 'day_notes') audiences.push(staffAudience(subject.clinicId))
  if (scopes.size > 0) audiences.push(userAudience(subject.userId))
  return audiences
}

/** Of each person alone: what they were told, and what was refused to them. */
const isOnesOwn = (collection: PokedName): boolean =>
  collection === 'notifications' || collection === 'rejected_changes'
