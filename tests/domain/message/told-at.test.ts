// When a desk is told that the patient will be told.
import { describe, expect, it } from 'vitest'
import { toldAt, type VisitNews } from '#domain/message/told-at.ts'
import { minutes } from '#domain/time/instant.ts'
import { anAppointment, aPatient } from '#tests/support/builders.ts'

const visit = anAppointment()
const NOW = visit.start - minutes(60)
const patient = { ...aPatient(), email: 'ada@demo.test', phone: '', userId: null }
const NEWS: readonly VisitNews[] = ['booked', 'confirmed', 'moved', 'cancelled']

describe('the message about a change at the desk', () => {
  it.each(NEWS)('waits out the undo window: %s', (news) => {
    expect(toldAt(news, visit, patient, NOW)).toBe(NOW + minutes(3))
  })

  it('is not announced for a visit that has begun', () => {
    expect(toldAt('cancelled', visit, patient, visit.start)).toBeNull()
  })

  it('is not announced to whoever stands at the desk, unless the visit moves later', () => {
    const walkIn = { ...visit, origin: 'walk-in' as const }
    expect(toldAt('booked', walkIn, patient, NOW)).toBeNull()
    expect(toldAt('moved', walkIn, patient, NOW)).not.toBeNull()
  })

  it('needs a way to the patient: a phone is told of a move, not of a booking', () => {
    const byPhone = { ...patient, email: '', phone: '0151 496 0000' }
    expect(toldAt('moved', visit, byPhone, NOW)).not.toBeNull()
    expect(toldAt('booked', visit, byPhone, NOW)).toBeNull()
    expect(toldAt('moved', visit, { ...byPhone, phone: '' }, NOW)).toBeNull()
  })
})
