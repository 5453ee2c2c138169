import { describe, expect, it } from 'vitest'
import { countNoShows, visitToRepeat } from '#domain/appointment/patient-history.ts'
import { anAppointment } from '#tests/support/builders.ts'

const NOW = 1_000_000
const at = (start: number, part: Parameters<typeof anAppointment>[0]) =>
  anAppointment({ start, end: start + 1, ...part })

describe('the visit to repeat', () => {
  it('is the latest that took place', () => {
    const visits = [
      at(NOW - 9, { status: 'fulfilled' }),
      at(NOW - 3, { status: 'arrived' }),
      at(NOW + 3, { status: 'confirmed' }),
    ]
    expect(visitToRepeat(visits, NOW)?.start).toBe(NOW - 3)
  })

  it('is the next that is booked, where there was none', () => {
    const visits = [at(NOW + 9, { status: 'pending' }), at(NOW + 3, { status: 'confirmed' })]
    expect(visitToRepeat(visits, NOW)?.start).toBe(NOW + 3)
  })

  it('is none that was called off or missed', () => {
    const visits = [at(NOW - 9, { status: 'cancelled' }), at(NOW - 3, { status: 'noshow' })]
    expect(visitToRepeat(visits, NOW)).toBeUndefined()
    expect(countNoShows(visits)).toBe(1)
  })
})
