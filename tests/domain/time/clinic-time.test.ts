import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  dayInterval,
  daysBetween,
  isLocalDay,
  isLocalTime,
  isoWeekNumber,
  isZone,
  localDayOf,
  startOfDay,
  toInstant,
  toInstantChoosing,
  toLocal,
  weekdayOf,
} from '#domain/time/clinic-time.ts'
import { hours } from '#domain/time/instant.ts'

const utc = (text: string): number => Date.parse(text)
const hoursOf = (day: string, zone: string): number => {
  const { start, end } = dayInterval(day, zone)
  return (end - start) / hours(1)
}

describe('a wall-clock time becomes an instant', () => {
  test('on an ordinary day there is exactly one answer', () => {
    expect(toInstant('2026-01-15', '09:30', 'Europe/London')).toEqual({ ok: true, instant: utc('2026-01-15T09:30Z') })
    expect(toInstant('2026-07-15', '09:30', 'Europe/London')).toEqual({ ok: true, instant: utc('2026-07-15T08:30Z') })
  })

  test('half-hour and quarter-hour zones keep their minutes', () => {
    expect(toInstant('2026-01-15', '09:00', 'Asia/Kolkata')).toEqual({ ok: true, instant: utc('2026-01-15T03:30Z') })
    expect(toInstant('2026-01-15', '09:00', 'Asia/Kathmandu')).toEqual({ ok: true, instant: utc('2026-01-15T03:15Z') })
    expect(toInstant('2026-01-15', '09:00', 'America/St_Johns')).toEqual({
      ok: true,
      instant: utc('2026-01-15T12:30Z'),
    })
  })

  test('the hour London skips on 29 March 2026 is refused with the instant the clock resumes', () => {
    const resumes = utc('2026-03-29T01:00Z')
    expect(toInstant('2026-03-29', '01:00', 'Europe/London')).toEqual({ ok: false, reason: 'skipped-hour', resumes })
    expect(toInstant('2026-03-29', '01:59', 'Europe/London')).toEqual({ ok: false, reason: 'skipped-hour', resumes })
    expect(toInstant('2026-03-29', '00:59', 'Europe/London')).toEqual({ ok: true, instant: utc('2026-03-29T00:59Z') })
    expect(toInstant('2026-03-29', '02:00', 'Europe/London')).toEqual({ ok: true, instant: resumes })
  })

  test('the hour London repeats on 25 October 2026 is refused with both instants', () => {
    const [earlier, later] = [utc('2026-10-25T00:30Z'), utc('2026-10-25T01:30Z')]
    expect(toInstant('2026-10-25', '01:30', 'Europe/London')).toEqual({
      ok: false,
      reason: 'repeated-hour',
      earlier,
      later,
    })
    expect(toInstantChoosing('2026-10-25', '01:30', 'Europe/London', 'earlier')).toBe(earlier)
    expect(toInstantChoosing('2026-10-25', '01:30', 'Europe/London', 'later')).toBe(later)
    expect(toInstant('2026-10-25', '02:00', 'Europe/London')).toEqual({ ok: true, instant: utc('2026-10-25T02:00Z') })
  })

  test('Lord Howe switches by half an hour: only thirty minutes are skipped or repeated', () => {
    const zone = 'Australia/Lord_Howe'
    expect(toInstant('2026-10-04', '02:15', zone)).toMatchObject({ ok: false, reason: 'skipped-hour' })
    expect(toInstant('2026-10-04', '02:30', zone)).toEqual({ ok: true, instant: utc('2026-10-03T15:30Z') })
    expect(toInstant('2026-04-05', '01:45', zone)).toEqual({
      ok: false,
      reason: 'repeated-hour',
      earlier: utc('2026-04-04T14:45Z'),
      later: utc('2026-04-04T15:15Z'),
    })
    expect(toInstant('2026-04-05', '01:29', zone)).toMatchObject({ ok: true })
  })

  test('text that is no day or no time is an error, not a wrong instant', () => {
    expect(() => toInstant('2026-13-01', '09:00', 'Europe/London')).toThrow(RangeError)
    expect(() => toInstant('2026-01-01', '24:00', 'Europe/London')).toThrow(RangeError)
    expect(() => toInstant('2026-01-01', '09:00', 'Europe/Atlantis')).toThrow(RangeError)
  })
})

