/**
 * What a caller says about when they would like to come, as a receptionist types it: `+3w`, `mon pm`, `14:30`, `tomorrow`,
 * `3.12. vorm`, `lun tarde`. Words of English, German, Spanish and Arabic are understood whatever the language of the screen,
 * since the caller's words are what is heard. Pure: the present day is passed in.
 */
import { normalised } from '#domain/people/name-search.ts'
import { addDays, isLocalDay, type LocalDay, minuteOfDayOf, weekdayOf } from '#domain/time/clinic-time.ts'
import { DAY_WORDS, FILLERS, PART_WORDS, type PartOfDay, UNIT_WORDS, type Unit, WEEKDAY_WORDS } from './wish-words.ts'

/** Days and minutes of the clinic's wall. */
export type WishedTime = {
  readonly fromDay: LocalDay
  /** Wanted weekdays, Monday 1 to Sunday 7; empty means any. */
  readonly weekdays: readonly number[]
  /** Starts from `fromMinute` on and before `untilMinute`. */
  readonly fromMinute: number
  readonly untilMinute: number
  /** The start itself, where a time of the day was said. */
  readonly minute: number | null
}

const DAY_MINUTES = 24 * 60
/** So far after a wished time a start still counts as near it. */
const NEAR_MINUTES = 120
/** Further ahead nobody books, and the calendar has an end. */
const MOST_AHEAD: Readonly<Record<Unit, number>> = { day: 3_660, week: 520, month: 120, year: 10 }
const PARTS: Readonly<Record<PartOfDay, readonly [from: number, until: number]>> = {
  morning: [0, 12 * 60],
  afternoon: [12 * 60, DAY_MINUTES],
  evening: [17 * 60, DAY_MINUTES],
}

type Draft = {
  fromDay?: LocalDay
  weekdays: number[]
  part?: PartOfDay
  minute?: number
}

/** @returns null when a word of it is not understood, or nothing was said */
export function parseWishedTime(text: string, today: LocalDay): WishedTime | null {
  const tokens = tokensOf(text)
  const draft: Draft = { weekdays: [] }
  for (let at = 0; at < tokens.length; ) {
    const used = readAt(tokens, at, draft, today)
    if (used === 0) return null
    at += used
  }
  return toWish(draft, today)
}

/** Lower case, no marks, ASCII digits; signs that mean something in a number stay. */
function tokensOf(text: string): readonly string[] {
  return text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .split(/[\s,;،]+/)
    .map((word) => (/\d/.test(word) ? word.toLowerCase() : normalised(word)))
    .filter(Boolean)
}

/** @returns how many tokens were understood from there on; 0 when none was */
function readAt(tokens: readonly string[], at: number, draft: Draft, today: LocalDay): number {
  const [token = '', next = ''] = tokens.slice(at)
  return (
    readAhead(token, next, draft, today) ||
    readClock(token, next, draft) ||
    Number(readDate(token, draft, today) || readWord(token, next, draft, today))
  )
}

/** `+3w`, `3w`, `in 3 weeks`: from that day on. */
function readAhead(token: string, next: string, draft: Draft, today: LocalDay): number {
  const together = /^\+?(\d{1,4})(\p{L}+)$/u.exec(token)
  const apart = together === null && /^\+?\d{1,4}$/.test(token)
  const count = Number(together?.[1] ?? token)
  const unit = UNIT_WORDS.get(normalised(together?.[2] ?? (apart ? next : '')))
  if (unit === undefined || draft.fromDay !== undefined || count > MOST_AHEAD[unit]) return 0
  draft.fromDay = ahead(today, count, unit)
  return apart ? 2 : 1
}

function ahead(day: LocalDay, count: number, unit: Unit): LocalDay {
  if (unit === 'day' || unit === 'week') return addDays(day, unit === 'week' ? 7 * count : count)
  const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + (unit === 'year' ? 12 * count : count)
  const first = `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`
  // The 31st becomes the last day that the month has.
  for (let date = Number(day.slice(8)); ; date -= 1) {
    const wanted = `${first}-${String(date).padStart(2, '0')}`
    if (isLocalDay(wanted)) return wanted
  }
}

/** `14:30`, `1430`, `9h`, `9h30`, `3pm`, `9 uhr`. */
function readClock(token: string, next: string, draft: Draft): number {
  if (draft.minute !== undefined) return 0
  const shown = /^(\d{1,2}):(\d{2})(am|pm)?$/.exec(token) ?? /^(\d{1,2})h(\d{2})?$/.exec(token)
  const half = /^(\d{1,2})()(am|pm)$/.exec(token)
  const bare = /^(\d{2})(\d{2})$/.exec(token)
  const before = /^(\d{1,2})$/.exec(token)
  const isNamed = before !== null && (HOUR_WORDS.has(next) || next === 'am' || next === 'pm')
  const found = shown ?? half ?? bare ?? (isNamed ? before : null)
  if (!found) return 0
  const [, hour = '', minute = '', suffix = isNamed ? next : ''] = found
  const minutes = clockMinutes(Number(hour), Number(minute || 0), suffix)
  if (minutes === undefined) return 0
  draft.minute = minutes
  return isNamed && found === before ? 2 : 1
}

