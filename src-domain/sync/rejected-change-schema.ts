/** A change the server refused, kept for its author until they dismiss it. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, nullable, revisionSchema, textSchema } from '#domain/schema-parts.ts'

export const rejectedChangeSchema = Type.Object(
  {
    /** Hash of author, collection, document, attempt and base in UUID shape, so that repeats collapse. */
    id: idSchema<'RejectedChange'>(),
    clinicId: idSchema<'Clinic'>(),
    userId: idSchema<'User'>(),
    /** Not `collection`: RxDB documents have a property of that name, and break on a field that shadows it. */
    collectionName: textSchema(32),
    documentId: textSchema(36),
    reason: textSchema(40),
    field: textSchema(64),
    takenBy: textSchema(120),
    takenAt: nullable(instantSchema()),
    /** What the author wanted to store, and what it was based on, as canonical JSON. */
    attempted: textSchema(65_536),
    base: nullable(textSchema(65_536)),
    at: instantSchema(),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type RejectedChange = Type.Static<typeof rejectedChangeSchema>
