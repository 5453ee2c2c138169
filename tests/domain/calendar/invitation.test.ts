import fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, test } from 'vitest'
import { feedOfVisits } from '#domain/calendar/feed-of-visits.ts'
import { type Invitation, invitationText, withdrawalText } from '#domain/calendar/invitation.ts'
import { anAppointment } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const visit = anAppointment({ reason: 'Cough', note: 'Secret', revision: 4, status: 'confirmed' })
const anInvitation = (part: Partial<Invitation> = {}): Invitation => ({
  visit,
  organizer: { name: 'Riverside Clinic', address: 'desk@clinic.test' },
  attendee: { name: 'Zoë "Z" Łukasz; Jr.', address: 'zoe@clinic.test' },
  summary: 'Dr Kowalska, Riverside Clinic',
  place: '12 Mill Lane',
  now: Date.parse('2026-10-01T08:00Z'),
  ...part,
})

function parsed(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  const events = calendar.getAllSubcomponents('vevent')
  return { method: calendar.getFirstPropertyValue('method'), events, event: new ICAL.Event(events[0]) }
}
const propertyOf = (text: string, name: string) => parsed(text).events[0]?.getFirstPropertyValue(name)

describe('an invitation', () => {
  test('is read by a foreign parser with time, place, parties and the uid that feeds use', () => {
    const text = invitationText(anInvitation())
    const { method, events, event } = parsed(text)
    expect([method, events.length]).toEqual(['REQUEST', 1])
    expect(event.uid).toBe(feedOfVisits([visit], { nameOf: () => '', place: '' })[0]?.uid)
    expect(event.sequence).toBe(4)
    expect(event.startDate.toUnixTime()).toBe(visit.start / 1000)
    expect(event.endDate.toUnixTime()).toBe(visit.end / 1000)
    expect([event.summary, event.location]).toEqual(['Dr Kowalska, Riverside Clinic', '12 Mill Lane'])
    expect(event.organizer).toBe('mailto:desk@clinic.test')
    const [attendee] = event.attendees
    expect(attendee?.getFirstValue()).toBe('mailto:zoe@clinic.test')
    expect(attendee?.getParameter('cn')).toBe("Zoë 'Z' Łukasz; Jr.")
    expect(propertyOf(text, 'status')).toBe('CONFIRMED')
    expect(text).not.toMatch(/Cough|Secret/)
  })

  test('of a visit that nobody has confirmed is tentative', () => {
    const text = invitationText(anInvitation({ visit: { ...visit, status: 'pending' } }))
    expect(propertyOf(text, 'status')).toBe('TENTATIVE')
  })

  test('is withdrawn under the same uid with a higher sequence', () => {
    const cancelled = { ...visit, status: 'cancelled' as const, revision: 5 }
    const text = withdrawalText(anInvitation({ visit: cancelled }))
    const { method, event } = parsed(text)
    expect([method, event.uid, event.sequence]).toEqual(['CANCEL', parsed(invitationText(anInvitation())).event.uid, 5])
    expect(propertyOf(text, 'status')).toBe('CANCELLED')
  })

  test('cannot be broken out of, whatever names and places hold', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.constantFrom('x\r\nEND:VEVENT\r\nBEGIN:VALARM', '";RSVP=TRUE:mailto:eve@evil.test', 'a\u2028b', '^n^^'),
    )
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (name, summary, place, address) => {
        const text = invitationText(anInvitation({ summary, place, attendee: { name, address } }))
        expect(text.match(/^BEGIN:/gm)).toHaveLength(2)
        const { events } = parsed(text.replaceAll(/[^\P{Cs}]/gu, '?'))
        expect(events).toHaveLength(1)
        expect(events[0]?.getAllProperties('attendee')).toHaveLength(1)
        expect(events[0]?.getFirstProperty('attendee')?.getParameter('rsvp')).toBe('FALSE')
      }),
      seeded(),
    )
  })
})
