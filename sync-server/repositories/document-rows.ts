/** Between a document as it travels and its row: one mapper for every collection, driven by the collection's schema. */
import { createHash } from 'node:crypto'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { contentText } from '#domain/sync/canonical.ts'
import { COLLECTION_NAMES, type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tables } from '#server/database/tables.ts'

type FieldKind = 'plain' | 'flag' | 'json'
type Field = { readonly field: string; readonly column: string; readonly kind: FieldKind }
type JsonSchema = { readonly type?: string; readonly anyOf?: readonly JsonSchema[] }

/** The words SQL keeps for itself. */
const COLUMN_NAMES: Readonly<Record<string, string>> = { start: 'start_at', end: 'end_at' }

/** The column of a field. */
export const columnOf = (field: string): string =>
  COLUMN_NAMES[field] ?? field.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`)

const FIELDS = Object.fromEntries(COLLECTION_NAMES.map((name) => [name, fieldsOf(name)])) as Record<
  CollectionName,
  readonly Field[]
>

function fieldsOf(name: CollectionName): readonly Field[] {
  return Object.entries(definitionOf(name).schema.properties).map(([field, schema]) => ({
    field,
    column: columnOf(field),
    kind: kindOf(schema as JsonSchema),
  }))
}

function kindOf({ type, anyOf }: JsonSchema): FieldKind {
  if (anyOf) return anyOf.map(kindOf).find((kind) => kind !== 'plain') ?? 'plain'
  if (type === 'boolean') return 'flag'
  return type === 'array' || type === 'object' ? 'json' : 'plain'
}

/** First 32 hex characters of SHA-256 over the content: equal exactly when nothing but the count of writes differs. */
export const contentHash = (document: unknown): string =>
  createHash('sha256').update(contentText(document)).digest('hex').slice(0, 32)

/** The row of a document; `now` becomes `updated_at` where the document itself carries none. */
export function toRow<Name extends CollectionName>(
  name: Name,
  document: WireDocument<Name>,
  now: Instant,
): Tables[Name] {
  const values = document as unknown as Readonly<Record<string, unknown>>
  const row: Record<string, unknown> = {
    updated_at: now,
    content_hash: contentHash(document),
    is_deleted: document._deleted ? 1 : 0,
  }
  for (const { field, column, kind } of FIELDS[name]) row[column] = toColumn(kind, values[field])
  if (name === 'appointments') {
    row.holds_time = !document._deleted && holdsTime((document as WireDocument<'appointments'>).status) ? 1 : 0
  }
  return row as Tables[Name]
}

/** The document of a row. */
export function toDocument<Name extends CollectionName>(name: Name, row: Tables[Name]): WireDocument<Name> {
  const values = row as unknown as Readonly<Record<string, unknown>>
  const document: Record<string, unknown> = {}
  for (const { field, column, kind } of FIELDS[name]) document[field] = toField(kind, values[column])
  document._deleted = values.is_deleted === 1
  return document as unknown as WireDocument<Name>
}

function toColumn(kind: FieldKind, value: unknown): unknown {
  if (value === null || kind === 'plain') return value
  return kind === 'flag' ? Number(value === true) : JSON.stringify(value)
}

function toField(kind: FieldKind, value: unknown): unknown {
  if (value === null || kind === 'plain') return value
  return kind === 'flag' ? value === 1 : JSON.parse(value as string)
}
