// A day in two numbers.
import { describe, expect, it } from 'vitest'
import { dayCounts } from '#domain/schedule/day-counts.ts'
import { minutes } from '#domain/time/instant.ts'

const stretch = (from: number, until: number) => ({ start: minutes(from), end: minutes(until) })

describe('the counts of a day', () => {
  it('are every visit, and the quarters of an hour between them', () => {
    const visits = [stretch(60, 75), stretch(80, 100)]
    expect(dayCounts([stretch(60, 120)], visits, 0)).toEqual({ booked: 2, isOpen: true, freeQuarters: 1 })
  })

  it('count overlapping hours and visits once', () => {
    const hours = [stretch(0, 60), stretch(30, 60)]
    expect(dayCounts(hours, [stretch(0, 15), stretch(0, 15)], 0)).toEqual({ booked: 2, isOpen: true, freeQuarters: 3 })
  })

  it('call nothing free that has passed', () => {
    expect(dayCounts([stretch(0, 60)], [], minutes(40)).freeQuarters).toBe(1)
    expect(dayCounts([stretch(0, 60)], [], minutes(90)).freeQuarters).toBe(0)
  })

  it('know a day without hours', () =>
    expect(dayCounts([], [], 0)).toEqual({ booked: 0, isOpen: false, freeQuarters: 0 }))
})
