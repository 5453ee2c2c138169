/** A change the server refused, or one that left its author something to do, kept for them until they dismiss it. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, nullable, revisionSchema, textSchema } from '#domain/schema-parts.ts'

export const rejectedChangeSchema = Type.Object(
  {
    /** A hash in UUID shape of what the row is about, so that repeats collapse. */
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
    /**
     * What the author wanted to store, and what it was based on, as canonical JSON. With the reason `visits-stranded` nothing
     * was refused: `attempted` is the list of stranded-visits.ts.
     */
    attempted: textSchema(65_536),
    base: nullable(textSchema(65_536)),
    at: instantSchema(),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type RejectedChange = Type.Static<typeof rejectedChangeSchema>
