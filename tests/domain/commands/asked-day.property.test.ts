import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { askedDay } from '#domain/commands/asked-day.ts'
import { LANGUAGES } from '#domain/language/languages.ts'
import { addDays } from '#domain/time/clinic-time.ts'
import { seeded } from '#tests/support/seeded.ts'

/** A Tuesday. */
const TODAY = '2026-11-24'

describe('a day in words', () => {
  test.each([
    ['tomorrow', 'en', '2026-11-25'],
    ['tom', 'en', '2026-11-25'],
    ['today', 'en', TODAY],
    ['yesterday', 'en', '2026-11-23'],
    ['morgen', 'de', '2026-11-25'],
    ['übermorgen', 'de', '2026-11-26'],
    ['mañana', 'es', '2026-11-25'],
    ['غدًا', 'ar', '2026-11-25'],
    ['friday', 'en', '2026-11-27'],
    ['tuesday', 'en', '2026-12-01'],
    ['freitag', 'de', '2026-11-27'],
    ['viernes', 'es', '2026-11-27'],
    ['الجمعة', 'ar', '2026-11-27'],
    ['12 dec', 'en', '2026-12-12'],
    ['12 dec 2027', 'en', '2027-12-12'],
    ['3 jan', 'en', '2027-01-03'],
    ['12. Dez', 'de', '2026-12-12'],
    ['12 de diciembre', 'es', '2026-12-12'],
    ['12.12.', 'en', '2026-12-12'],
    ['3/1', 'en', '2027-01-03'],
    ['+7', 'en', '2026-12-01'],
    ['2027-02-03', 'en', '2027-02-03'],
  ])('%s (%s) is %s', (text, language, day) => {
    expect(askedDay(text, TODAY, language)).toBe(day)
  })

  test.each(['', 'to', 'wood', '31 feb', '45.12.', 'susan clarke', '12'])('%j is none', (text) => {
    expect(askedDay(text, TODAY, 'en')).toBeNull()
  })
})

test('a date written out in a language is that date again, in every language', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 364 }), fc.constantFrom(...LANGUAGES), (ahead, language) => {
      const day = addDays(TODAY, ahead)
      const month = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(
        Date.parse(`${day}T00:00:00Z`),
      )
      expect(askedDay(`${Number(day.slice(8))} ${month}`, TODAY, language)).toBe(day)
    }),
    seeded(200),
  )
})
