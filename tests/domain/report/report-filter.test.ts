import { expect, test } from 'vitest'
import { daysOfRange, type RelativeRange } from '#domain/report/relative-range.ts'
import { matchesFilter, periodFault } from '#domain/report/report-filter.ts'
import { testId } from '#tests/support/builders.ts'
import { aVisitFact } from '#tests/support/visit-facts.ts'

test.each<[RelativeRange, string, string, string]>([
  ['yesterday', '2026-03-01', '2026-02-28', '2026-02-28'],
  ['this-week', '2026-10-18', '2026-10-12', '2026-10-18'],
  ['last-week', '2026-10-12', '2026-10-05', '2026-10-11'],
  ['next-week', '2026-12-28', '2027-01-04', '2027-01-10'],
  ['this-month', '2028-02-29', '2028-02-01', '2028-02-29'],
  ['last-month', '2026-01-31', '2025-12-01', '2025-12-31'],
  ['last-month', '2026-03-31', '2026-02-01', '2026-02-28'],
])('%s on %s is %s to %s', (range, today, from, until) => {
  expect(daysOfRange(range, today)).toEqual({ from, until })
})

test('a period ends on its first day or after it, and both days exist', () => {
  expect(periodFault({ from: '2026-10-14', until: '2026-10-14' })).toBeUndefined()
  expect(periodFault({ from: '2026-10-14', until: '2026-10-13' })).toBe('until')
  expect(periodFault({ from: '2026-02-30', until: '2026-10-13' })).toBe('from')
})

test('every condition that is given must hold', () => {
  const days = { from: '2026-10-14', until: '2026-10-14' }
  const fact = aVisitFact({ localDay: '2026-10-14', roomId: testId('Room', 1) })
  expect(matchesFilter(days, fact)).toBe(true)
  expect(matchesFilter({ ...days, roomIds: [testId('Room', 1)] }, fact)).toBe(true)
  expect(matchesFilter({ ...days, roomIds: [testId('Room', 2)] }, fact)).toBe(false)
  expect(matchesFilter({ ...days, roomIds: [testId('Room', 2)] }, { ...fact, roomId: null })).toBe(false)
  expect(matchesFilter({ ...days, statuses: ['noshow'] }, fact)).toBe(false)
  expect(matchesFilter({ from: '2026-10-15', until: '2026-10-16' }, fact)).toBe(false)
})
