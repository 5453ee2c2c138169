import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { isInRoom, minutesBehind, ownDaysAround, type RunningVisit, visitAtHand } from '#domain/appointment/own-day.ts'
import { minutes } from '#domain/time/instant.ts'

const NOW = Date.parse('2026-11-24T10:37:00Z')
const at = (minute: number): number => NOW + minutes(minute)

const visit = (startMinute: number, part: Partial<RunningVisit> = {}): RunningVisit => ({
  start: at(startMinute),
  end: at(startMinute + 20),
  status: 'confirmed',
  startedAt: null,
  finishedAt: null,
  ...part,
})

const anyVisit = fc
  .record({
    startMinute: fc.integer({ min: -600, max: 600 }),
    length: fc.integer({ min: 5, max: 90 }),
    status: fc.constantFrom(...APPOINTMENT_STATUSES),
    startedAgo: fc.option(fc.integer({ min: 0, max: 120 })),
  })
  .map(({ startMinute, length, status, startedAgo }) =>
    visit(startMinute, {
      end: at(startMinute + length),
      status,
      startedAt: startedAgo === null ? null : at(-startedAgo),
    }),
  )
const anyDay = fc.array(anyVisit, { maxLength: 25 })

describe('how far behind a doctor is', () => {
  test('a patient who waits past the time is waited for by nobody but the doctor', () => {
    expect(minutesBehind([visit(-15, { status: 'arrived' })], NOW)).toBe(15)
  })

  test('a visit that takes longer than booked pushes the next one', () => {
    const running = visit(-30, { status: 'arrived', startedAt: at(-30) })
    expect(minutesBehind([running, visit(-10, { status: 'arrived' })], NOW)).toBe(10)
    expect(minutesBehind([running, visit(5)], NOW)).toBe(0)
  })

  test('a visit that began late is expected to take its whole time', () => {
    const running = visit(-20, { status: 'arrived', startedAt: at(-2) })
    expect(minutesBehind([running, visit(0)], NOW)).toBe(18)
  })

  test('a patient who has not come makes nobody late', () => {
    expect(minutesBehind([visit(-15)], NOW)).toBe(0)
  })

  test('others of a group that has begun do not wait for it', () => {
    const seats = [visit(-30, { status: 'arrived', startedAt: at(-30) }), visit(-30, { status: 'arrived' })]
    expect(minutesBehind(seats, NOW)).toBe(0)
  })

  test('is never negative, always a number, and the order of the visits does not matter', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const behind = minutesBehind(day, NOW)
        expect(Number.isInteger(behind) && behind >= 0).toBe(true)
        expect(minutesBehind(day.toReversed(), NOW)).toBe(behind)
      }),
    )
  })

  test('only grows while nothing happens', () => {
    fc.assert(
      fc.property(
        anyDay.filter((day) => day.every(({ status, start }) => status === 'arrived' || start >= at(60))),
        fc.integer({ min: 0, max: 60 }),
        (day, later) => {
          expect(minutesBehind(day, at(later))).toBeGreaterThanOrEqual(minutesBehind(day, NOW))
        },
      ),
    )
  })
})

describe('the visit at hand', () => {
  test('is the one in the room, then who waits, then who comes next, then who never came', () => {
    const inRoom = visit(-20, { status: 'arrived', startedAt: at(-10) })
    const waiting = visit(-5, { status: 'arrived' })
    const [next, missing] = [visit(10), visit(-60)]
    expect(visitAtHand([missing, next, waiting, inRoom], NOW)).toBe(inRoom)
    expect(visitAtHand([missing, next, waiting], NOW)).toBe(waiting)
    expect(visitAtHand([missing, next], NOW)).toBe(next)
    expect(visitAtHand([missing], NOW)).toBe(missing)
    expect(visitAtHand([visit(-60, { status: 'fulfilled' })], NOW)).toBeUndefined()
  })

  test('is in the room whenever anybody is, and never over, called off or missed', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const found = visitAtHand(day, NOW)
        if (day.some(isInRoom)) expect(found && isInRoom(found)).toBe(true)
        if (found) expect(['pending', 'confirmed', 'arrived']).toContain(found.status)
      }),
    )
  })
})

test('my day reaches from yesterday to a week from today, across the end of a year', () => {
  const days = ownDaysAround('2026-12-28')
  expect([days[0], days[1], days.at(-1), days.length]).toEqual(['2026-12-27', '2026-12-28', '2027-01-04', 9])
})
