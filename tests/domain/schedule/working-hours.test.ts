import { describe, expect, test } from 'vitest'
import {
  type DatedRange,
  strandedBetween,
  strandedBy,
  type WeeklyRange,
  workingHours,
  workingHoursBetween,
} from '#domain/schedule/working-hours.ts'

const weekly = (part: Partial<WeeklyRange>): WeeklyRange => ({
  zone: 'Europe/London',
  weekday: 1,
  startTime: '09:00',
  endTime: '12:00',
  validFrom: '2020-01-01',
  validUntil: null,
  weeks: 'every',
  ...part,
})
const dated = (part: Partial<DatedRange>): DatedRange => ({
  zone: 'Europe/London',
  date: '2026-06-01',
  startTime: '00:00',
  endTime: '00:00',
  isAvailable: false,
  ...part,
})
const at = (text: string): number => Date.parse(text)
const shown = (list: readonly { start: number; end: number }[]): string[] =>
  list.map(
    ({ start, end }) => `${new Date(start).toISOString().slice(0, 16)}/${new Date(end).toISOString().slice(0, 16)}`,
  )

// 1 June 2026 is a Monday of ISO week 23; London is an hour ahead of UTC.
describe('weekly templates', () => {
  test('several ranges a day stay apart, touching ones merge', () => {
    const templates = [
      weekly({ startTime: '13:00', endTime: '15:00' }),
      weekly({}),
      weekly({ startTime: '15:00', endTime: '17:00' }),
    ]
    expect(shown(workingHours({ day: '2026-06-01', templates, schedules: [] }))).toEqual([
      '2026-06-01T08:00/2026-06-01T11:00',
      '2026-06-01T12:00/2026-06-01T16:00',
    ])
    expect(workingHours({ day: '2026-06-02', templates, schedules: [] })).toEqual([])
  })

  test('both dates of validity are included', () => {
    const templates = [weekly({ validFrom: '2026-06-01', validUntil: '2026-06-08' })]
    const hasHours = (day: string): boolean => workingHours({ day, templates, schedules: [] }).length > 0
    expect(['2026-05-25', '2026-06-01', '2026-06-08', '2026-06-15'].map(hasHours)).toEqual([false, true, true, false])
  })

  test('odd and even weeks alternate by ISO week', () => {
    const hasHours = (day: string, weeks: WeeklyRange['weeks']): boolean =>
      workingHours({ day, templates: [weekly({ weeks })], schedules: [] }).length > 0
    expect([hasHours('2026-06-01', 'odd'), hasHours('2026-06-01', 'even')]).toEqual([true, false])
    expect([hasHours('2026-06-08', 'odd'), hasHours('2026-06-08', 'even')]).toEqual([false, true])
  })

  test('a night shift ends on the next day and belongs to the day it starts on', () => {
    const templates = [weekly({ startTime: '22:00', endTime: '06:00' })]
    expect(shown(workingHours({ day: '2026-06-01', templates, schedules: [] }))).toEqual([
      '2026-06-01T21:00/2026-06-02T05:00',
    ])
    expect(workingHours({ day: '2026-06-02', templates, schedules: [] })).toEqual([])
  })

  test('shifts on consecutive days that meet at midnight are one stretch', () => {
    const templates = [
      weekly({ startTime: '18:00', endTime: '00:00' }),
      weekly({ weekday: 2, startTime: '00:00', endTime: '06:00' }),
    ]
    const hours = workingHoursBetween({ from: '2026-06-01', until: '2026-06-02', templates, schedules: [] })
    expect(shown(hours)).toEqual(['2026-06-01T17:00/2026-06-02T05:00'])
  })
})

