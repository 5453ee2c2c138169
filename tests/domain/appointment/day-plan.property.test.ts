// What becomes of the visits of a doctor's day that cannot be held.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Alternative } from '#domain/api/appointment-api.ts'
import { CALL_OFF, type DayVisit, LEAVE, moveOnSameDay, planDay, rankForVisit } from '#domain/appointment/day-plan.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const DAY = 1_000
const isSameDay = (a: number, b: number): boolean => Math.floor(a / DAY) === Math.floor(b / DAY)
const time = (start: number, doctor = 2): Alternative => ({
  doctorId: testId('Doctor', doctor),
  start,
  end: start + 15,
})
const visit = (number: number, start: number) =>
  anAppointment({ id: testId('Appointment', number), doctorId: testId('Doctor', 1), start, end: start + 15 })

describe('the plan of a day', () => {
  test('calls off what is not said, and leaves what is to be left', () => {
    const visits = [1, 2].map((number) => ({ visit: visit(number, 100 * number), free: [] }))
    const plan = planDay(visits, new Map([[testId('Appointment', 2), LEAVE]]))
    expect(plan.map(({ choice }) => choice)).toEqual([CALL_OFF, LEAVE])
  })

  test('offers colleagues of the same day first, nearest first, then the own doctor’s other days', () => {
    const free = [time(300), time(110), time(1_100, 2), time(1_200, 1), time(120, 1)]
    expect(rankForVisit(visit(1, 100), free, isSameDay)).toEqual([time(110), time(300), time(1_200, 1), time(1_100, 2)])
  })

  test('moves to the same day whoever finds a time there, in the order of the day', () => {
    const free = [time(100), time(1_100)]
    const visits = [1, 2].map((number) => ({ visit: visit(number, 100), free }))
    expect([...moveOnSameDay(visits, isSameDay).values()]).toEqual([time(100), CALL_OFF])
  })

  test('gives no time of a doctor to two visits', () => {
    const some = fc
      .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 2, max: 3 }))
      .map(([at, who]) => time(at, who))
    fc.assert(
      fc.property(fc.array(fc.array(some, { maxLength: 5 }), { maxLength: 8 }), fc.array(fc.nat(4)), (frees, picks) => {
        const visits: DayVisit[] = frees.map((free, index) => ({ visit: visit(index + 1, 10 * index), free }))
        const picked = new Map(
          visits.flatMap(({ visit: { id }, free }, at) =>
            free[picks[at] ?? 0] ? [[id, free[picks[at] ?? 0]] as const] : [],
          ),
        )
        for (const choices of [picked, moveOnSameDay(visits, () => true)]) {
          const moved = planDay(visits, choices as never).flatMap(({ choice }) =>
            typeof choice === 'object' ? [choice] : [],
          )
          for (const [at, one] of moved.entries()) {
            const others = moved.filter((other, index) => index !== at && other.doctorId === one.doctorId)
            expect(others.every((other) => !overlaps(other, one))).toBe(true)
          }
        }
      }),
      seeded(),
    )
  })
})
