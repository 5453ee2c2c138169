/**
 * A day in the words of a language: "tomorrow", "monday", "12 dec", "12.12.", "3/1", "+7", "2026-12-12". The words come from
 * `Intl`, so every language of the screen has its own. Pure: today is an argument.
 */
import { addDays, isLocalDay, type LocalDay, weekdayOf } from '#domain/time/clinic-time.ts'

const DAY_MS = 86_400_000
const LEAST_LETTERS = 3

/** @returns the day, or null where the text is none; a day without a year is the next one there is */
export function askedDay(text: string, today: LocalDay, language: string): LocalDay | null {
  const asked = plain(text)
  if (asked === '') return null
  if (isLocalDay(asked)) return asked
  const step = /^\+(\d{1,3})$/.exec(asked)?.[1]
  if (step !== undefined) return addDays(today, Number(step))
  return relativeDay(asked, today, language) ?? weekday(asked, today, language) ?? dayOfMonth(asked, today, language)
}

function relativeDay(asked: string, today: LocalDay, language: string): LocalDay | null {
  const offset = wordsOf(language).relative.find(([, word]) => isMeant(asked, word))?.[0]
  return offset === undefined ? null : addDays(today, offset)
}

/** The next such day; today's own name means today in a week. */
function weekday(asked: string, today: LocalDay, language: string): LocalDay | null {
  const { weekdays } = wordsOf(language)
  const next = Array.from({ length: weekdays.length }, (_, at) => addDays(today, at + 1))
  return next.find((day) => isMeant(asked, weekdays[weekdayOf(day) - 1] ?? '')) ?? null
}

function dayOfMonth(asked: string, today: LocalDay, language: string): LocalDay | null {
  const numbers = /^(\d{1,2})[./ -](\d{1,2})[./ -]?(\d{4})?$/.exec(asked)
  if (numbers) return nextDate(Number(numbers[1]), Number(numbers[2]), numbers[3], today)
  const [, day, month = '', year] = /^(\d{1,2})\.? (?:de )?(\D+?)\.?(?: (?:de )?(\d{4}))?$/.exec(asked) ?? []
  if (day === undefined) return null
  const at = wordsOf(language).months.findIndex((name) => isMeant(month, name))
  return at < 0 ? null : nextDate(Number(day), at + 1, year, today)
}

type DayWords = {
  /** Days from today, and their word. */
  readonly relative: readonly (readonly [number, string])[]
  /** Monday first. */
  readonly weekdays: readonly string[]
  readonly months: readonly string[]
}

const known = new Map<string, DayWords>()
/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5)

/** Made once for each language: it is asked with every letter that is typed. */
function wordsOf(language: string): DayWords {
  const made = known.get(language)
  if (made) return made
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const weekdayName = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
  const monthName = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' })
  const words: DayWords = {
    relative: [0, 1, 2, -1].map((days) => [days, plain(relative.format(days, 'day'))] as const),
    weekdays: Array.from({ length: 7 }, (_, at) => plain(weekdayName.format(MONDAY + at * DAY_MS))),
    months: Array.from({ length: 12 }, (_, at) => plain(monthName.format(Date.UTC(2026, at, 1)))),
  }
  known.set(language, words)
  return words
}

/** The date of that year, else of this one, else of the next; null where no year has it. */
function nextDate(day: number, month: number, year: string | undefined, today: LocalDay): LocalDay | null {
  const thisYear = Number(today.slice(0, 4))
  const years = year === undefined ? [thisYear, thisYear + 1] : [Number(year)]
  const dates = years.map((each) => `${each}-${two(month)}-${two(day)}`).filter((date) => isLocalDay(date))
  return dates.find((date) => year !== undefined || date >= today) ?? null
}

const two = (value: number): string => String(value).padStart(2, '0')
const isMeant = (asked: string, name: string): boolean => asked.length >= LEAST_LETTERS && name.startsWith(asked)
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase()
