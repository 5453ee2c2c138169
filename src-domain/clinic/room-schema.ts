import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { nullable, revisionSchema } from '#domain/schema-parts.ts'

/** A room as it travels to clients: where visits take place, and how many at once. */
export const roomSchema = Type.Object(
  {
    id: idSchema<'Room'>(),
    clinicId: idSchema<'Clinic'>(),
    locationId: nullable(idSchema<'Location'>()),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    /** Visits at once. A group session is one, however many patients it has. */
    capacity: Type.Integer({ minimum: 1, maximum: 1000 }),
    /** Order in lists, and in which the server takes the first free one; ascending. */
    position: Type.Integer({ minimum: 0, maximum: 100_000 }),
    isActive: Type.Boolean(),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type Room = Type.Static<typeof roomSchema>
