/** What the REST API takes and gives under `/api/v1/calendar-feeds`. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, nullable } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const

/**
 * `POST /api/v1/calendar-feeds`: the visits of one doctor or of one patient. `withNames` puts the other side's name into the
 * entries; whoever knows the address then knows it too.
 */
export const createFeedBodySchema = Type.Union([
  Type.Object({ doctorId: idSchema<'Doctor'>(), withNames: Type.Optional(Type.Boolean()) }, strict),
  Type.Object({ patientId: idSchema<'Patient'>(), withNames: Type.Optional(Type.Boolean()) }, strict),
])
export type CreateFeedBody = Type.Static<typeof createFeedBodySchema>

export const feedSchema = Type.Object(
  {
    id: idSchema<'CalendarFeed'>(),
    doctorId: nullable(idSchema<'Doctor'>()),
    patientId: nullable(idSchema<'Patient'>()),
    withNames: Type.Boolean(),
    createdAt: instantSchema(),
    lastReadAt: nullable(instantSchema()),
  },
  strict,
)
export type CalendarFeed = Type.Static<typeof feedSchema>

/** The address is answered once, here: of its secret only a hash is kept. */
export const feedAddressAnswerSchema = Type.Object({ feed: feedSchema, url: Type.String() }, strict)
export const feedListAnswerSchema = Type.Object({ feeds: Type.Array(feedSchema) }, strict)
