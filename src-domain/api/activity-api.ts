/** `GET /api/v1/activity`: the audit log as administrators read it. Ids, codes and names of users; never what a record says. */
import Type from 'typebox'
import { AUDIT_DOORS } from '#domain/access/via.ts'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, nullable, oneOf, textSchema } from '#domain/schema-parts.ts'
import { listQueryOf, pageOf } from './page-api.ts'

export const activityFilters = {
  /** Who did it. */
  userId: Type.Optional(idSchema<'User'>()),
  /** On which machine. */
  deviceId: Type.Optional(idSchema<'Device'>()),
  action: Type.Optional(textSchema(64)),
  collection: Type.Optional(textSchema(32)),
  door: Type.Optional(oneOf(AUDIT_DOORS)),
  /** A document of any collection. */
  documentId: Type.Optional(idSchema<'Document'>()),
  /** Everything about one patient: the record, the visits, what was refused about them. */
  patientId: Type.Optional(idSchema<'Patient'>()),
  /** Days of the clinic's calendar, both included. Without `from`, and without a person or document to look for: a month. */
  from: Type.Optional(localDaySchema()),
  to: Type.Optional(localDaySchema()),
} as const
export const activityQuerySchema = listQueryOf(activityFilters)
export type ActivityFilters = Type.Static<ReturnType<typeof filtersSchema>>
const filtersSchema = () => Type.Object(activityFilters)

/** Ids an answer names of one row; a first sync of a device names hundreds. */
export const MOST_IDS_SHOWN = 20

export const activityEntrySchema = Type.Object(
  {
    at: instantSchema(),
    userId: nullable(idSchema<'User'>()),
    /** Null where the reader may not know the name, or there is none. */
    userName: nullable(Type.String()),
    action: Type.String(),
    collection: Type.String(),
    documentIds: Type.Array(Type.String()),
    documentCount: Type.Integer({ minimum: 0 }),
    door: nullable(Type.String()),
    sessionId: nullable(Type.String()),
    deviceId: nullable(Type.String()),
    deviceName: nullable(Type.String()),
    detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  },
  { additionalProperties: false },
)
export type ActivityEntry = Type.Static<typeof activityEntrySchema>
export const activityAnswerSchema = pageOf('entries', activityEntrySchema)

/** `GET /api/v1/activity/news`: how much was noted since an instant, looks at the log left out; counted up to a bound. */
export const MOST_NEWS = 100
export const activityNewsQuerySchema = Type.Object({ since: instantSchema() }, { additionalProperties: false })
export const activityNewsAnswerSchema = Type.Object(
  { count: Type.Integer({ minimum: 0, maximum: MOST_NEWS }) },
  { additionalProperties: false },
)

/** `GET /api/v1/appointments/{id}/revisions/{revision}`: what one change of a visit did, field by field, as text. */
export const visitChangeAnswerSchema = Type.Object(
  {
    fields: Type.Array(
      Type.Object(
        { field: Type.String(), before: nullable(Type.String()), after: nullable(Type.String()) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type VisitChange = Type.Static<typeof visitChangeAnswerSchema>
