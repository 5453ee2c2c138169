/** What the author of a change that was set aside wanted, for the screens that show it. Pure. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import type { Schedule } from '#domain/schedule/schedule-schemas.ts'
import type { ParkedChange } from '#renderer/local-db/parked-changes.ts'
import type { UnsentChange } from './use-unsent-changes.ts'

export type ParkedWish =
  | { readonly kind: 'appointment'; readonly wanted: Appointment }
  | { readonly kind: 'patient'; readonly wanted: Patient }
  | { readonly kind: 'schedule'; readonly wanted: Schedule }
  | { readonly kind: 'other' }

/** The document was this device's own: its shape is that of its collection. */
export function readParkedChange({ collection, row }: ParkedChange): ParkedWish {
  const wanted: unknown = row.newDocumentState
  if (collection === 'appointments') return { kind: 'appointment', wanted: wanted as Appointment }
  if (collection === 'patients') return { kind: 'patient', wanted: wanted as Patient }
  return collection === 'schedules' ? { kind: 'schedule', wanted: wanted as Schedule } : { kind: 'other' }
}

/** The change beside those that wait to be sent, where it can be named as they are. */
export function toUnsent(change: ParkedChange): readonly UnsentChange[] {
  const wish = readParkedChange(change)
  if (wish.kind === 'appointment') return [{ kind: 'appointment', id: change.id, appointment: wish.wanted }]
  return wish.kind === 'patient' ? [{ kind: 'patient', id: change.id, patient: wish.wanted }] : []
}
