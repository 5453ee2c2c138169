/** What the author of a refused change wanted, read back from the row the server kept. Pure. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import { COLLECTION_NAMES, type CollectionName, definitionOf } from '#domain/sync/collections.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'
import type { RejectionReason } from '#domain/sync/rejection-reasons.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'

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
  /** Another record: what was wanted, and which fields differ from what its author saw. */
  | {
      readonly kind: 'record'
      readonly collection: CollectionName
      readonly wanted: Readonly<Record<string, unknown>>
      readonly fields: readonly string[]
    }
  | { readonly kind: 'other' }

export function readRefused(change: RejectedChange): RefusedWish {
  const collection = COLLECTION_NAMES.find((name) => name === change.collectionName)
  const wanted = parse(change.attempted)
  const before = change.base === null ? undefined : parse(change.base)
  if (!collection || !wanted) return { kind: 'other' }
  const fields = changedFields(collection, wanted, before)
  if (collection !== 'appointments') return { kind: 'record', collection, wanted, fields }
  if (!isVisit(wanted)) return { kind: 'other' }
  if (!before || !isVisit(before)) return { kind: 'booking', wanted }
  if (wanted.start !== before.start || wanted.doctorId !== before.doctorId) return { kind: 'move', wanted, before }
  return { kind: 'visit', wanted, before, fields }
}

/** Which a later attempt cannot change: it would be refused for the same reason. */
const FOR_GOOD: ReadonlySet<string> = new Set<RejectionReason>([
  'gone',
  'not-found',
  'read-only-collection',
  'server-owned-field',
  'invalid-document',
])

/** The change as it would be pushed again; null where that makes no sense or only part of it is on this computer. */
export function rowToRepeat(change: RejectedChange): { readonly name: CollectionName; readonly row: PushRow } | null {
  const name = COLLECTION_NAMES.find((one) => one === change.collectionName)
  const wanted = parse(change.attempted)
  if (!name || !wanted || FOR_GOOD.has(change.reason) || !isWhole(wanted)) return null
  const base = change.base === null ? undefined : parse(change.base)
  const row = { newDocumentState: wanted, ...(base && { assumedMasterState: base }) }
  return { name, row: row as unknown as PushRow }
}

function changedFields(collection: CollectionName, wanted: object, before: object | undefined): readonly string[] {
  // What the server sets, and what a person did not mean to change by it.
  const untold = new Set<string>([...definitionOf(collection).serverOwned, 'locationId', '_deleted', 'id'])
  const textOf = (of: object, field: string): string => canonicalText({ value: (of as Record<string, unknown>)[field] })
  return Object.keys(wanted).filter(
    (field) => !untold.has(field) && (!before || textOf(wanted, field) !== textOf(before, field)),
  )
}

const isWhole = (wanted: object): boolean => 'id' in wanted && 'clinicId' in wanted
const isVisit = (value: object): value is Appointment => 'patientId' in value && 'start' in value

/** The server wrote the text from a document it had checked; only a broken row is no object. */
function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