describe('dated exceptions', () => {
  test('leave removes, extra hours add, and leave wins', () => {
    const schedules = [
      dated({ startTime: '10:00', endTime: '11:00' }),
      dated({ startTime: '10:30', endTime: '14:00', isAvailable: true }),
    ]
    expect(shown(workingHours({ day: '2026-06-01', templates: [weekly({})], schedules }))).toEqual([
      '2026-06-01T08:00/2026-06-01T09:00',
      '2026-06-01T10:00/2026-06-01T13:00',
    ])
  })

  test('00:00 to 00:00 closes the whole day, and no other', () => {
    const templates = [weekly({}), weekly({ weekday: 2 })]
    expect(workingHours({ day: '2026-06-01', templates, schedules: [dated({})] })).toEqual([])
    expect(workingHours({ day: '2026-06-02', templates, schedules: [dated({})] })).toHaveLength(1)
  })

  test('leave on the next day cuts the end of a night shift, and leave of the night before its start', () => {
    const night = [weekly({ startTime: '22:00', endTime: '06:00' })]
    const nextDay = [dated({ date: '2026-06-02' })]
    expect(shown(workingHours({ day: '2026-06-01', templates: night, schedules: nextDay }))).toEqual([
      '2026-06-01T21:00/2026-06-01T23:00',
    ])
    const early = [weekly({ startTime: '04:00', endTime: '08:00' })]
    const nightBefore = [dated({ date: '2026-05-31', startTime: '22:00', endTime: '06:00' })]
    expect(shown(workingHours({ day: '2026-06-01', templates: early, schedules: nightBefore }))).toEqual([
      '2026-06-01T05:00/2026-06-01T07:00',
    ])
  })

  test('booked visits under a new leave are listed, not lost', () => {
    const visits = [
      { start: at('2026-06-01T08:00Z'), end: at('2026-06-01T08:30Z') },
      { start: at('2026-06-01T08:30Z'), end: at('2026-06-01T09:00Z') },
    ]
    expect(strandedBy(dated({ startTime: '09:30', endTime: '12:00' }), visits)).toEqual([visits[1]])
    expect(strandedBy(dated({ isAvailable: true }), visits)).toEqual([])
  })

  test('a change of hours strands what lay inside them and no longer does, and nothing that lay outside before', () => {
    const visit = (from: string, until: string) => ({
      start: at(`2026-06-01T${from}Z`),
      end: at(`2026-06-01T${until}Z`),
    })
    const [inside, cut, outside] = [visit('08:00', '08:30'), visit('08:45', '09:15'), visit('12:00', '12:30')]
    const hours = (end: string) =>
      workingHours({ day: '2026-06-01', templates: [weekly({ endTime: end })], schedules: [] })
    const visits = [inside, cut, outside]
    expect(strandedBetween(visits, { before: hours('12:00'), now: hours('10:00') })).toEqual([cut])
    expect(strandedBetween(visits, { before: hours('12:00'), now: [] })).toEqual([inside, cut])
    expect(strandedBetween(visits, { before: hours('10:00'), now: hours('12:00') })).toEqual([])
  })
})

describe('switch days', () => {
  const sunday = (startTime: string, endTime: string): WeeklyRange[] => [weekly({ weekday: 7, startTime, endTime })]
  const on = (day: string, startTime: string, endTime: string): string[] =>
    shown(workingHours({ day, templates: sunday(startTime, endTime), schedules: [] }))

  test('a range that starts in the skipped hour of 29 March 2026 starts when the clock resumes', () => {
    expect(on('2026-03-29', '01:30', '04:00')).toEqual(['2026-03-29T01:00/2026-03-29T03:00'])
  })

  test('a range that ends in the skipped hour ends before the gap, and one inside it is empty', () => {
    expect(on('2026-03-29', '00:00', '01:30')).toEqual(['2026-03-29T00:00/2026-03-29T01:00'])
    expect(on('2026-03-29', '01:10', '01:50')).toEqual([])
  })

  test('the repeated hour of 25 October 2026 is worked from its first to its last minute', () => {
    expect(on('2026-10-25', '01:00', '02:00')).toEqual(['2026-10-25T00:00/2026-10-25T02:00'])
    expect(on('2026-10-25', '01:30', '01:45')).toEqual(['2026-10-25T00:30/2026-10-25T01:45'])
  })

  test('a range until the repeated hour ends when the clock shows its beginning first', () => {
    expect(on('2026-10-25', '00:00', '01:00')).toEqual(['2026-10-24T23:00/2026-10-25T00:00'])
    expect(on('2026-10-25', '00:00', '01:01')).toEqual(['2026-10-24T23:00/2026-10-25T01:01'])
  })

  test('leave in a zone far away reaches hours whose date lies two days apart', () => {
    // 18 February 03:00 on Lord Howe Island is the afternoon of the 17th in São Paulo.
    const schedules = [
      dated({ zone: 'Australia/Lord_Howe', date: '2018-02-18', startTime: '03:00', isAvailable: true }),
      dated({ zone: 'America/Sao_Paulo', date: '2018-02-16', startTime: '23:30', endTime: '22:00' }),
    ]
    expect(shown(workingHours({ day: '2018-02-18', templates: [], schedules }))).toEqual([
      '2018-02-18T00:00/2018-02-18T13:00',
    ])
  })

  test('a night shift over a switch is an hour shorter or longer', () => {
    const hoursOf = (day: string): number => {
      const [shift] = workingHours({
        day,

        templates: [weekly({ weekday: 6, startTime: '22:00', endTime: '06:00' })],
        schedules: [],
      })
      return shift ? (shift.end - shift.start) / 3_600_000 : 0
    }
    expect([hoursOf('2026-03-28'), hoursOf('2026-06-06'), hoursOf('2026-10-24')]).toEqual([7, 8, 9])
  })
})
