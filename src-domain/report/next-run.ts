import {
  addDays,
  type LocalDay,
  type LocalTime,
  localDayOf,
  toInstantChoosing,
  weekdayOf,
  type Zone,
} from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'

/** When a report is made again and again: on a weekday, on a day of the month, or every day when both are null. */
export type RunTimes = {
  /** Monday is 1. */
  readonly weekday: number | null
  /** 1 to 28, so that every month has it. */
  readonly dayOfMonth: number | null
  readonly localTime: LocalTime
  readonly zone: Zone
}

/** Longer than any month. */
const MOST_DAYS = 32

/** The first time after `after`. A time that the clock skips is the end of the gap; one that it repeats is the first of the two. */
export function nextRun(times: RunTimes, after: Instant): Instant {
  const today = localDayOf(after, times.zone)
  for (let ahead = 0; ahead <= MOST_DAYS; ahead += 1) {
    const day = addDays(today, ahead)
    if (!runsOn(times, day)) continue
    const instant = toInstantChoosing(day, times.localTime, times.zone, 'earlier')
    if (instant > after) return instant
  }
  throw new RangeError('No day of a month to come is a day of this schedule')
}

function runsOn({ weekday, dayOfMonth }: RunTimes, day: LocalDay): boolean {
  if (weekday !== null) return weekdayOf(day) === weekday
  return dayOfMonth === null || Number(day.slice(8)) === dayOfMonth
}
