/** Which visits a report is about: the same schema for the REST API, stored schedules and the desktop. */
import Type from 'typebox'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { idSchema } from '#domain/ids.ts'
import { localDaySchema, oneOf } from '#domain/schema-parts.ts'
import { isLocalDay } from '#domain/time/clinic-time.ts'
import type { VisitFact } from './visit-fact.ts'

const strict = { additionalProperties: false } as const
const listed = { minItems: 1, maxItems: 200, uniqueItems: true } as const

/** What narrows a report beside its days; what is absent narrows nothing. */
const narrowing = {
  doctorIds: Type.Optional(Type.Array(idSchema<'Doctor'>(), listed)),
  typeIds: Type.Optional(Type.Array(idSchema<'AppointmentType'>(), listed)),
  roomIds: Type.Optional(Type.Array(idSchema<'Room'>(), listed)),
  statuses: Type.Optional(Type.Array(oneOf(APPOINTMENT_STATUSES), listed)),
}
export const reportNarrowingSchema = Type.Object(narrowing, strict)
export type ReportNarrowing = Type.Static<typeof reportNarrowingSchema>

/** Days of the clinic's calendar, both included. */
export const reportFilterSchema = Type.Object({ from: localDaySchema(), until: localDaySchema(), ...narrowing }, strict)
export type ReportFilter = Type.Static<typeof reportFilterSchema>

/** @returns the first field that makes no sense as a period, or undefined. */
export function periodFault({ from, until }: Pick<ReportFilter, 'from' | 'until'>): 'from' | 'until' | undefined {
  if (!isLocalDay(from)) return 'from'
  if (!isLocalDay(until) || until < from) return 'until'
  return undefined
}

type Filtered = Pick<VisitFact, 'localDay' | 'doctorId' | 'typeId' | 'roomId' | 'status'>

/** @returns whether a visit belongs to the report. */
export function matchesFilter(filter: ReportFilter, fact: Filtered): boolean {
  if (fact.localDay < filter.from || fact.localDay > filter.until) return false
  if (filter.doctorIds && !filter.doctorIds.includes(fact.doctorId)) return false
  if (filter.typeIds && !filter.typeIds.includes(fact.typeId)) return false
  if (filter.roomIds && (fact.roomId === null || !filter.roomIds.includes(fact.roomId))) return false
  return !filter.statuses || filter.statuses.includes(fact.status)
}
