// What is booked of a previewed series.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Occurrence } from '#domain/api/series-api.ts'
import { askedOf, LEFT_OUT, planSeries, type SeriesChoice } from '#domain/appointment/series-plan.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import { addDays } from '#domain/time/clinic-time.ts'
import { testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const place = (start: number, doctor = 1): Alternative => ({
  doctorId: testId('Doctor', doctor),
  start,
  end: start + 30,
})
const free = (day: string, start: number): Occurrence => ({ day, place: place(start), code: null, alternatives: [] })
const taken = (day: string, ...alternatives: Alternative[]): Occurrence => ({
  day,
  place: null,
  code: 'slot-taken',
  alternatives,
})
const NOTHING_SAID: ReadonlyMap<string, SeriesChoice> = new Map()

describe('a planned series', () => {
  const [monday, tuesday, wednesday] = ['2026-11-02', '2026-11-03', '2026-11-04'] as const

  test('goes by what is free, and to the first other time for what is not', () => {
    const plan = planSeries([free(monday, 0), taken(tuesday, place(200), place(300))], NOTHING_SAID)
    expect(plan.map(({ chosen }) => chosen?.start)).toEqual([0, 200])
    expect(askedOf(plan)).toEqual({
      instead: [{ day: tuesday, start: 200, doctorId: testId('Doctor', 1) }],
      leftOut: [],
    })
  })

  test('leaves out what is said, and what nothing is free for', () => {
    const plan = planSeries(
      [free(monday, 0), taken(tuesday), taken(wednesday, place(300))],
      new Map([
        [monday, LEFT_OUT],
        [wednesday, LEFT_OUT],
      ]),
    )
    expect(askedOf(plan)).toEqual({ instead: [], leftOut: [monday, tuesday, wednesday] })
  })

  test('follows the time that was chosen while it is offered', () => {
    const occurrences = [taken(monday, place(200), place(300, 2))]
    expect(planSeries(occurrences, new Map([[monday, place(300, 2)]]))[0]?.chosen).toEqual(place(300, 2))
    expect(planSeries(occurrences, new Map([[monday, place(900)]]))[0]?.chosen).toEqual(place(200))
  })

  test('never has its patient in two places at once', () => {
    const moment = fc.integer({ min: 0, max: 300 })
    const occurrence = fc.oneof(
      moment.map((start) => free('', start)),
      fc
        .array(fc.tuple(moment, fc.integer({ min: 1, max: 3 })), { maxLength: 4 })
        .map((places) => taken('', ...places.map(([start, doctor]) => place(start, doctor)))),
    )
    fc.assert(
      fc.property(fc.array(occurrence, { maxLength: 8 }), fc.array(fc.boolean()), (found, leftOut) => {
        const occurrences = found.map((each, index) => ({ ...each, day: addDays(monday, index) }))
        const choices = new Map(
          occurrences.flatMap(({ day }, index) => (leftOut[index] ? [[day, LEFT_OUT]] : [])) as never,
        )
        const plan = planSeries(occurrences, choices as ReadonlyMap<string, SeriesChoice>)
        const moved = plan.filter((each) => each.place === null)
        for (const { day, chosen } of moved) {
          const others = plan.filter((each) => each.day !== day).flatMap((each) => each.chosen ?? [])
          expect(chosen === null || others.every((other) => !overlaps(other, chosen))).toBe(true)
        }
      }),
      seeded(),
    )
  })
})
