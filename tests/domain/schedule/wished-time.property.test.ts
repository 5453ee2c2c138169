/** What callers say about when they would like to come, in any of the product's languages. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstWishedDay, isWished, parseWishedTime } from '#domain/schedule/wished-time.ts'
import { addDays, isLocalDay, timeOfMinute, weekdayOf } from '#domain/time/clinic-time.ts'

/** A Tuesday. */
const TODAY = '2026-11-24'
const parsed = (text: string) => parseWishedTime(text, TODAY)
const days = fc.integer({ min: 0, max: 20_000 }).map((count) => addDays('2000-01-01', count))

describe('a wished time is read from', () => {
  it.each([
    ['+3w', { fromDay: '2026-12-15' }],
    ['in 3 weeks', { fromDay: '2026-12-15' }],
    ['in 3 Wochen', { fromDay: '2026-12-15' }],
    ['en 3 semanas', { fromDay: '2026-12-15' }],
    ['بعد ٣ أسابيع', { fromDay: '2026-12-15' }],
    ['+10d', { fromDay: '2026-12-04' }],
    ['+3m', { fromDay: '2027-02-24' }],
    ['+1y', { fromDay: '2027-11-24' }],
    ['tomorrow', { fromDay: '2026-11-25' }],
    ['morgen', { fromDay: '2026-11-25', fromMinute: 0, untilMinute: 1440 }],
    ['mañana', { fromDay: '2026-11-25', untilMinute: 1440 }],
    ['غدًا', { fromDay: '2026-11-25' }],
    ['übermorgen', { fromDay: '2026-11-26' }],
    ['mon pm', { fromDay: TODAY, weekdays: [1], fromMinute: 720, untilMinute: 1440 }],
    ['Mo nachm', { weekdays: [1], fromMinute: 720, untilMinute: 1440 }],
    ['lun tarde', { weekdays: [1], fromMinute: 720, untilMinute: 1440 }],
    ['الاثنين مساء', { weekdays: [1], fromMinute: 720, untilMinute: 1440 }],
    ['mon morgen', { weekdays: [1], fromMinute: 0, untilMinute: 720 }],
    ['lunes por la mañana', { weekdays: [1], fromMinute: 0, untilMinute: 720 }],
    ['am Montag', { weekdays: [1], fromMinute: 0, untilMinute: 1440 }],
    ['mon am', { weekdays: [1], fromMinute: 0, untilMinute: 720 }],
    ['mon wed fri', { weekdays: [1, 3, 5] }],
    ['+2w thu', { fromDay: '2026-12-08', weekdays: [4] }],
    ['14:30', { fromDay: TODAY, minute: 870, fromMinute: 870 }],
    ['1430', { minute: 870 }],
    ['9h30', { minute: 570 }],
    ['9 Uhr', { minute: 540 }],
    ['3pm', { minute: 900 }],
    ['3:30 pm', { minute: 930 }],
    ['fri 3:30 pm', { weekdays: [5], minute: 930 }],
    ['3.12.', { fromDay: '2026-12-03' }],
    ['3/12 am', { fromDay: '2026-12-03', untilMinute: 720 }],
    ['1.2.', { fromDay: '2027-02-01' }],
    ['29.2.', { fromDay: '2028-02-29' }],
    ['2026-12-03 14:30', { fromDay: '2026-12-03', minute: 870 }],
    ['vie 18:15', { weekdays: [5], minute: 1095 }],
    ['dienstag abend', { weekdays: [2], fromMinute: 1020 }],
  ])('%s', (text, wished) => {
    expect(parsed(text)).toMatchObject(wished)
  })

  it.each(['', '   ', 'soon', '25:00', '14:75', '3.13.', '+3', '99', '+900w', '13pm', '1.1.2020', 'mon blue'])(
    'nothing in “%s”',
    (text) => {
      expect(parsed(text)).toBeNull()
    },
  )
})

describe('whatever is typed', () => {
  it('is answered, with days that are and minutes of a day', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), days, (text, today) => {
        const wish = parseWishedTime(text, today)
        if (!wish) return
        expect(isLocalDay(wish.fromDay) && wish.fromDay >= today).toBe(true)
        expect(wish.fromMinute).toBeGreaterThanOrEqual(0)
        expect(wish.untilMinute).toBeGreaterThan(wish.fromMinute)
        expect(wish.untilMinute).toBeLessThanOrEqual(1440)
      }),
    )
  })

  it('counts weeks and days exactly', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 520 }), (today, count) => {
        expect(parseWishedTime(`+${count}w`, today)?.fromDay).toBe(addDays(today, 7 * count))
        expect(parseWishedTime(`in ${count} days`, today)?.fromDay).toBe(addDays(today, count))
      }),
    )
  })

  it('keeps the month that was counted, also from the end of a longer one', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 120 }), (today, count) => {
        const day = parseWishedTime(`+${count}m`, today)?.fromDay ?? ''
        const monthsOf = (of: string): number => Number(of.slice(0, 4)) * 12 + Number(of.slice(5, 7))
        expect(monthsOf(day) - monthsOf(today)).toBe(count)
      }),
    )
  })

  it('means the same in any case and in either order of weekday and part', () => {
    const word = fc.constantFrom('mon', 'dienstag', 'vie', 'الأحد', 'do')
    const part = fc.constantFrom('pm', 'vorm', 'tarde', 'evening', 'صباحا', '14:30')
    fc.assert(
      fc.property(word, part, days, (day, time, today) => {
        const one = parseWishedTime(`${day} ${time}`, today)
        expect(one).not.toBeNull()
        expect(parseWishedTime(`${time} ${day}`, today)).toEqual(one)
        expect(parseWishedTime(`${day} ${time}`.toUpperCase(), today)).toEqual(one)
      }),
    )
  })
})

describe('a start', () => {
  it('is a wished one exactly when day, weekday and time of the day are', () => {
    const wishes = fc.constantFrom('mon pm', '+3w', '14:30', 'tomorrow am', 'tue thu', '3.12. abend')
    fc.assert(
      fc.property(
        wishes,
        fc.integer({ min: -5, max: 60 }),
        fc.integer({ min: 0, max: 1439 }),
        (text, later, minute) => {
          const wish = parsed(text)
          if (!wish) throw new Error(text)
          const day = addDays(TODAY, later)
          const isDay = day >= wish.fromDay && (wish.weekdays.length === 0 || wish.weekdays.includes(weekdayOf(day)))
          const isTime = minute >= wish.fromMinute && minute < wish.untilMinute
          expect(isWished(wish, day, timeOfMinute(minute))).toBe(isDay && isTime)
        },
      ),
    )
  })
})

describe('the first wished day', () => {
  it.each([
    ['14:30', 10 * 60, TODAY],
    ['14:30', 15 * 60, '2026-11-25'],
    ['mon 9:00', 600, '2026-11-30'],
    ['tue 9:00', 600, '2026-12-01'],
    ['tue 9:00', 500, TODAY],
    ['+3w fri', 600, '2026-12-18'],
    ['pm', 600, TODAY],
  ])('of %s, asked at minute %i, is %s', (text, minuteOfDay, day) => {
    const wish = parsed(text)
    expect(wish && firstWishedDay(wish, { day: TODAY, minuteOfDay })).toBe(day)
  })
})
