/** A point on the UTC time line: whole milliseconds since 1970-01-01T00:00Z. Never a wall-clock time. */
export type Instant = number

/** The last instant that tables, messages and ids hold; it lies in November 2286. */
export const LAST_INSTANT: Instant = 9_999_999_999_999

/** The last day whose hours, and those of the days around it, are such instants in every zone. */
export const LAST_DAY = '2286-11-17'

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

/** @returns the length of `count` seconds in milliseconds. */
export const seconds = (count: number): number => count * SECOND_MS

/** @returns the length of `count` minutes in milliseconds. */
export const minutes = (count: number): number => count * MINUTE_MS

/** @returns the length of `count` hours in milliseconds. A calendar day is no number of hours: see `addDays` in clinic-time. */
export const hours = (count: number): number => count * HOUR_MS

/** @returns how many whole minutes lie between two instants, rounded down. */
export const minutesBetween = (start: Instant, end: Instant): number => Math.floor((end - start) / MINUTE_MS)
