import { expect, it } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { digestOf, isOutage } from '#renderer/clinic/reconnect-digest.ts'
import { anAppointment } from '#tests/support/builders.ts'
import { fakeId } from './harness/fake-day.ts'

const visit = (number: number, part: Parameters<typeof anAppointment>[0] = {}) =>
  anAppointment({ id: fakeId<'Appointment'>(2, number), status: 'confirmed', ...part })

it('what others did in an outage is counted, and what was done here is not', () => {
  const before = [visit(1), visit(2), visit(3), visit(4, { status: 'cancelled' }), visit(5)]
  const { start } = visit(1)
  const after = [
    visit(1, { start: start + minutes(15) }),
    visit(2, { status: 'cancelled' }),
    visit(3, { status: 'arrived' }),
    visit(4),
    visit(5, { start: start + minutes(30) }),
    visit(6),
    visit(7),
  ]
  const own = new Set<string>([visit(5).id, visit(7).id])
  expect(digestOf(before, after, own)).toEqual({ booked: 2, moved: 1, calledOff: 1 })
  expect(digestOf(after, after, own)).toEqual({ booked: 0, moved: 0, calledOff: 0 })
})

it('a loss of the line of less than a minute is no outage', () => {
  expect(isOutage(0, minutes(1) - 1)).toBe(false)
  expect(isOutage(0, minutes(1))).toBe(true)
})
