import { describe, expect, it } from 'vitest'
import { behindByRecord, concernedBy, DELAY, raisedDelay, stillToTell } from '#domain/schedule/doctor-delay.ts'
import { minutes } from '#domain/time/instant.ts'
import { anAppointment, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'

const aVisit = (number: number, delay: number, part: Parameters<typeof anAppointment>[0] = {}) =>
  anAppointment({
    id: testId('Appointment', number),
    start: NINE_O_CLOCK + minutes(delay),
    end: NINE_O_CLOCK + minutes(delay + 15),
    status: 'confirmed',
    ...part,
  })
const idsOf = (visits: readonly { readonly id: string }[]) => visits.map(({ id }) => id)

describe('a doctor who runs late', () => {
  it('is later by ten minutes with each word, and by four hours at the most', () => {
    expect(raisedDelay(0)).toBe(10)
    expect(raisedDelay(25)).toBe(35)
    expect(raisedDelay(DELAY.most - 5)).toBe(DELAY.most)
    expect(raisedDelay(DELAY.most)).toBe(DELAY.most)
  })

  it('concerns whoever is expected and has not begun, and nobody who is there, gone or called off', () => {
    const visits = [
      aVisit(1, -15),
      aVisit(2, 0),
      aVisit(3, 15),
      aVisit(4, 30, { status: 'pending' }),
      aVisit(5, 45, { status: 'arrived', arrivedAt: NINE_O_CLOCK }),
      aVisit(6, 60, { status: 'cancelled' }),
      aVisit(7, 75, { status: 'unplaced' }),
    ]
    expect(idsOf(concernedBy(visits, NINE_O_CLOCK))).toEqual([testId('Appointment', 3), testId('Appointment', 4)])
  })

  it('leaves to be told whoever has not been told that figure', () => {
    const visits = [aVisit(1, 15), aVisit(2, 30)]
    const told = new Set<string>([testId('Appointment', 1)])
    expect(idsOf(stillToTell(visits, told, NINE_O_CLOCK))).toEqual([testId('Appointment', 2)])
    expect(stillToTell(visits, told, NINE_O_CLOCK + minutes(30))).toEqual([])
  })

  it('is behind by record from ten minutes on, in steps of five', () => {
    const inRoom = aVisit(1, -30, { status: 'arrived', startedAt: NINE_O_CLOCK - minutes(2) })
    const behindBefore = (next: number) => behindByRecord([inRoom, aVisit(2, next)], NINE_O_CLOCK)
    expect([behindBefore(8), behindBefore(3), behindBefore(0)]).toEqual([0, 10, 15])
  })
})
