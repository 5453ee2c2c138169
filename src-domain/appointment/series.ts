/** The days of a series of visits, from its first day and a rule; the wall time is the same on each, whatever the clock does. */
import Type from 'typebox'
import { oneOf } from '#domain/schema-parts.ts'
import { addDays, type LocalDay, weekdayOf } from '#domain/time/clinic-time.ts'

/** More visits than anybody plans at once, and few enough for one transaction. */
export const MOST_OCCURRENCES = 60

/**
 * Every `interval` days, weeks or months, `count` times. Monthly means the same weekday of the month ("second Tuesday"; a fifth
 * one that is missing becomes the last), or with `monthlyBy: 'day'` the same date, leaving out months that have none
 * (RFC 5545, section 3.3.10).
 */
export const seriesRuleSchema = Type.Object(
  {
    frequency: oneOf(['daily', 'weekly', 'monthly']),
    interval: Type.Integer({ minimum: 1, maximum: 366 }),
    count: Type.Integer({ minimum: 2, maximum: MOST_OCCURRENCES }),
    monthlyBy: Type.Optional(oneOf(['weekday', 'day'])),
  },
  { additionalProperties: false },
)
export type SeriesRule = Type.Static<typeof seriesRuleSchema>

/** The local days of the series, ascending, exactly `count` of them; the first is `first`. */
export function occurrencesOf(
  first: LocalDay,
  { frequency, interval, count, monthlyBy = 'weekday' }: SeriesRule,
): LocalDay[] {
  if (frequency !== 'monthly') {
    const step = frequency === 'weekly' ? 7 * interval : interval
    return Array.from({ length: count }, (_, index) => addDays(first, step * index))
  }
  const days: LocalDay[] = []
  for (let months = 0; days.length < count; months += interval) {
    const day = monthlyBy === 'day' ? sameDate(first, months) : sameWeekday(first, months)
    if (day !== undefined) days.push(day)
  }
  return days
}

/** How many visits of the series lie on or before a day: the `count` of a series that is to end by then. */
export const countUntil = (first: LocalDay, rule: Omit<SeriesRule, 'count'>, until: LocalDay): number =>
  occurrencesOf(first, { ...rule, count: MOST_OCCURRENCES }).filter((day) => day <= until).length

const monthOf = (day: LocalDay) => ({
  year: Number(day.slice(0, 4)),
  month: Number(day.slice(5, 7)),
  date: Number(day.slice(8)),
})

/** The first day of the month that lies so many months after that of `day`. */
function firstOfMonth(day: LocalDay, months: number): LocalDay {
  const { year, month } = monthOf(day)
  const index = year * 12 + month - 1 + months
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01`
}

function sameDate(day: LocalDay, months: number): LocalDay | undefined {
  const start = firstOfMonth(day, months)
  const found = addDays(start, monthOf(day).date - 1)
  return monthOf(found).month === monthOf(start).month ? found : undefined
}

function sameWeekday(day: LocalDay, months: number): LocalDay {
  const start = firstOfMonth(day, months)
  const which = Math.floor((monthOf(day).date - 1) / 7)
  const firstOne = addDays(start, (weekdayOf(day) - weekdayOf(start) + 7) % 7)
  const found = addDays(firstOne, 7 * which)
  return monthOf(found).month === monthOf(start).month ? found : addDays(found, -7)
}
