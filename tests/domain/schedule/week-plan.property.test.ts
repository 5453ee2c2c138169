import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  copyDay,
  EMPTY_WEEK,
  erase,
  isSameWeek,
  paint,
  planOf,
  rangesOf,
  type Stroke,
  stretchesOf,
  strokeOf,
  type WeekPlan,
  weeklyMinutes,
} from '#domain/schedule/week-plan.ts'

const publish = fc.constantFrom('online', 'ask', 'staff')
const weeks = fc.constantFrom('every', 'odd', 'even')
const stroke: fc.Arbitrary<Stroke> = fc
  .record({ weekday: fc.integer({ min: 1, max: 7 }), from: fc.nat(95), to: fc.nat(95), weeks })
  .map(({ weekday, from, to, weeks: when }) => ({
    weekday,
    start: Math.min(from, to) * 15,
    end: (Math.max(from, to) + 1) * 15,
    weeks: when,
  }))
const week: fc.Arbitrary<WeekPlan> = fc
  .array(fc.record({ stroke, publish, isErased: fc.boolean() }), { maxLength: 30 })
  .map((steps) =>
    steps.reduce(
      (plan, step) => (step.isErased ? erase(plan, step.stroke) : paint(plan, step.stroke, step.publish)),
      EMPTY_WEEK,
    ),
  )

/** Who may book at a minute, by the slow way. */
const at = (plan: WeekPlan, weekday: number, minute: number, parity: 'odd' | 'even') =>
  plan[weekday - 1]?.[parity].find(({ start, end }) => start <= minute && minute < end)?.publish ?? null

const parities = ['odd', 'even'] as const

describe('painting', () => {
  test('opens exactly the stretch in exactly those weeks, and changes nothing else', () => {
    fc.assert(
      fc.property(week, stroke, publish, (plan, where, how) => {
        const painted = paint(plan, where, how)
        for (const parity of parities) {
          for (let minute = 0; minute < 1440; minute += 15) {
            const isIn = where.start <= minute && minute < where.end && ['every', parity].includes(where.weeks)
            const expected = isIn ? how : at(plan, where.weekday, minute, parity)
            expect(at(painted, where.weekday, minute, parity)).toBe(expected)
          }
        }
        const others = plan.filter((_, index) => index !== where.weekday - 1)
        expect(painted.filter((_, index) => index !== where.weekday - 1)).toEqual(others)
      }),
    )
  })

  test('twice is once, and erasing it leaves what erasing alone would', () => {
    fc.assert(
      fc.property(week, stroke, publish, (plan, where, how) => {
        const painted = paint(plan, where, how)
        expect(paint(painted, where, how)).toEqual(painted)
        expect(erase(painted, where)).toEqual(erase(plan, where))
        expect(erase(erase(plan, where), where)).toEqual(erase(plan, where))
      }),
    )
  })

  test('in two places is the same in either order', () => {
    fc.assert(
      fc.property(week, stroke, stroke, publish, publish, (plan, a, b, one, other) => {
        fc.pre(a.weekday !== b.weekday || a.end <= b.start || b.end <= a.start)
        expect(paint(paint(plan, a, one), b, other)).toEqual(paint(paint(plan, b, other), a, one))
      }),
    )
  })

  test('two ranges that touch and say the same become one', () => {
    const plan = planOf([
      { weekday: 1, startTime: '08:00', endTime: '10:00', weeks: 'every', publish: 'online' },
      { weekday: 1, startTime: '10:00', endTime: '12:00', weeks: 'every', publish: 'online' },
      { weekday: 1, startTime: '12:00', endTime: '13:00', weeks: 'every', publish: 'staff' },
    ])
    expect(rangesOf(plan).map(({ startTime, endTime }) => `${startTime}-${endTime}`)).toEqual([
      '08:00-12:00',
      '12:00-13:00',
    ])
  })

  test('odd weeks over every week leave the even ones as they were', () => {
    const all = planOf([{ weekday: 3, startTime: '09:00', endTime: '17:00', weeks: 'every', publish: 'online' }])
    const changed = erase(all, { weekday: 3, start: 12 * 60, end: 17 * 60, weeks: 'odd' })
    expect(rangesOf(changed).map(({ startTime, endTime, weeks: when }) => `${startTime}-${endTime} ${when}`)).toEqual([
      '09:00-12:00 every',
      '12:00-17:00 even',
    ])
  })
})

describe('ranges', () => {
  test('make the week they came from, whatever was painted', () => {
    fc.assert(
      fc.property(week, (plan) => {
        const ranges = rangesOf(plan)
        expect(planOf(ranges)).toEqual(plan)
        expect(rangesOf(planOf(ranges.toReversed()))).toEqual(ranges)
        expect(isSameWeek(plan, planOf(ranges))).toBe(true)
      }),
    )
  })

  test('never overlap in the same weeks', () => {
    fc.assert(
      fc.property(week, fc.integer({ min: 1, max: 7 }), (plan, weekday) => {
        for (const parity of parities) {
          const own = stretchesOf(plan, weekday).filter((one) => ['every', parity].includes(one.weeks))
          own.forEach(({ end }, index) => {
            expect(own[index + 1]?.start ?? end).toBeGreaterThanOrEqual(end)
          })
        }
      }),
    )
  })

  test('past midnight belong to the day they begin on', () => {
    const night = { weekday: 5, startTime: '22:00', endTime: '06:00', weeks: 'every', publish: 'staff' } as const
    expect(strokeOf(night)).toMatchObject({ start: 1320, end: 1800 })
    expect(rangesOf(planOf([night]))).toEqual([night])
    expect(strokeOf({ ...night, startTime: '00:00', endTime: '00:00' })).toMatchObject({ start: 0, end: 1440 })
  })
})

test('a copied day is the same day, and the hours of the week are counted in minutes', () => {
  fc.assert(
    fc.property(week, fc.integer({ min: 1, max: 7 }), fc.subarray([1, 2, 3, 4, 5, 6, 7]), (plan, from, to) => {
      const copied = copyDay(plan, from, to)
      copied.forEach((day, index) => {
        expect(day).toEqual(to.includes(index + 1) ? plan[from - 1] : plan[index])
      })
      expect(copyDay(copied, from, to)).toEqual(copied)
    }),
  )
  const hours = planOf([
    { weekday: 1, startTime: '09:00', endTime: '12:00', weeks: 'every', publish: 'online' },
    { weekday: 2, startTime: '09:00', endTime: '11:00', weeks: 'odd', publish: 'ask' },
  ])
  expect(weeklyMinutes(hours)).toBe(240)
})
