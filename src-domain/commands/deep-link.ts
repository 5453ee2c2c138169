/**
 * A link that leads into the app from outside: a mail, a calendar, another program. Anybody can write one, so it names one of
 * four places and nothing else: no command is run, no field is filled, and what it leads to is looked for with the rights of
 * whoever is signed in.
 */
import { type AppointmentId, type Id, isId, type PatientId } from '#domain/ids.ts'
import { isLocalDay, type LocalDay } from '#domain/time/clinic-time.ts'

export const LINK_SCHEME = 'clinic'

export type DeepLink =
  | { readonly to: 'day'; readonly day: LocalDay }
  | { readonly to: 'appointment'; readonly id: AppointmentId }
  | { readonly to: 'patient'; readonly id: PatientId }
  | { readonly to: 'inbox' }

/** Browsers and systems end an address without a path with a slash of their own. */
const SHAPE = /^clinic:\/\/(inbox|(day|appointment|patient)\/([0-9a-f-]{10,36}))\/?$/

/** @returns the place, or null for whatever is not exactly one of the four; nothing is repaired or guessed */
export function parseDeepLink(text: string): DeepLink | null {
  const [, whole, to, name = ''] = SHAPE.exec(text) ?? []
  if (whole === 'inbox') return { to: 'inbox' }
  if (to === 'day') return isLocalDay(name) ? { to, day: name } : null
  if (!isId(name)) return null
  return to === 'appointment'
    ? { to, id: name as Id<'Appointment'> }
    : to === 'patient'
      ? { to, id: name as Id<'Patient'> }
      : null
}
