import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  DELIVERY_EVENTS,
  DELIVERY_STATUSES,
  type DeliveryEvent,
  type DeliveryStatus,
  isSettled,
  nextTry,
  statusAfter,
} from '#domain/message/delivery.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { seeded } from '#tests/support/seeded.ts'

const after = (events: readonly DeliveryEvent[], from: DeliveryStatus = 'pending') => events.reduce(statusAfter, from)
const anyEvent = fc.constantFrom(...DELIVERY_EVENTS)

test('every event has an answer in every status, and telling it twice changes nothing more', () => {
  for (const status of DELIVERY_STATUSES) {
    for (const event of DELIVERY_EVENTS) {
      const next = statusAfter(status, event)
      expect(DELIVERY_STATUSES).toContain(next)
      if (event !== 'handed-over' || status !== 'pending') expect(statusAfter(next, event)).toBe(next)
    }
  }
})

test('what arrived stays arrived, whatever is told before or after', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), fc.array(anyEvent), (before, later) => {
      expect(after([...before, 'reported-delivered', ...later])).toBe('delivered')
    }),
    seeded(),
  )
})

test('reports in any order end the same way', () => {
  expect(after(['handed-over', 'reported-failed', 'reported-delivered'])).toBe('delivered')
  expect(after(['reported-delivered', 'handed-over', 'reported-failed'])).toBe('delivered')
  expect(after(['reported-failed', 'handed-over'])).toBe('failed')
  expect(after(['handed-over', 'reported-failed'])).toBe('failed')
})

test('a message that was skipped, sent or has arrived is not sent again by a replay', () => {
  expect(after(['replay'], 'skipped')).toBe('skipped')
  expect(after(['replay'], 'sent')).toBe('sent')
  expect(after(['replay'], 'delivered')).toBe('delivered')
  expect(after(['replay'], 'failed')).toBe('pending')
  expect(after(['replay'], 'parked')).toBe('pending')
  expect(DELIVERY_STATUSES.filter((status) => !isSettled(status))).toEqual(['pending'])
})

test('tries in vain come later each time and end in the parking place', () => {
  const first = nextTry(1, 0.5)
  const waits = Array.from({ length: 20 }, (_, index) => nextTry(index + 1, 0.5))
  const delays = waits.flatMap((wait) => (wait.kind === 'again' ? wait.delayMs : []))
  expect(delays.length).toBe(11)
  expect(delays.toSorted((a, b) => a - b)).toEqual(delays)
  expect(Math.max(...delays)).toBeLessThanOrEqual(hours(9))
  expect(waits.slice(11).every(({ kind }) => kind === 'parked')).toBe(true)
  expect(first).toMatchObject({ kind: 'again' })
  expect(nextTry(1, 0.5, minutes(7))).toEqual({ kind: 'again', delayMs: minutes(7) })
})
