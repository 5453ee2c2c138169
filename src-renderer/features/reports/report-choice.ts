/** What is chosen in the form of a report, and what it means on a day. */
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import type { AppointmentTypeId, DoctorId, RoomId } from '#domain/ids.ts'
import { type DayRange, daysOfRange } from '#domain/report/relative-range.ts'
import type { ReportDefinition } from '#domain/report/report-definitions.ts'
import { periodFault, type ReportFilter, type ReportNarrowing } from '#domain/report/report-filter.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'

export const PERIODS = ['today', 'this-week', 'last-week', 'this-month', 'last-month', 'days'] as const
export type Period = (typeof PERIODS)[number]

/** What narrows a report beside its days; an empty list narrows nothing. */
export type Narrowed = {
  readonly doctorIds: readonly DoctorId[]
  readonly typeIds: readonly AppointmentTypeId[]
  readonly roomIds: readonly RoomId[]
  readonly statuses: readonly AppointmentStatus[]
}

export type ReportChoice = Narrowed & {
  readonly definition: ReportDefinition
  readonly period: Period
  /** Of the period `days`. */
  readonly from: LocalDay
  readonly until: LocalDay
}

export const NOT_NARROWED: Narrowed = { doctorIds: [], typeIds: [], roomIds: [], statuses: [] }

export const firstChoice = (today: LocalDay): ReportChoice => ({
  definition: 'appointments-by-doctor',
  period: 'this-week',
  ...daysOfRange('this-week', today),
  ...NOT_NARROWED,
})

/** The days that are chosen, both included. */
export function daysOf({ period, from, until }: ReportChoice, today: LocalDay): DayRange {
  if (period === 'days') return { from, until }
  return period === 'today' ? { from: today, until: today } : daysOfRange(period, today)
}

/** The filter, or undefined while the two days are no period. */
export function filterOf(choice: ReportChoice, today: LocalDay): ReportFilter | undefined {
  const days = daysOf(choice, today)
  return periodFault(days) ? undefined : { ...days, ...narrowingOf(choice) }
}

export function narrowingOf({ doctorIds, typeIds, roomIds, statuses }: Narrowed): ReportNarrowing {
  return {
    ...(doctorIds.length > 0 && { doctorIds: [...doctorIds] }),
    ...(typeIds.length > 0 && { typeIds: [...typeIds] }),
    ...(roomIds.length > 0 && { roomIds: [...roomIds] }),
    ...(statuses.length > 0 && { statuses: [...statuses] }),
  }
}
