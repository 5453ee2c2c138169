import { expect, test } from 'vitest'
import { nextRun } from '#domain/report/next-run.ts'

const daily = { weekday: null, dayOfMonth: null, localTime: '07:00', zone: 'Europe/Warsaw' }

test.each([
  ['every day, before its time', daily, '2026-10-14T04:59:59Z', '2026-10-14T05:00Z'],
  ['every day, at its time', daily, '2026-10-14T05:00Z', '2026-10-15T05:00Z'],
  ['over the end of summer time on 25 October 2026', daily, '2026-10-24T05:00Z', '2026-10-25T06:00Z'],
  ['on Mondays', { ...daily, weekday: 1 }, '2026-10-14T12:00Z', '2026-10-19T05:00Z'],
  ['on the 28th, in February', { ...daily, dayOfMonth: 28 }, '2026-01-28T07:00Z', '2026-02-28T06:00Z'],
  ['on the 1st, from December', { ...daily, dayOfMonth: 1 }, '2026-12-31T12:00Z', '2027-01-01T06:00Z'],
  ['in the skipped hour of 29 March 2026', { ...daily, localTime: '02:30' }, '2026-03-28T12:00Z', '2026-03-29T01:00Z'],
  ['in the repeated hour, once', { ...daily, localTime: '02:30' }, '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
])('%s', (_, times, after, expected) => {
  expect(new Date(nextRun(times, Date.parse(after))).toISOString()).toBe(new Date(expected).toISOString())
})
