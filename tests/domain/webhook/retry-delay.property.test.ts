import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hours, minutes, seconds } from '#domain/time/instant.ts'
import { MOST_ATTEMPTS, retryDelayMs } from '#domain/webhook/retry-delay.ts'
import { seeded } from '#tests/support/seeded.ts'

test('a wait grows with the tries, never past nine hours, and never to nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, random) => {
        const delay = retryDelayMs(attempts, random)
        expect(delay).toBeGreaterThanOrEqual(seconds(2))
        expect(delay).toBeLessThanOrEqual(hours(9))
        expect(retryDelayMs(attempts + 1, random)).toBeGreaterThanOrEqual(delay)
      },
    ),
    seeded(),
  )
})

test('all tries together take more than a day', () => {
  const total = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => retryDelayMs(index + 1, 0.5))
  expect(total.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(hours(24))
})

test('a receiver may ask for a longer wait, up to an hour', () => {
  expect(retryDelayMs(1, 0.5, minutes(10))).toBe(minutes(10))
  expect(retryDelayMs(1, 0.5, hours(20))).toBe(minutes(60))
  expect(retryDelayMs(12, 0.5, 1)).toBe(hours(6))
})
