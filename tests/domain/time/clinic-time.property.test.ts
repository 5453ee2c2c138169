import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  dayInterval,
  daysBetween,
  localDayOf,
  toInstant,
  toInstantChoosing,
  toLocal,
  weekdayOf,
} from '#domain/time/clinic-time.ts'
import { seeded } from '#tests/support/seeded.ts'
import { instantsByIntl, wallClockByIntl } from './wall-clock-oracle.ts'

const SWITCHING_ZONES = [
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Havana',
  'Asia/Beirut',
  'Pacific/Chatham',
  'America/Sao_Paulo',
]

const FIRST = Date.UTC(1973, 0, 1)
const LAST = Date.UTC(2050, 0, 1)
const anyZone = fc.oneof(fc.constantFrom(...SWITCHING_ZONES), fc.constantFrom(...Intl.supportedValuesOf('timeZone')))
const anyMinute = fc.integer({ min: FIRST / 60_000, max: LAST / 60_000 }).map((minute) => minute * 60_000)
const anyQuarter = fc.integer({ min: 0, max: 95 }).map((quarter) => {
  const minute = quarter * 15
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
})
/** A day on which the zone switches, or the day before or after; an ordinary day in zones that do not switch that year. */
const nearSwitch = fc
  .tuple(anyZone, fc.integer({ min: 1995, max: 2037 }), fc.nat(), fc.integer({ min: -1, max: 1 }))
  .map(([zone, year, which, shift]) => {
    const switches = switchDaysByIntl(zone, year)
    const day = switches[which % Math.max(1, switches.length)] ?? `${year}-06-15`
    return { zone, day: addDays(day, shift) }
  })

function switchDaysByIntl(zone: string, year: number): string[] {
  const days: string[] = []
  for (let at = Date.UTC(year, 0, 2, 12); at < Date.UTC(year, 11, 31); at += 86_400_000) {
    const before = wallClockByIntl(at - 86_400_000, zone).time
    if (wallClockByIntl(at, zone).time !== before) days.push(wallClockByIntl(at, zone).day)
  }
  return days
}

describe('clinic time agrees with a brute-force reading of Intl', () => {
  test('an instant reads the same wall clock in every zone', () => {
    fc.assert(
      fc.property(anyMinute, anyZone, (instant, zone) => {
        const { day, time, minuteOfDay } = toLocal(instant, zone)
        expect({ day, time }).toEqual(wallClockByIntl(instant, zone))
        expect(minuteOfDay).toBe(Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
        expect(localDayOf(instant, zone)).toBe(day)
      }),
      seeded(1_500),
    )
  })

  test('around every switch a wall-clock time has none, one or two instants, and the answer says which', () => {
    fc.assert(
      fc.property(nearSwitch, anyQuarter, ({ zone, day }, time) => {
        const truth = instantsByIntl(day, time, zone)
        const answer = toInstant(day, time, zone)
        if (answer.ok) expect([answer.instant]).toEqual(truth)
        else if (answer.reason === 'repeated-hour') expect([answer.earlier, answer.later]).toEqual(truth)
        else {
          expect(truth).toEqual([])
          const wanted = `${day} ${time}`
          const before = wallClockByIntl(answer.resumes - 60_000, zone)
          const after = wallClockByIntl(answer.resumes, zone)
          expect(`${before.day} ${before.time}` < wanted && wanted < `${after.day} ${after.time}`).toBe(true)
        }
      }),
      seeded(200),
    )
  })

  test('what toLocal shows, toInstantChoosing finds again', () => {
    fc.assert(
      fc.property(anyMinute, anyZone, (instant, zone) => {
        const { day, time } = toLocal(instant, zone)
        const found = [toInstantChoosing(day, time, zone, 'earlier'), toInstantChoosing(day, time, zone, 'later')]
        expect(found).toContain(instant)
      }),
      seeded(1_000),
    )
  })

  test('consecutive days meet, and the middle of a day lies on that day', () => {
    fc.assert(
      fc.property(nearSwitch, ({ zone, day }) => {
        const { start, end } = dayInterval(day, zone)
        expect(dayInterval(addDays(day, 1), zone).start).toBe(end)
        if (end > start) expect(localDayOf((start + end) / 2, zone)).toBe(day)
      }),
      seeded(300),
    )
  })
})

test('adding days, counting days and weekdays fit together', () => {
  fc.assert(
    fc.property(anyMinute, fc.integer({ min: -2_000, max: 2_000 }), (instant, count) => {
      const day = new Date(instant).toISOString().slice(0, 10)
      const other = addDays(day, count)
      expect(daysBetween(day, other)).toBe(count)
      expect(weekdayOf(other)).toBe(new Date(`${other}T00:00Z`).getUTCDay() || 7)
    }),
    seeded(500),
  )
})
