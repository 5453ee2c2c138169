import { addDays, type LocalDay, weekdayOf } from '#domain/time/clinic-time.ts'

/** Periods of a report that is made again and again. */
export const RELATIVE_RANGES = ['yesterday', 'last-week', 'last-month', 'this-week', 'this-month', 'next-week'] as const
export type RelativeRange = (typeof RELATIVE_RANGES)[number]

export type DayRange = { readonly from: LocalDay; readonly until: LocalDay }

/** The days that a period means on a day, both included. Weeks begin on Monday (ISO 8601). */
export function daysOfRange(range: RelativeRange, today: LocalDay): DayRange {
  if (range === 'yesterday') return { from: addDays(today, -1), until: addDays(today, -1) }
  const monday = addDays(today, 1 - weekdayOf(today))
  if (range === 'this-week') return week(monday)
  if (range === 'last-week') return week(addDays(monday, -7))
  if (range === 'next-week') return week(addDays(monday, 7))
  return monthOf(range === 'this-month' ? today : addDays(`${today.slice(0, 8)}01`, -1))
}

const week = (monday: LocalDay): DayRange => ({ from: monday, until: addDays(monday, 6) })

function monthOf(day: LocalDay): DayRange {
  const from = `${day.slice(0, 8)}01`
  const nextMonth = `${addDays(from, 31).slice(0, 8)}01`
  return { from, until: addDays(nextMonth, -1) }
}
