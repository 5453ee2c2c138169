/** A day in two numbers, for a month at a glance. */
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import { type Interval, intersectAll, subtract, union } from './interval.ts'

export type DayCounts = {
  readonly booked: number
  /** Whether there are opening hours at all. */
  readonly isOpen: boolean
  /** Free quarters of an hour within the opening hours, from now on. */
  readonly freeQuarters: number
}

const QUARTER_MINUTES = 15
const FOR_EVER: Instant = Number.MAX_SAFE_INTEGER

/** What one doctor's hours and visits of a day come to; both may overlap and stand in any order. */
export function dayCounts(hours: readonly Interval[], visits: readonly Interval[], now: Instant): DayCounts {
  const ahead = intersectAll(union(hours, []), [{ start: now, end: FOR_EVER }])
  const quarters = subtract(ahead, visits).map(({ start, end }) =>
    Math.floor(minutesBetween(start, end) / QUARTER_MINUTES),
  )
  return {
    booked: visits.length,
    isOpen: hours.length > 0,
    freeQuarters: quarters.reduce((sum, count) => sum + count, 0),
  }
}
