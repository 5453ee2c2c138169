import { expect, test } from 'vitest'
import { parseHolidays } from '#domain/settings/parse-holidays.ts'

test('a day and a name are a day off, two days a stretch of them', () => {
  const text = '2027-12-25 Christmas Day\r\n\n2027-12-24 - 2027-12-31, Between the years\n2028-01-01;New Year'
  expect(parseHolidays(text)).toEqual({
    entries: [
      { name: 'Christmas Day', from: '2027-12-25' },
      { name: 'Between the years', from: '2027-12-24', to: '2027-12-31' },
      { name: 'New Year', from: '2028-01-01' },
    ],
    badLines: [],
  })
})

test('a day that is none, a stretch that ends before it begins and a line without a name are told by number', () => {
  const text = '2027-02-30 Carnival\n2027-12-25\n2027-12-31 - 2027-12-24 Backwards\nChristmas\n2027-05-01 May Day'
  expect(parseHolidays(text)).toEqual({ entries: [{ name: 'May Day', from: '2027-05-01' }], badLines: [1, 2, 3, 4] })
})
