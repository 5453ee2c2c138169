/** The RxJsonSchema of a collection, for our clients and for third parties that build a replica of their own. */
import { type CollectionName, definitionOf } from './collections.ts'

/** An RxDB schema as plain JSON (RxDB's own type is not imported: this module also runs on the server). */
export type PlainRxSchema = {
  readonly title: CollectionName
  readonly version: number
  readonly primaryKey: 'id'
  readonly type: 'object'
  readonly properties: Record<string, unknown>
  readonly required: readonly string[]
  readonly indexes: readonly (readonly string[])[]
  readonly encrypted: readonly string[]
  readonly additionalProperties: false
}

/** The schema of a collection as RxDB wants it. */
export function rxSchemaOf(name: CollectionName): PlainRxSchema {
  const { schema, version, indexes, encrypted } = definitionOf(name)
  return {
    title: name,
    version,
    primaryKey: 'id',
    type: 'object',
    properties: JSON.parse(JSON.stringify(schema.properties)) as Record<string, unknown>,
    required: [...(schema.required ?? [])],
    indexes,
    encrypted,
    additionalProperties: false,
  }
}
