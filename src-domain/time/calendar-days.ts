/** Weeks and months as lists of days; a week begins on Monday. */
import { addDays, type LocalDay, weekdayOf } from './clinic-time.ts'

const DAYS_OF_WEEK = 7

/** The week a day lies in. */
export function weekOf(day: LocalDay): readonly LocalDay[] {
  const monday = addDays(day, 1 - weekdayOf(day))
  return Array.from({ length: DAYS_OF_WEEK }, (_, index) => addDays(monday, index))
}

/** The month a day lies in, filled up to whole weeks with days of the months beside it. */
export function monthWeeksOf(day: LocalDay): readonly (readonly LocalDay[])[] {
  const month = monthOf(day)
  const weeks: (readonly LocalDay[])[] = []
  for (
    let week = weekOf(`${month}-01`);
    week.some((one) => monthOf(one) === month);
    week = weekOf(addDays(last(week), 1))
  ) {
    weeks.push(week)
  }
  return weeks
}

/** `2026-11` */
export const monthOf = (day: LocalDay): string => day.slice(0, 7)

/** The same day of another month, or its last one where that month is shorter. */
export function addMonths(day: LocalDay, count: number): LocalDay {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const months = year * 12 + month - 1 + count
  const first = `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}-01`
  const wanted = addDays(first, date - 1)
  return monthOf(wanted) === monthOf(first) ? wanted : addDays(wanted, -Number(wanted.slice(8)))
}

const last = (week: readonly LocalDay[]): LocalDay => week[week.length - 1] ?? ''
