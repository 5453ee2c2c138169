/** `POST /api/v1/access-events`: records that were opened on a device, from its own data (DESIGN, P8; decision 0018). */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, oneOf } from '#domain/schema-parts.ts'
import { COLLECTION_NAMES } from '#domain/sync/collections.ts'
import { PATIENT_RECORDS } from '#domain/sync/patient-records.ts'

/** A client sends what waits in pages of at most so many. */
export const MOST_ACCESS_EVENTS = 200

const RECORDS = COLLECTION_NAMES.filter((name) => PATIENT_RECORDS.has(name))

export const accessEventSchema = Type.Object(
  {
    /** Made by the client: an event sent twice is noted once. */
    id: idSchema<'AccessEvent'>(),
    /** When it was opened, by the device's clock corrected to the server's as far as that was known. */
    at: instantSchema(),
    collection: oneOf(RECORDS),
    documentId: idSchema<'Document'>(),
  },
  { additionalProperties: false },
)
export type AccessEvent = Type.Static<typeof accessEventSchema>

export const accessEventsBodySchema = Type.Object(
  { events: Type.Array(accessEventSchema, { minItems: 1, maxItems: MOST_ACCESS_EVENTS }) },
  { additionalProperties: false },
)
