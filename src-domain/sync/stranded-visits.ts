/**
 * The worklist of a change of hours: the booked visits it left outside of them. It travels as the text `attempted` of an inbox
 * row with the reason `visits-stranded`, so that the collection's schema is the same for every kind of row.
 */
import Type from 'typebox'
import { Check } from 'typebox/value'
import { idSchema } from '#domain/ids.ts'
import { scheduleSchema } from '#domain/schedule/schedule-schemas.ts'
import { instantSchema } from '#domain/schema-parts.ts'
import type { RejectedChange } from './rejected-change-schema.ts'
import { VISITS_STRANDED } from './rejection-reasons.ts'

/** So many visits are listed; a range of hours lasts a day at most, so more are rare. The rest is counted. */
export const MAX_LISTED_VISITS = 300

/** A visit as it was booked when the hours went away. */
const strandedVisitSchema = Type.Object(
  {
    id: idSchema<'Appointment'>(),
    patientId: idSchema<'Patient'>(),
    start: instantSchema(),
    end: instantSchema(),
  },
  { additionalProperties: false },
)
export type StrandedVisit = Type.Static<typeof strandedVisitSchema>

export const strandedVisitsSchema = Type.Object(
  {
    /** The schedule as its author left it. Either it is leave that covers the visits, or they lost the hours it gave. */
    schedule: Type.Object(
      {
        ...Type.Pick(scheduleSchema, ['doctorId', 'date', 'startTime', 'endTime', 'zone']).properties,
        isLeave: Type.Boolean(),
      },
      { additionalProperties: false },
    ),
    /** In order of time; only those the author may see. */
    visits: Type.Array(strandedVisitSchema, { maxItems: MAX_LISTED_VISITS }),
    /** How many there are beside those listed. */
    unlisted: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
)
export type StrandedVisits = Type.Static<typeof strandedVisitsSchema>

/** The list an inbox row carries; undefined when the row is about something else or cannot be read. */
export function parseStrandedVisits({ reason, attempted }: Pick<RejectedChange, 'reason' | 'attempted'>) {
  if (reason !== VISITS_STRANDED) return undefined
  try {
    const value: unknown = JSON.parse(attempted)
    return Check(strandedVisitsSchema, value) ? value : undefined
  } catch {
    return undefined
  }
}
