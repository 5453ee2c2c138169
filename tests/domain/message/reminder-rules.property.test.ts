import fc from 'fast-check'
import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import {
  dueRowsOf,
  isStillRight,
  type RemindedVisit,
  type ReminderRule,
  reminderRuleSchema,
  reminderTime,
} from '#domain/message/reminder-rules.ts'
import { addDays, timeOfMinute, toLocal } from '#domain/time/clinic-time.ts'
import { hours, MINUTE_MS, minutes } from '#domain/time/instant.ts'
import { testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const utc = (text: string): number => Date.parse(text)
const ALWAYS = { from: '00:00', until: '00:00' }
const DAY = 24 * 60
const WARSAW = 'Europe/Warsaw'
const POLICIES = { catchUpMinutes: 120 }

const aRule = (part: Partial<ReminderRule> = {}): ReminderRule => ({
  id: testId('ReminderRule', 1),
  kind: 'reminder',
  leadMinutes: DAY,
  channel: 'sms',
  typeIds: [],
  window: ALWAYS,
  isActive: true,
  minimumNoticeMinutes: 0,
  ...part,
})

const aVisit = (part: Partial<RemindedVisit> = {}): RemindedVisit => ({
  start: utc('2026-06-10T08:00Z'),
  status: 'confirmed',
  doctorId: testId('Doctor', 1),
  typeId: testId('AppointmentType', 1),
  placedAt: utc('2026-05-01T08:00Z'),
  ...part,
})

const dueTexts = (visit: RemindedVisit, rules: ReminderRule[], now: string, policies = POLICIES) =>
  dueRowsOf(visit, rules, policies, WARSAW, utc(now)).map(({ dueAt }) => new Date(dueAt).toISOString().slice(0, 16))

test('a rule is what its schema says', () => {
  expect(Check(reminderRuleSchema, aRule())).toBe(true)
  expect(Check(reminderRuleSchema, aRule({ leadMinutes: 0 }))).toBe(false)
  expect(Check(reminderRuleSchema, { ...aRule(), window: { from: '24:00', until: '08:00' } })).toBe(false)
})

describe('a lead of whole days is the same time on the wall, a shorter one is real minutes', () => {
  // Each line written by hand: zone, start, lead in minutes, when it is due.
  test.each([
    // Warsaw, 29 March 2026: the night is an hour shorter.
    [WARSAW, '2026-03-29T08:00Z', DAY, '2026-03-28T09:00Z'],
    [WARSAW, '2026-03-29T08:00Z', 12 * 60, '2026-03-28T20:00Z'],
    [WARSAW, '2026-03-30T08:00Z', 2 * DAY, '2026-03-28T09:00Z'],
    // 30 March 02:30: a day before there is no 02:30, so it is due when the clock resumes at 03:00.
    [WARSAW, '2026-03-30T00:30Z', DAY, '2026-03-29T01:00Z'],
    // Warsaw, 25 October 2026: an hour longer; 02:30 comes twice and the first one counts.
    [WARSAW, '2026-10-25T09:00Z', DAY, '2026-10-24T08:00Z'],
    [WARSAW, '2026-10-26T01:30Z', DAY, '2026-10-25T00:30Z'],
    ['Australia/Lord_Howe', '2026-10-03T23:00Z', DAY, '2026-10-02T23:30Z'],
    ['Australia/Lord_Howe', '2026-04-04T23:30Z', DAY, '2026-04-03T23:00Z'],
    ['America/New_York', '2026-03-08T14:00Z', DAY, '2026-03-07T15:00Z'],
    ['America/New_York', '2026-11-01T15:00Z', DAY, '2026-10-31T14:00Z'],
    ['Africa/Cairo', '2026-04-24T07:00Z', DAY, '2026-04-23T08:00Z'],
    ['America/Havana', '2026-11-01T15:00Z', 7 * DAY, '2026-10-25T14:00Z'],
    ['Asia/Kathmandu', '2026-06-10T04:15Z', DAY, '2026-06-09T04:15Z'],
    ['Europe/Warsaw', '2026-10-25T02:00Z', 120, '2026-10-25T00:00Z'],
  ])('%s: a visit at %s with a lead of %i minutes is due at %s', (zone, start, leadMinutes, expected) => {
    expect(new Date(reminderTime(utc(start), { leadMinutes, window: ALWAYS }, zone))).toEqual(new Date(expected))
  })
})

describe('the sending window', () => {
  const window = { from: '09:00', until: '19:00' }
  test.each([
    // 07:00 the day before is too early: at the opening.
    ['2026-06-10T05:00Z', DAY, '2026-06-09T07:00Z'],
    // Two hours before 09:15 is 07:15; the window opens a quarter of an hour before the visit, so the evening before.
    ['2026-06-10T07:15Z', 120, '2026-06-09T16:59Z'],
    // Opening at 09:00 is exactly 30 minutes before: not early enough.
    ['2026-06-10T07:30Z', 120, '2026-06-09T16:59Z'],
    ['2026-06-10T07:31Z', 120, '2026-06-10T07:00Z'],
    // 20:00 the day before is too late: next morning, still before the visit in the evening.
    ['2026-06-10T18:00Z', DAY, '2026-06-10T07:00Z'],
    ['2026-06-10T10:00Z', DAY, '2026-06-09T10:00Z'],
  ])('a visit at %s with a lead of %i minutes is due at %s', (start, leadMinutes, expected) => {
    expect(new Date(reminderTime(utc(start), { leadMinutes, window }, WARSAW))).toEqual(new Date(expected))
  })
})

describe('what is due', () => {
  test('comes earliest first, once for each channel and lead, for active rules of the type', () => {
    const rules = [
      aRule({ leadMinutes: 60 }),
      aRule({ id: testId('ReminderRule', 2) }),
      aRule({ id: testId('ReminderRule', 3) }),
      aRule({ id: testId('ReminderRule', 4), channel: 'email' }),
      aRule({ id: testId('ReminderRule', 5), leadMinutes: 90, isActive: false }),
      aRule({ id: testId('ReminderRule', 6), leadMinutes: 90, typeIds: [testId('AppointmentType', 9)] }),
    ]
    const rows = dueRowsOf(aVisit(), rules, POLICIES, WARSAW, utc('2026-06-01T08:00Z'))
    expect(rows.map(({ ruleId, channel, leadMinutes }) => [ruleId, channel, leadMinutes])).toEqual([
      [testId('ReminderRule', 2), 'sms', DAY],
      [testId('ReminderRule', 4), 'email', DAY],
      [testId('ReminderRule', 1), 'sms', 60],
    ])
  })

  test.each(APPOINTMENT_STATUSES)('of a visit that is %s is something only while it is ahead', (status) => {
    const isAhead = status === 'pending' || status === 'confirmed'
    expect(dueTexts(aVisit({ status }), [aRule()], '2026-06-01T08:00Z')).toHaveLength(isAhead ? 1 : 0)
  })

  test('is nothing any more once the visit has begun', () => {
    expect(dueTexts(aVisit(), [aRule({ leadMinutes: 60 })], '2026-06-10T08:00Z', { catchUpMinutes: 600 })).toEqual([])
  })

  test('is caught up at once after an outage, but not when it is too long ago', () => {
    expect(dueTexts(aVisit(), [aRule()], '2026-06-09T10:00Z')).toEqual(['2026-06-09T10:00'])
    expect(dueTexts(aVisit(), [aRule()], '2026-06-09T10:01Z')).toEqual([])
  })

  test('is caught up when the window opens, unless the visit is too near by then', () => {
    const window = { from: '09:00', until: '19:00' }
    const lateAt = (start: string, leadMinutes: number, now: string) =>
      dueTexts(aVisit({ start: utc(start) }), [aRule({ window, leadMinutes })], now, { catchUpMinutes: 600 })
    expect(lateAt('2026-06-10T16:00Z', DAY, '2026-06-09T18:00Z')).toEqual(['2026-06-10T07:00'])
    expect(lateAt('2026-06-10T07:20Z', 1_000, '2026-06-09T18:00Z')).toEqual([])
  })

  test('of a visit booked late is sent at once or left out, as the rule says about the notice', () => {
    const visit = aVisit({ placedAt: utc('2026-06-09T20:00Z') })
    const at = (minimumNoticeMinutes: number) => dueTexts(visit, [aRule({ minimumNoticeMinutes })], '2026-06-09T20:00Z')
    expect(at(0)).toEqual(['2026-06-09T20:00'])
    expect(at(12 * 60)).toEqual(['2026-06-09T20:00'])
    expect(at(12 * 60 + 1)).toEqual([])
    expect(at(DAY)).toEqual([])
    // Hours later the row was made or left out long ago.
    expect(dueTexts(visit, [aRule()], '2026-06-10T01:00Z')).toEqual([])
  })
})

test('whatever the rule, a reminder lies before its visit and inside the window where the wall allows it', () => {
  const zones = [WARSAW, 'Australia/Lord_Howe', 'America/New_York', 'America/Havana', 'Africa/Cairo', 'Asia/Kathmandu']
  const time = fc.integer({ min: 0, max: 95 }).map((quarter) => timeOfMinute(quarter * 15))
  let moved = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: utc('2026-01-05T00:00Z') / 60_000, max: utc('2026-12-20T00:00Z') / 60_000 }),
      fc.oneof(
        fc.integer({ min: 10, max: 3_000 }),
        fc.integer({ min: 1, max: 30 }).map((days) => days * DAY),
      ),
      time,
      time,
      fc.integer({ min: -5 * DAY, max: 40 * DAY }),
      (zone, startMinute, leadMinutes, from, until, before) => {
        const start = startMinute * MINUTE_MS
        const now = start - minutes(before)
        const rule = aRule({ leadMinutes, window: { from, until } })
        const rows = dueRowsOf(aVisit({ start, placedAt: now - hours(1) }), [rule], POLICIES, zone, now)
        for (const { dueAt } of rows) {
          const wall = toLocal(dueAt, zone)
          const isOpen = from < until ? from <= wall.time && wall.time < until : wall.time >= from || wall.time < until
          expect(isOpen || from === until).toBe(true)
          expect(dueAt).toBeLessThan(start)
          expect(dueAt).toBeGreaterThanOrEqual(now)
          const promised = toLocal(start, zone)
          if (leadMinutes % DAY === 0 && wall.day === addDays(promised.day, -leadMinutes / DAY)) {
            if (wall.time !== promised.time) moved += 1
          }
        }
      },
    ),
    seeded(500),
  )
  expect(moved).toBeGreaterThan(0)
})

test('a row is right only while start, doctor, status and rule still are', () => {
  const visit = aVisit()
  const row = { start: visit.start, doctorId: visit.doctorId }
  expect(isStillRight(row, visit, { isActive: true })).toBe(true)
  expect(isStillRight(row, { ...visit, status: 'pending' }, { isActive: true })).toBe(true)
  expect(isStillRight(row, visit, { isActive: false })).toBe(false)
  expect(isStillRight(row, visit, undefined)).toBe(false)
  expect(isStillRight(row, { ...visit, start: visit.start + minutes(15) }, { isActive: true })).toBe(false)
  expect(isStillRight(row, { ...visit, doctorId: testId('Doctor', 2) }, { isActive: true })).toBe(false)
  expect(isStillRight(row, { ...visit, status: 'cancelled' }, { isActive: true })).toBe(false)
})
