/**
 * The one place where a clinic's wall clock meets the UTC time line.
 *
 * Local values are plain ISO text that sorts correctly: a day is 'YYYY-MM-DD', a time is 'HH:mm'. They mean nothing without
 * a zone, and the zone is always the clinic's, passed in: the device's zone is read nowhere. Text for people is made by the
 * renderer. A wall-clock time that a switch skips or repeats is answered with a typed refusal, never with a guess.
 */
import { HOUR_MS, type Instant, MINUTE_MS } from './instant.ts'
import { nextOffsetChange, offsetMsAt } from './zone-offsets.ts'

/** A calendar day, 'YYYY-MM-DD', years 0100 to 9999. Compares and sorts as text. */
export type LocalDay = string
/** A wall-clock time, 'HH:mm', 00:00 to 23:59. Compares and sorts as text. */
export type LocalTime = string
/** An IANA zone name, for example 'Europe/London'. */
export type Zone = string

export type WallTimeAnswer =
  | { readonly ok: true; readonly instant: Instant }
  /** The clock never shows this time; `resumes` is the first instant after the gap. */
  | { readonly ok: false; readonly reason: 'skipped-hour'; readonly resumes: Instant }
  /** The clock shows this time twice. */
  | { readonly ok: false; readonly reason: 'repeated-hour'; readonly earlier: Instant; readonly later: Instant }

export type LocalMoment = { readonly day: LocalDay; readonly time: LocalTime; readonly minuteOfDay: number }

const DAY_MS = 24 * HOUR_MS
const DAY_SHAPE = /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/
const TIME_SHAPE = /^([01][0-9]|2[0-3]):[0-5][0-9]$/
/** No zone is further than 14 hours from UTC, and no two switches lie within this reach of each other. */
const REACH_MS = 15 * HOUR_MS

/** @returns whether the text names a zone this runtime knows; bare offsets such as '+02:00' are no zones. */
export function isZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}

/** @returns whether the text is a day that exists in the calendar: '2026-02-30' is none. */
export function isLocalDay(text: string): boolean {
  return DAY_SHAPE.test(text) && dayTextOf(dayNumberOf(text)) === text
}

/** @returns whether the text is a wall-clock time between 00:00 and 23:59. */
export function isLocalTime(text: string): boolean {
  return TIME_SHAPE.test(text)
}

/**
 * The instant at which the zone's clock shows this day and time.
 * @throws RangeError on text that is no day or no time: both are checked by schema where they enter.
 */
export function toInstant(day: LocalDay, time: LocalTime, zone: Zone): WallTimeAnswer {
  const wall = dayNumberOf(day) * DAY_MS + minuteOfDayOf(time) * MINUTE_MS
  const offsetBefore = offsetMsAt(wall - REACH_MS, zone)
  const offsetAfter = offsetMsAt(wall + REACH_MS, zone)
  const first = wall - offsetBefore
  if (offsetBefore === offsetAfter) return { ok: true, instant: first }

  const second = wall - offsetAfter
  const isFirst = offsetMsAt(first, zone) === offsetBefore
  const isSecond = offsetMsAt(second, zone) === offsetAfter
  if (isFirst && isSecond) return { ok: false, reason: 'repeated-hour', earlier: first, later: second }
  if (isFirst) return { ok: true, instant: first }
  if (isSecond) return { ok: true, instant: second }
  const resumes = nextOffsetChange(wall - REACH_MS, zone, wall + REACH_MS) ?? second
  return { ok: false, reason: 'skipped-hour', resumes }
}

/**
 * Like `toInstant`, for rules that must not stop: a repeated time is resolved by `choice`, a skipped one becomes the first
 * instant after the gap whatever the choice.
 */
export function toInstantChoosing(day: LocalDay, time: LocalTime, zone: Zone, choice: 'earlier' | 'later'): Instant {
  const answer = toInstant(day, time, zone)
  if (answer.ok) return answer.instant
  return answer.reason === 'skipped-hour' ? answer.resumes : answer[choice]
}

