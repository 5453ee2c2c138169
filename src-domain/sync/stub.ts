/** What a client may learn of a document it may not see: its id, and that it is gone. */
import { type CollectionName, definitionOf, type WireDocument } from './collections.ts'

/**
 * The document that never is (the nil UUID of RFC 9562). RxDB keeps a checkpoint only when it comes with a document, so a page
 * that has nothing to say but where it stands carries the tombstone of this one.
 */
export const BOOKMARK_ID = '00000000-0000-0000-0000-000000000000'

type JsonSchema = {
  type?: string
  anyOf?: readonly JsonSchema[]
  const?: unknown
  minimum?: number
}

/** A tombstone with every required field blank: nothing readable but the id. */
export function stubOf<Name extends CollectionName>(name: Name, id: string): WireDocument<Name> {
  const { schema } = definitionOf(name)
  const blanks = Object.entries(schema.properties).map(([key, field]) => [key, blank(field as JsonSchema)])
  return {
    ...Object.fromEntries(blanks),
    id,
    _deleted: true,
  } as WireDocument<Name>
}

function blank(schema: JsonSchema): unknown {
  if (schema.anyOf) return schema.anyOf.some((option) => option.type === 'null') ? null : blank(schema.anyOf[0] ?? {})
  if (schema.const !== undefined) return schema.const
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 0
  if (schema.type === 'boolean') return false
  return schema.type === 'array' ? [] : ''
}
