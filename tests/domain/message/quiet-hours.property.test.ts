import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isQuiet, lastAllowed, nextAllowed, type QuietHours } from '#domain/message/quiet-hours.ts'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { HOUR_MS, MINUTE_MS } from '#domain/time/instant.ts'
import { wallClockByIntl } from '#tests/domain/time/wall-clock-oracle.ts'
import { seeded } from '#tests/support/seeded.ts'

const ZONES = [
  'Europe/Warsaw',
  'Australia/Lord_Howe',
  'America/New_York',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Kathmandu',
] as const
/** Around each zone's switches of 2026, and an ordinary day. */
const SWITCHES = {
  'Europe/Warsaw': ['2026-03-29T01:00Z', '2026-10-25T01:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T15:00Z', '2026-10-03T15:30Z'],
  'America/New_York': ['2026-03-08T07:00Z', '2026-11-01T06:00Z'],
  'America/Havana': ['2026-03-08T05:00Z', '2026-11-01T05:00Z'],
  'Africa/Cairo': ['2026-04-23T22:00Z', '2026-10-29T21:00Z'],
  'Asia/Kathmandu': ['2026-06-15T12:00Z'],
} as const

const utc = (text: string): number => Date.parse(text)
const floor = (instant: number): number => Math.floor(instant / MINUTE_MS) * MINUTE_MS

/** What the wall says by Intl, compared as text: nothing of the product is used. */
function quietByIntl(instant: number, { from, until }: QuietHours, zone: string): boolean {
  const { time } = wallClockByIntl(instant, zone)
  return from <= until ? from <= time && time < until : time >= from || time < until
}

/** Minute by minute until it is not quiet. */
function searched(instant: number, quiet: QuietHours, zone: string, step: 1 | -1): number {
  if (!quietByIntl(instant, quiet, zone)) return instant
  for (let at = floor(instant); ; at += step * MINUTE_MS) if (!quietByIntl(at, quiet, zone)) return at
}

const someCase = fc.constantFrom(...ZONES).chain((zone) =>
  fc.record({
    zone: fc.constant(zone),
    at: fc
      .tuple(fc.constantFrom(...SWITCHES[zone]), fc.integer({ min: -40 * HOUR_MS, max: 40 * HOUR_MS }))
      .map(([near, distance]) => utc(near) + distance),
    from: fc.oneof(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 240 })).map(timeOfMinute),
    until: fc.oneof(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 240 })).map(timeOfMinute),
  }),
)

test('in six zones and around their switches, quiet hours are what a search minute by minute finds', () => {
  let shifted = 0
  fc.assert(
    fc.property(someCase, ({ zone, at, from, until }) => {
      const quiet = { from, until }
      expect(isQuiet(at, quiet, zone)).toBe(quietByIntl(at, quiet, zone))
      const next = nextAllowed(at, quiet, zone)
      expect(next).toBe(searched(at, quiet, zone, 1))
      expect(lastAllowed(at, quiet, zone)).toBe(searched(at, quiet, zone, -1))
      expect(nextAllowed(next, quiet, zone)).toBe(next)
      if (next !== at) shifted += 1
    }),
    seeded(300),
  )
  expect(shifted).toBeGreaterThan(30)
})

describe('quiet hours from 21:00 to 08:00', () => {
  const quiet = { from: '21:00', until: '08:00' }
  test.each([
    ['Europe/Warsaw', '2026-03-28T21:30Z', '2026-03-29T06:00Z'],
    ['Europe/Warsaw', '2026-10-24T20:00Z', '2026-10-25T07:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T12:00Z', '2026-10-03T21:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T12:00Z', '2026-04-04T21:30Z'],
    ['America/New_York', '2026-11-01T03:00Z', '2026-11-01T13:00Z'],
    ['Europe/Warsaw', '2026-06-01T18:59Z', '2026-06-01T18:59Z'],
    ['Europe/Warsaw', '2026-06-01T19:00Z', '2026-06-02T06:00Z'],
    ['Europe/Warsaw', '2026-06-02T06:00Z', '2026-06-02T06:00Z'],
  ])('in %s a message of %s goes out at %s', (zone, at, expected) => {
    expect(new Date(nextAllowed(utc(at), quiet, zone))).toEqual(new Date(expected))
  })
})

test('hours that begin where they end are none', () => {
  expect(isQuiet(utc('2026-06-01T08:00Z'), { from: '10:00', until: '10:00' }, 'Europe/Warsaw')).toBe(false)
})

test('an end inside the skipped hour comes when the clock resumes, an end inside the repeated one at its first pass', () => {
  const quiet = { from: '22:00', until: '02:30' }
  expect(nextAllowed(utc('2026-03-29T00:59Z'), quiet, 'Europe/Warsaw')).toBe(utc('2026-03-29T01:00Z'))
  expect(nextAllowed(utc('2026-10-25T00:10Z'), quiet, 'Europe/Warsaw')).toBe(utc('2026-10-25T00:30Z'))
  // At 03:00 the clock goes back to 02:00, so the last half hour of the quiet time comes once more.
  expect(nextAllowed(utc('2026-10-25T01:10Z'), quiet, 'Europe/Warsaw')).toBe(utc('2026-10-25T01:30Z'))
})