/** What the zone's clock shows at an instant; seconds are cut off. */
export function toLocal(instant: Instant, zone: Zone): LocalMoment {
  const wall = instant + offsetMsAt(instant, zone)
  const dayNumber = Math.floor(wall / DAY_MS)
  const minuteOfDay = Math.floor((wall - dayNumber * DAY_MS) / MINUTE_MS)
  return { day: dayTextOf(dayNumber), time: timeOfMinute(minuteOfDay), minuteOfDay }
}

/** The calendar day an instant falls on in the zone. */
export function localDayOf(instant: Instant, zone: Zone): LocalDay {
  return dayTextOf(Math.floor((instant + offsetMsAt(instant, zone)) / DAY_MS))
}

/** The first instant of a day: its midnight, the earlier of two midnights, or the end of the gap that swallowed it. */
export function startOfDay(day: LocalDay, zone: Zone): Instant {
  return toInstantChoosing(day, '00:00', zone, 'earlier')
}

/**
 * The day as a half-open interval: 23, 24 or 25 hours, or empty when the zone left the day out (Samoa, 30 December 2011).
 * Consecutive days meet without gap or overlap.
 */
export function dayInterval(day: LocalDay, zone: Zone): { readonly start: Instant; readonly end: Instant } {
  return { start: startOfDay(day, zone), end: startOfDay(addDays(day, 1), zone) }
}

/** The calendar day `count` days later, or earlier when negative. */
export function addDays(day: LocalDay, count: number): LocalDay {
  return dayTextOf(dayNumberOf(day) + count)
}

/** The later of two days. */
export const laterDay = (a: LocalDay, b: LocalDay): LocalDay => (a < b ? b : a)

/** The earlier of two days. */
export const earlierDay = (a: LocalDay, b: LocalDay): LocalDay => (b < a ? b : a)

/** How many calendar days lie from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDay, to: LocalDay): number {
  return dayNumberOf(to) - dayNumberOf(from)
}

/** ISO weekday: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: LocalDay): number {
  return weekdayOfNumber(dayNumberOf(day))
}

/** ISO 8601 week number: the week of the year's first Thursday is week 1. */
export function isoWeekNumber(day: LocalDay): number {
  const number = dayNumberOf(day)
  const thursday = number - weekdayOfNumber(number) + 4
  const firstOfYear = dayNumberOf(`${dayTextOf(thursday).slice(0, 4)}-01-01`)
  return Math.floor((thursday - firstOfYear) / 7) + 1
}

/** Minutes of the wall clock since 00:00; 'HH:mm' only. */
export function minuteOfDayOf(time: LocalTime): number {
  if (!TIME_SHAPE.test(time)) throw new RangeError(`Not a wall-clock time: ${time}`)
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

/** The wall-clock text of a minute of the day, 0 to 1439. */
export function timeOfMinute(minuteOfDay: number): LocalTime {
  const hour = Math.floor(minuteOfDay / 60)
  const minute = minuteOfDay % 60
  return `${hour < 10 ? '0' : ''}${hour}:${minute < 10 ? '0' : ''}${minute}`
}

/** Days since 1970-01-01 on the calendar, no zone involved. */
function dayNumberOf(day: LocalDay): number {
  if (!DAY_SHAPE.test(day)) throw new RangeError(`Not a calendar day: ${day}`)
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8))) / DAY_MS
}

const dayTexts = new Map<number, LocalDay>()

function dayTextOf(dayNumber: number): LocalDay {
  const known = dayTexts.get(dayNumber)
  if (known) return known
  if (dayTexts.size > 10_000) dayTexts.clear()
  const text = new Date(dayNumber * DAY_MS).toISOString().slice(0, 10)
  dayTexts.set(dayNumber, text)
  return text
}

function weekdayOfNumber(dayNumber: number): number {
  // 1970-01-01 was a Thursday.
  return ((((dayNumber + 3) % 7) + 7) % 7) + 1
}
