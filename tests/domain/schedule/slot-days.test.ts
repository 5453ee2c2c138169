import { describe, expect, test } from 'vitest'
import type { SlotAnswer } from '#domain/api/slot-api.ts'
import { halvesOf, slotDays } from '#domain/schedule/slot-days.ts'
import { testId } from '#tests/support/builders.ts'

const slot = (date: string, time: string, doctor = 1): SlotAnswer => {
  const start = Date.parse(`${date}T${time}:00Z`)
  return {
    doctorId: testId('Doctor', doctor),
    start,
    end: start + 900_000,
    date,
    time,
    mode: 'online',
    roomId: null,
    seatsLeft: 1,
  }
}

describe('seven days of free times', () => {
  test('have every day, also those without any, across the end of a month', () => {
    const days = slotDays('2026-11-27', [slot('2026-12-01', '09:00')])
    expect(days.map(({ day, slots }) => [day, slots.length])).toEqual([
      ['2026-11-27', 0],
      ['2026-11-28', 0],
      ['2026-11-29', 0],
      ['2026-11-30', 0],
      ['2026-12-01', 1],
      ['2026-12-02', 0],
      ['2026-12-03', 0],
    ])
  })

  test('show a time once when several doctors are free at it, and keep the first of them', () => {
    const [day] = slotDays('2026-11-27', [slot('2026-11-27', '09:00', 2), slot('2026-11-27', '09:00', 1)])
    expect(day?.slots.map(({ doctorId }) => doctorId)).toEqual([testId('Doctor', 2)])
  })

  test('stand in the order of the day, whatever order they came in', () => {
    const [day] = slotDays('2026-11-27', [slot('2026-11-27', '14:00'), slot('2026-11-27', '08:30')])
    expect(day?.slots.map(({ time }) => time)).toEqual(['08:30', '14:00'])
  })
})

describe('the halves of a day', () => {
  test('part at noon, which is afternoon', () => {
    const halves = halvesOf({ day: '2026-11-27', slots: [slot('2026-11-27', '11:45'), slot('2026-11-27', '12:00')] })
    expect(halves.map(({ half, slots }) => [half, slots[0]?.time])).toEqual([
      ['morning', '11:45'],
      ['afternoon', '12:00'],
    ])
  })

  test('without a time are not there', () => {
    expect(halvesOf({ day: '2026-11-27', slots: [slot('2026-11-27', '15:00')] }).map(({ half }) => half)).toEqual([
      'afternoon',
    ])
  })
})
