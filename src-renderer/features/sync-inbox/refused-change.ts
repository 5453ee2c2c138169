/** What the author of a refused change wanted, read back from the row the server kept. Pure. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { COLLECTIONS } from '#domain/sync/collections.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'

export type RefusedWish =
  /** Another time or doctor; the visit keeps the old one. */
  | { readonly kind: 'move'; readonly wanted: Appointment; readonly before: Appointment }
  | { readonly kind: 'booking'; readonly wanted: Appointment }
  /** Anything else about a visit: a status, a word. */
  | {
      readonly kind: 'visit'
      readonly wanted: Appointment
      readonly before: Appointment
      readonly fields: readonly string[]
    }
  | { readonly kind: 'other' }

/** What the server sets, and what a person did not mean to change by it. */
const UNTOLD: ReadonlySet<string> = new Set([...COLLECTIONS.appointments.serverOwned, 'locationId', '_deleted'])

export function readRefused(change: RejectedChange): RefusedWish {
  if (change.collectionName !== 'appointments') return { kind: 'other' }
  const wanted = parse(change.attempted)
  const before = change.base === null ? undefined : parse(change.base)
  if (!wanted) return { kind: 'other' }
  if (!before) return { kind: 'booking', wanted }
  if (wanted.start !== before.start || wanted.doctorId !== before.doctorId) return { kind: 'move', wanted, before }
  const fields = Object.keys(wanted).filter(
    (field) => !UNTOLD.has(field) && wanted[field as keyof Appointment] !== before[field as keyof Appointment],
  )
  return { kind: 'visit', wanted, before, fields }
}

/** The server wrote the text from a document it had checked; only a broken row is no object. */
function parse(text: string): Appointment | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'patientId' in value ? (value as Appointment) : undefined
  } catch {
    return undefined
  }
}
