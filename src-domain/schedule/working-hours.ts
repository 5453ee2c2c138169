/**
 * From weekly templates and dated exceptions to the stretches of time in which a doctor can be booked.
 *
 * A row's wall-clock times are read in the row's own zone.
 *
 * Rules: exceptions with `isAvailable` add hours, those without remove them, and removal wins. A range belongs to the day it
 * starts on, also when it runs past midnight; leave removes time wherever it falls. A time the switch skips becomes the first
 * existing instant after the gap; a range that begins or ends within a repeated hour begins with the first and ends with the last.
 */
import {
  addDays,
  isoWeekNumber,
  type LocalDay,
  type LocalTime,
  toInstant,
  toInstantChoosing,
  toLocal,
  weekdayOf,
  type Zone,
} from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { contains, type Interval, isEmpty, overlaps, subtract } from './interval.ts'
import type { Schedule, ScheduleTemplate } from './schedule-schemas.ts'

/** What decides a weekly range; ids and revisions do not. */
export type WeeklyRange = Pick<
  ScheduleTemplate,
  'zone' | 'weekday' | 'startTime' | 'endTime' | 'validFrom' | 'validUntil' | 'weeks'
>
/** What decides a dated exception. */
export type DatedRange = Pick<Schedule, 'zone' | 'date' | 'startTime' | 'endTime' | 'isAvailable'>

/** One doctor's ranges; the caller has chosen the doctor, and the publish mode where it matters. */
export type HoursSource = {
  readonly templates: readonly WeeklyRange[]
  readonly schedules: readonly DatedRange[]
}

/** Leave of this many days before or after a range may still reach into it: it runs past midnight, in a zone of its own. */
const LEAVE_REACH_DAYS = 3

/**
 * The bookable hours of ranges that start on `day`, sorted and merged.
 * Hours past midnight belong to the day before: ask `workingHoursBetween` what a stretch of time holds.
 */
export const workingHours = ({ day, ...source }: HoursSource & { readonly day: LocalDay }): Interval[] =>
  workingHoursBetween({ ...source, from: day, until: day })

/** The bookable hours of ranges that start on a day from `from` to `until`, both included, sorted and merged across midnight. */
export function workingHoursBetween({
  from,
  until,
  templates,
  schedules,
}: HoursSource & { readonly from: LocalDay; readonly until: LocalDay }): Interval[] {
  const offered: Interval[] = []
  for (let day = from; day <= until; day = addDays(day, 1)) {
    const weekday = weekdayOf(day)
    for (const template of templates) {
      if (template.weekday === weekday && isInForce(template, day)) offered.push(rangeOn(day, template))
    }
  }
  const [before, after] = [addDays(from, -LEAVE_REACH_DAYS), addDays(until, LEAVE_REACH_DAYS)]
  const removed: Interval[] = []
  for (const schedule of schedules) {
    const { date, isAvailable } = schedule
    if (isAvailable && from <= date && date <= until) offered.push(rangeOn(date, schedule))
    if (!isAvailable && before <= date && date <= after) removed.push(rangeOn(date, schedule))
  }
  return subtract(offered, removed)
}

/** True when a visit lies wholly inside the hours; `hours` must be merged, as every function here returns them. */
export const isInsideHours = (visit: Interval, hours: readonly Interval[]): boolean =>
  hours.some((stretch) => contains(stretch, visit))

/** The visits an exception would strand: they overlap it. They keep their time and become a worklist. */
export function strandedBy<Visit extends Interval>(exception: DatedRange, visits: readonly Visit[]): Visit[] {
  if (exception.isAvailable) return []
  const removed = rangeOn(exception.date, exception)
  return visits.filter((visit) => overlaps(visit, removed))
}

/**
 * The visits that lie outside the hours as they are now and lay inside them as they were: what a change of hours strands,
 * whichever way it took the time away.
 */
export function strandedBetween<Visit extends Interval>(
  visits: readonly Visit[],
  { before, now }: { readonly before: readonly Interval[]; readonly now: readonly Interval[] },
): Visit[] {
  return visits.filter((visit) => isInsideHours(visit, before) && !isInsideHours(visit, now))
}

/** A wall-clock range of one day as an interval; empty when the switch swallowed it. */
export function rangeOn(
  day: LocalDay,
  range: { readonly startTime: LocalTime; readonly endTime: LocalTime; readonly zone: Zone },
): Interval {
  const endDay = range.endTime <= range.startTime ? addDays(day, 1) : day
  const start: Instant = toInstantChoosing(day, range.startTime, range.zone, 'earlier')
  const end = endAt(endDay, range.endTime, range.zone)
  const interval = { start, end }
  return isEmpty(interval) ? { start, end: start } : interval
}

/**
 * The end of the last minute that shows a time before the given one. A range until the minute at which the repeated hour begins
 * ends when the clock shows it first: the hour after it is none of the range's, however often it comes.
 */
function endAt(day: LocalDay, time: LocalTime, zone: Zone): Instant {
  const answer = toInstant(day, time, zone)
  if (answer.ok) return answer.instant
  if (answer.reason === 'skipped-hour') return answer.resumes
  const lastBefore = toLocal(answer.later - 1, zone)
  const isReachedOnce = lastBefore.day > day || (lastBefore.day === day && lastBefore.time >= time)
  return isReachedOnce ? answer.earlier : answer.later
}

function isInForce(template: WeeklyRange, day: LocalDay): boolean {
  if (day < template.validFrom || (template.validUntil !== null && day > template.validUntil)) return false
  if (template.weeks === 'every') return true
  return (isoWeekNumber(day) % 2 === 1) === (template.weeks === 'odd')
}
