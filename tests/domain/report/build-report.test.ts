import { expect, test } from 'vitest'
import { buildReport } from '#domain/report/build-report.ts'
import type { ReportDefinition } from '#domain/report/report-definitions.ts'
import type { ReportMeta } from '#domain/report/report-model.ts'
import type { VisitFact } from '#domain/report/visit-fact.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aReportMeta, aVisitFact } from '#tests/support/visit-facts.ts'

const filter = { from: '2026-01-01', until: '2026-12-31' }
const build = (definition: ReportDefinition, facts: readonly VisitFact[], meta: Partial<ReportMeta> = {}) =>
  buildReport(definition, filter, facts, aReportMeta(meta))
const at = (text: string): number => Date.parse(text)

test('use of hours is booked by scheduled time, no-shows count as booked, cancelled visits are named', () => {
  const first = { start: NINE_O_CLOCK, end: NINE_O_CLOCK + minutes(30) }
  const second = { start: NINE_O_CLOCK + hours(1), end: NINE_O_CLOCK + minutes(90) }
  const facts = [aVisitFact(first), aVisitFact({ ...second, status: 'noshow' }), aVisitFact({ status: 'cancelled' })]
  const model = build('utilisation', facts, {
    scheduled: [{ doctorId: testId('Doctor', 1), doctorName: 'Dr Weiss', minutes: 120 }],
  })
  expect(model.rows).toEqual([['Dr Weiss', 120, 60, 30, 0.5]])
  expect(model.notes).toEqual(['Left out: 1 visit that was cancelled or never had a time.'])
})

test('a session of a group counts once, and is missed only when nobody came', () => {
  const group = { start: NINE_O_CLOCK, end: NINE_O_CLOCK + hours(1) }
  const model = build('utilisation', [
    aVisitFact({ ...group, status: 'noshow' }),
    aVisitFact(group),
    aVisitFact({ ...group, status: 'noshow' }),
  ])
  expect(model.rows).toEqual([['Dr Weiss', 0, 60, 0, null]])
  expect(model.notes).toEqual(['1 doctor has visits and no working hours in these days.'])
})

test.each([
  ['2026-10-14T21:59Z', '2026-10-14T22:30Z', '1-3 days'],
  ['2026-10-14T06:00Z', '2026-10-14T07:00Z', '0 days'],
  ['2026-10-11T07:00Z', '2026-10-14T07:00Z', '1-3 days'],
  ['2026-10-10T07:00Z', '2026-10-14T07:00Z', '4-7 days'],
  ['2026-09-29T07:00Z', '2026-10-14T07:00Z', '15-30 days'],
  ['2026-09-13T07:00Z', '2026-10-14T07:00Z', '31+ days'],
  // Clocks in Warsaw go back on 25 October 2026: seven days of the calendar are 169 hours.
  ['2026-10-18T22:30Z', '2026-10-25T23:30Z', '4-7 days'],
])('booked at %s for %s in Warsaw is a lead of %s', (created, start, bucket) => {
  const model = build('no-show-by-lead-time', [
    aVisitFact({ createdAt: at(created), start: at(start), status: 'noshow' }),
  ])
  expect(model.rows.filter(([, visits]) => visits === 1)).toEqual([[bucket, 1, 1, 1]])
})

test('the no-show rate counts only visits whose outcome is known', () => {
  const statuses = ['fulfilled', 'arrived', 'noshow', 'confirmed', 'pending', 'cancelled', 'unplaced'] as const
  const model = build(
    'reminder-effect',
    statuses.map((status) => aVisitFact({ status, wasReminded: true })),
  )
  expect(model.rows).toEqual([
    ['Reminded', 3, 1, 1 / 3],
    ['Not reminded', 0, 0, null],
  ])
  expect(model.notes).toEqual(['Left out: 4 visits of which it is not known whether the patient came.'])
})

test('waiting is from arrival to the start in the room: the middle, and what nine in ten wait at most', () => {
  const waits = [0, 5, 10, 15, 20, 25, 30, 35, 40, 90]
  const model = build(
    'waiting-time',
    waits.map((wait) => aVisitFact({ arrivedAt: NINE_O_CLOCK, startedAt: NINE_O_CLOCK + minutes(wait) })),
  )
  expect(model.rows).toEqual([['Dr Weiss', 10, 22.5, 40]])
})

test('the third next free time is told in days from now', () => {
  const availability = [
    { doctorName: 'Dr Nowak', typeName: 'Check-up', thirdNext: NINE_O_CLOCK + hours(72) },
    { doctorName: 'Dr Nowak', typeName: 'Surgery', thirdNext: null },
  ]
  const model = build('third-next-available', [], { availability })
  expect(model.rows.map((row) => row[4])).toEqual([3, null])
  expect(model.totals).toMatchObject([{ column: 'days', value: 3 }])
  expect(model.notes).toHaveLength(2)
})

test('the head tells the filter in words, and when it was', () => {
  const names = { doctors: new Map([[testId('Doctor', 1), 'Dr Weiss']]), types: new Map(), rooms: new Map() }
  const narrowed = { ...filter, doctorIds: [testId<'Doctor'>('Doctor', 1)], statuses: ['noshow' as const] }
  const model = buildReport('appointments', narrowed, [], aReportMeta({ names, asOf: at('2026-10-25T00:30Z') }))
  expect(model.filter).toEqual(['Days: 2026-01-01 to 2026-12-31', 'Doctors: Dr Weiss', 'Statuses: No-show'])
  expect(model.asOf.text).toBe('As of 2026-10-25 02:30, Europe/Warsaw')
})

test('sentences of the caller stand before those of the report', () => {
  const model = build('waiting-time', [aVisitFact()], { notes: ['Only your own.'] })
  expect(model.notes).toEqual(['Only your own.', 'Left out: 1 visit without the times of arrival and start.'])
})