const HOUR_WORDS: ReadonlySet<string> = new Set(['uhr', 'h', 'horas', 'oclock'])

function clockMinutes(hour: number, minute: number, suffix: string): number | undefined {
  const isHalf = suffix === 'am' || suffix === 'pm'
  if (minute > 59 || hour > 23 || (isHalf && (hour === 0 || hour > 12))) return undefined
  return (isHalf ? (hour % 12) + (suffix === 'pm' ? 12 : 0) : hour) * 60 + minute
}

/** `3.12.`, `3/12`, `3.12.2026`, `2026-12-03`: day before month; without a year the next such day. */
function readDate(token: string, draft: Draft, today: LocalDay): boolean {
  if (draft.fromDay !== undefined) return false
  const yearFirst = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(token)
  const dayFirst = /^(\d{1,2})[./-](\d{1,2})[./-]?(\d{4}|\d{2})?$/.exec(token)
  const [year, month = '', day = ''] = yearFirst ? yearFirst.slice(1) : (dayFirst?.slice(1).toReversed() ?? [])
  if (month === '' || day === '') return false
  const inYear = (of: number): LocalDay => `${of}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const thisYear = Number(today.slice(0, 4))
  const named = year === undefined ? undefined : Number(year) < 100 ? 2000 + Number(year) : Number(year)
  const years = named === undefined ? [0, 1, 2, 3, 4].map((later) => thisYear + later) : [named]
  const found = years.map(inYear).find((one) => isLocalDay(one) && one >= today)
  if (found === undefined) return false
  draft.fromDay = found
  return true
}

/** A weekday, a day by its name, a part of the day, or a word that says nothing. */
function readWord(token: string, next: string, draft: Draft, today: LocalDay): boolean {
  const weekday = WEEKDAY_WORDS.get(token)
  if (weekday !== undefined) {
    if (!draft.weekdays.includes(weekday)) draft.weekdays.push(weekday)
    return true
  }
  const days = DAY_WORDS.get(token)
  const part = PART_WORDS.get(token)
  const isDaySaid = draft.fromDay !== undefined || draft.weekdays.length > 0
  // `morgen` and `mañana` are tomorrow, and after a day its morning.
  if (days !== undefined && !(part !== undefined && isDaySaid) && draft.fromDay === undefined) {
    draft.fromDay = addDays(today, days)
    return true
  }
  // `am Montag` is no morning.
  if (token === 'am' && (WEEKDAY_WORDS.has(next) || /^\d/.test(next))) return true
  if (part !== undefined && draft.part === undefined) {
    draft.part = part
    return true
  }
  return FILLERS.has(token)
}

function toWish({ fromDay, weekdays, part, minute }: Draft, today: LocalDay): WishedTime | null {
  if (fromDay === undefined && weekdays.length === 0 && part === undefined && minute === undefined) return null
  const [fromMinute, untilMinute] = part ? PARTS[part] : [0, DAY_MINUTES]
  const start = minute === undefined ? null : afternoonOf(minute, part)
  return {
    fromDay: fromDay ?? today,
    weekdays: weekdays.toSorted((a, b) => a - b),
    fromMinute: start ?? fromMinute,
    untilMinute: start === null ? untilMinute : Math.min(DAY_MINUTES, start + NEAR_MINUTES),
    minute: start,
  }
}

/** `3:30 pm` and `nachm 3:30` are one time. */
const afternoonOf = (minute: number, part: PartOfDay | undefined): number =>
  part !== undefined && part !== 'morning' && minute < 12 * 60 ? minute + 12 * 60 : minute

/** Whether a start on the clinic's wall is such a time. */
export function isWished(wish: WishedTime, day: LocalDay, time: string): boolean {
  const minute = minuteOfDayOf(time)
  return (
    day >= wish.fromDay &&
    (wish.weekdays.length === 0 || wish.weekdays.includes(weekdayOf(day))) &&
    wish.fromMinute <= minute &&
    minute < wish.untilMinute
  )
}

/** The first wished day on which a start is still to come. */
export function firstWishedDay(
  wish: WishedTime,
  now: { readonly day: LocalDay; readonly minuteOfDay: number },
): LocalDay {
  const isOver = (day: LocalDay): boolean => day === now.day && wish.minute !== null && wish.minute <= now.minuteOfDay
  const isWanted = (day: LocalDay): boolean =>
    (wish.weekdays.length === 0 || wish.weekdays.includes(weekdayOf(day))) && !isOver(day)
  const week = Array.from({ length: 8 }, (_, later) => addDays(wish.fromDay, later))
  return week.find(isWanted) ?? wish.fromDay
}
