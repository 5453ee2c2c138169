import { expect, test } from 'vitest'
import { daysOf, filterOf, firstChoice } from '#renderer/features/reports/report-choice.ts'
import { testId } from '#tests/support/builders.ts'

/** A Tuesday. */
const TODAY = '2026-11-24'
const first = firstChoice(TODAY)

test.each([
  ['today', '2026-11-24', '2026-11-24'],
  ['this-week', '2026-11-23', '2026-11-29'],
  ['last-week', '2026-11-16', '2026-11-22'],
  ['this-month', '2026-11-01', '2026-11-30'],
  ['last-month', '2026-10-01', '2026-10-31'],
] as const)('%s is %s to %s', (period, from, until) => {
  expect(daysOf({ ...first, period }, TODAY)).toEqual({ from, until })
})

test('two days of one’s own are taken as they are, and are no filter when they are no period', () => {
  const own = { ...first, period: 'days', from: '2026-02-27', until: '2026-03-01' } as const
  expect(filterOf(own, TODAY)).toEqual({ from: '2026-02-27', until: '2026-03-01' })
  expect(filterOf({ ...own, until: '2026-02-26' }, TODAY)).toBeUndefined()
  expect(filterOf({ ...own, from: '' }, TODAY)).toBeUndefined()
})

test('a list without an entry narrows nothing', () => {
  const doctorIds = [testId<'Doctor'>('Doctor', 2)]
  expect(filterOf({ ...first, doctorIds }, TODAY)).toEqual({ from: '2026-11-23', until: '2026-11-29', doctorIds })
})
