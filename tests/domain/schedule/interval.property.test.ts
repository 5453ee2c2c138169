import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contains,
  containsInstant,
  type Interval,
  intersect,
  intersectAll,
  lanesOf,
  normalise,
  overlaps,
  subtract,
  totalMs,
  union,
} from '#domain/schedule/interval.ts'
import { seeded } from '#tests/support/seeded.ts'

// The oracle is a grid of minutes, each either covered or not.
const GRID = 60
const anyInterval = fc
  .tuple(fc.integer({ min: 0, max: GRID }), fc.integer({ min: -3, max: 20 }))
  .map(([start, length]): Interval => ({ start, end: start + length }))
const anyList = fc.array(anyInterval, { maxLength: 12 })
const cells = Array.from({ length: GRID + 25 }, (_, cell) => cell)
const gridOf = (list: readonly Interval[]): boolean[] =>
  cells.map((cell) => list.some(({ start, end }) => start <= cell && cell < end))
const isNormal = (list: readonly Interval[]): boolean =>
  list.every(({ start, end }, index) => start < end && (index === 0 || (list[index - 1]?.end ?? start) < start))

describe('interval algebra agrees with a grid of minutes', () => {
  test('two intervals overlap exactly when they share a minute', () => {
    fc.assert(
      fc.property(anyInterval, anyInterval, (a, b) => {
        const [left, right] = [gridOf([a]), gridOf([b])]
        const shared = cells.filter((cell) => left[cell] && right[cell])
        expect(overlaps(a, b)).toBe(shared.length > 0)
        expect(overlaps(b, a)).toBe(overlaps(a, b))
        expect(gridOf([intersect(a, b) ?? { start: 0, end: 0 }])).toEqual(cells.map((cell) => shared.includes(cell)))
        if (contains(a, b)) expect(cells.every((cell) => !right[cell] || left[cell])).toBe(true)
        expect(cells.map((cell) => containsInstant(a, cell))).toEqual(left)
      }),
      seeded(500),
    )
  })

  test('union, subtraction and intersection cover what the grid says, in normal form', () => {
    fc.assert(
      fc.property(anyList, anyList, (a, b) => {
        const [left, right] = [gridOf(a), gridOf(b)]
        const results = [
          { list: normalise(a), truth: left },
          { list: union(a, b), truth: cells.map((cell) => left[cell] || right[cell]) },
          { list: subtract(a, b), truth: cells.map((cell) => left[cell] && !right[cell]) },
          { list: intersectAll(a, b), truth: cells.map((cell) => left[cell] && right[cell]) },
        ]
        for (const { list, truth } of results) {
          expect(gridOf(list)).toEqual(truth)
          expect(isNormal(list)).toBe(true)
        }
        expect(totalMs(a)).toBe(left.filter(Boolean).length)
      }),
      seeded(500),
    )
  })

  test('two visits back to back do not overlap', () => {
    expect(overlaps({ start: 0, end: 15 }, { start: 15, end: 30 })).toBe(false)
  })
})

describe('lanes for overlapping cards', () => {
  const anyCard = fc
    .tuple(fc.integer({ min: 0, max: GRID }), fc.integer({ min: 1, max: 20 }))
    .map(([start, length]): Interval => ({ start, end: start + length }))
  const anyCards = fc.array(anyCard, { maxLength: 14 })

  test('no two overlapping cards share a lane, and no lane lies outside the count', () => {
    fc.assert(
      fc.property(anyCards, (cards) => {
        const lanes = lanesOf(cards)
        expect(lanes.length).toBe(cards.length)
        cards.forEach((card, i) => {
          const mine = lanes[i]
          expect(mine && mine.lane >= 0 && mine.lane < mine.laneCount).toBe(true)
          cards.forEach((other, j) => {
            if (i === j || !overlaps(card, other)) return
            expect(mine?.lane).not.toBe(lanes[j]?.lane)
            expect(mine?.laneCount).toBe(lanes[j]?.laneCount)
          })
        })
      }),
      seeded(400),
    )
  })

  test('of two cards that start together the longer stands first', () => {
    const [short, long] = [
      { start: 0, end: 15 },
      { start: 0, end: 30 },
    ]
    expect(lanesOf([short, long]).map(({ lane }) => lane)).toEqual([1, 0])
  })

  test('a group uses as many lanes as its fullest minute holds cards, never more', () => {
    fc.assert(
      fc.property(anyCards, (cards) => {
        const lanes = lanesOf(cards)
        const groups = normaliseGroups(cards)
        for (const group of groups) {
          const members = cards.map((card, index) => ({ card, index })).filter(({ card }) => overlaps(group, card))
          const fullest = Math.max(
            ...cells.map((cell) => members.filter(({ card }) => containsInstant(card, cell)).length),
          )
          for (const { index } of members) expect(lanes[index]?.laneCount).toBe(fullest)
        }
      }),
      seeded(400),
    )
  })

  test('the order in which different cards are given changes nothing', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyCard, {
          selector: ({ start, end }) => `${start}-${end}`,
          maxLength: 10,
        }),
        (cards) => {
          const backwards = [...cards].reverse()
          expect(lanesOf(backwards).reverse()).toEqual(lanesOf(cards))
        },
      ),
      seeded(200),
    )
  })

  /** Stretches connected by overlap; unlike `normalise`, touching cards stay apart. */
  function normaliseGroups(cards: readonly Interval[]): Interval[] {
    const joined = normalise(cards.map(({ start, end }) => ({ start: start * 2, end: end * 2 - 1 })))
    return joined.map(({ start, end }) => ({ start: start / 2, end: (end + 1) / 2 }))
  }
})
