// The days of a series against an oracle that walks the calendar day by day.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countUntil, MOST_OCCURRENCES, occurrencesOf, type SeriesRule } from '#domain/appointment/series.ts'
import { addDays, daysBetween, type LocalDay, weekdayOf } from '#domain/time/clinic-time.ts'
import { seeded } from '#tests/support/seeded.ts'

const first = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('2000-01-01', days))
const rule = fc.record({
  frequency: fc.constantFrom<SeriesRule['frequency']>('daily', 'weekly', 'monthly'),
  interval: fc.integer({ min: 1, max: 6 }),
  count: fc.integer({ min: 2, max: 12 }),
  monthlyBy: fc.constantFrom<'weekday' | 'day'>('weekday', 'day'),
})

const monthsBetween = (from: LocalDay, to: LocalDay) =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))
/** Which of its weekday a day is in its month, and whether a later one follows. */
const ordinal = (day: LocalDay) => Math.ceil(Number(day.slice(8)) / 7)
const isLastOfMonth = (day: LocalDay) => addDays(day, 7).slice(5, 7) !== day.slice(5, 7)

function isMeant(start: LocalDay, day: LocalDay, { frequency, interval, monthlyBy }: SeriesRule): boolean {
  if (frequency === 'daily') return daysBetween(start, day) % interval === 0
  if (frequency === 'weekly') return daysBetween(start, day) % (7 * interval) === 0
  if (monthsBetween(start, day) % interval !== 0) return false
  if (monthlyBy === 'day') return day.slice(8) === start.slice(8)
  if (weekdayOf(day) !== weekdayOf(start)) return false
  return ordinal(day) === ordinal(start) || (ordinal(start) === 5 && ordinal(day) === 4 && isLastOfMonth(day))
}

describe('a series', () => {
  test('falls on exactly the days that a walk through the calendar finds', () => {
    fc.assert(
      fc.property(first, rule, (start, asked) => {
        const found: LocalDay[] = []
        for (let day = start; found.length < asked.count; day = addDays(day, 1)) {
          if (isMeant(start, day, asked)) found.push(day)
        }
        expect(occurrencesOf(start, asked)).toEqual(found)
      }),
      seeded(),
    )
  })

  test('on the 31st leaves out months that have none; on a fifth Friday takes the last', () => {
    const monthly = { frequency: 'monthly', interval: 1, count: 3 } as const
    expect(occurrencesOf('2027-01-31', { ...monthly, monthlyBy: 'day' })).toEqual([
      '2027-01-31',
      '2027-03-31',
      '2027-05-31',
    ])
    expect(occurrencesOf('2027-01-29', monthly)).toEqual(['2027-01-29', '2027-02-26', '2027-03-26'])
  })

  test('until a day is as many visits as lie on or before it', () => {
    fc.assert(
      fc.property(first, rule, fc.integer({ min: -10, max: 2_000 }), (start, { count: _, ...asked }, ahead) => {
        const until = addDays(start, ahead)
        const found = countUntil(start, asked, until)
        const days = occurrencesOf(start, { ...asked, count: MOST_OCCURRENCES })
        expect(days.slice(0, found).every((day) => day <= until)).toBe(true)
        expect(days.slice(found).every((day) => day > until)).toBe(true)
      }),
      seeded(),
    )
  })
})
