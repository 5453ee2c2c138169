// Weeks and months as lists of days.
import { describe, expect, it } from 'vitest'
import { addMonths, monthOf, monthWeeksOf, weekOf } from '#domain/time/calendar-days.ts'
import { addDays, daysBetween, weekdayOf } from '#domain/time/clinic-time.ts'

const DAYS = Array.from({ length: 1_500 }, (_, index) => addDays('2024-01-15', index))

describe('weeks and months', () => {
  it('a week is seven days from Monday with the day among them', () => {
    for (const day of DAYS) {
      const week = weekOf(day)
      expect([week.length, weekdayOf(week[0] ?? ''), week.includes(day)]).toEqual([7, 1, true])
    }
  })

  it('a month is whole weeks in a row with every day of it, and no week without one', () => {
    for (const day of DAYS) {
      const weeks = monthWeeksOf(day)
      const days = weeks.flat()
      expect(daysBetween(days[0] ?? '', days.at(-1) ?? '')).toBe(days.length - 1)
      expect(days).toContain(day)
      expect(weeks.every((week) => week.some((one) => monthOf(one) === monthOf(day)))).toBe(true)
      expect(days.filter((one) => monthOf(one) === monthOf(day)).length).toBeGreaterThanOrEqual(28)
    }
  })

  it('a step of a month keeps the day where there is one', () => {
    expect(addMonths('2026-11-24', 1)).toBe('2026-12-24')
    expect(addMonths('2026-12-31', 2)).toBe('2027-02-28')
    expect(addMonths('2026-01-31', -1)).toBe('2025-12-31')
    for (const day of DAYS) expect(monthOf(addMonths(addMonths(day, 1), -1))).toBe(monthOf(day))
  })
})