describe('days have the length the zone gives them', () => {
  test('London has days of 23, 24 and 25 hours', () => {
    expect(hoursOf('2026-03-29', 'Europe/London')).toBe(23)
    expect(hoursOf('2026-06-01', 'Europe/London')).toBe(24)
    expect(hoursOf('2026-10-25', 'Europe/London')).toBe(25)
  })

  test('Lord Howe has days of 23.5 and 24.5 hours', () => {
    expect(hoursOf('2026-10-04', 'Australia/Lord_Howe')).toBe(23.5)
    expect(hoursOf('2026-04-05', 'Australia/Lord_Howe')).toBe(24.5)
  })

  test('a day whose midnight is skipped starts when the clock resumes', () => {
    // Cairo, 24 April 2026, and Sao Paulo, 4 November 2018: 00:00 jumped to 01:00.
    expect(toLocal(startOfDay('2026-04-24', 'Africa/Cairo'), 'Africa/Cairo').time).toBe('01:00')
    expect(toLocal(startOfDay('2018-11-04', 'America/Sao_Paulo'), 'America/Sao_Paulo').time).toBe('01:00')
    expect(hoursOf('2018-11-04', 'America/Sao_Paulo')).toBe(23)
  })

  test('a day whose midnight comes twice starts at the first one', () => {
    // Havana, 1 November 2026: 01:00 goes back to 00:00.
    expect(startOfDay('2026-11-01', 'America/Havana')).toBe(utc('2026-11-01T04:00Z'))
    expect(hoursOf('2026-11-01', 'America/Havana')).toBe(25)
  })

  test('the day Samoa left out is empty', () => {
    expect(hoursOf('2011-12-29', 'Pacific/Apia')).toBe(24)
    expect(hoursOf('2011-12-30', 'Pacific/Apia')).toBe(0)
    expect(toInstant('2011-12-30', '12:00', 'Pacific/Apia')).toMatchObject({ ok: false, reason: 'skipped-hour' })
  })
})

describe('the calendar needs no zone', () => {
  test('days are added across months, leap days and years', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
  })

  test('weekdays and week numbers follow ISO 8601', () => {
    expect(weekdayOf('2026-03-29')).toBe(7)
    expect(weekdayOf('1969-12-29')).toBe(1)
    expect(isoWeekNumber('2026-01-01')).toBe(1)
    expect(isoWeekNumber('2021-01-03')).toBe(53)
    expect(isoWeekNumber('2024-12-30')).toBe(1)
  })

  test('only real days, times and zones are accepted', () => {
    expect(['2026-02-28', '2028-02-29'].every(isLocalDay)).toBe(true)
    expect(['2026-02-29', '2026-2-01', '26-02-01', '2026-00-10', ''].some(isLocalDay)).toBe(false)
    expect(['00:00', '23:59'].every(isLocalTime)).toBe(true)
    expect(['24:00', '9:00', '09:60', '09:00:00'].some(isLocalTime)).toBe(false)
    expect(['Europe/London', 'America/Sao_Paulo', 'UTC'].every(isZone)).toBe(true)
    expect(['', 'Europe/Atlantis', '+02:00', 'GMT+25'].some(isZone)).toBe(false)
  })

  test('an evening visit belongs to the clinic day, not to the UTC day', () => {
    expect(localDayOf(utc('2016-04-30T01:30Z'), 'America/Sao_Paulo')).toBe('2016-04-29')
    expect(localDayOf(utc('2026-06-30T23:30Z'), 'Europe/London')).toBe('2026-07-01')
  })
})

test('the device zone changes no answer', () => {
  const probe = fileURLToPath(new URL('./zone-probe.ts', import.meta.url))
  const under = (TZ: string): string =>
    execFileSync(process.execPath, [probe], { env: { ...process.env, TZ }, encoding: 'utf8' })
  const inUtc = under('UTC')
  expect(inUtc.split('\n').length).toBeGreaterThan(250)
  for (const zone of ['Europe/London', 'America/St_Johns', 'Pacific/Auckland']) expect(under(zone)).toBe(inUtc)
})
