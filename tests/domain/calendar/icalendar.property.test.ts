import fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, test } from 'vitest'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { feedOfVisits } from '#domain/calendar/feed-of-visits.ts'
import { type CalendarEvent, icalendarText } from '#domain/calendar/icalendar.ts'
import { HOUR_MS, minutes } from '#domain/time/instant.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const anEvent = (part: Partial<CalendarEvent> = {}): CalendarEvent => ({
  uid: 'one@test',
  sequence: 3,
  start: Date.parse('2026-10-14T08:00Z'),
  end: Date.parse('2026-10-14T08:15Z'),
  summary: 'Appointment',
  location: '',
  status: 'CONFIRMED',
  createdAt: Date.parse('2026-10-01T08:00Z'),
  updatedAt: Date.parse('2026-10-02T08:00Z'),
  ...part,
})

/** What a parser that we did not write makes of a feed. */
function parsed(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  return calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component))
}

describe('a feed', () => {
  test('is read by a foreign parser as it was written, whatever stands in it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(text, text, (summary, location) => {
        const feed = icalendarText({ name: summary, events: [anEvent({ summary, location })] })
        const lines = feed.split('\r\n')
        expect(lines.pop()).toBe('')
        for (const line of lines) {
          expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
          // A line that was torn inside a character would not survive this.
          expect(line.isWellFormed()).toBe(true)
        }
        const [event] = parsed(feed)
        const plain = (value: string) => value.replaceAll(/\r\n?/g, '\n').replaceAll(/(?!\n)\p{Cc}/gu, ' ')
        expect(event?.summary).toBe(plain(summary))
        expect(event?.location ?? '').toBe(plain(location))
      }),
      seeded(),
    )
  })

  test('cannot be broken out of by a text', () => {
    const summary = 'x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nATTACH:http://evil.test'
    const feed = icalendarText({ name: summary, events: [anEvent({ summary })] })
    expect(feed.match(/^BEGIN:/gm)).toHaveLength(2)
    expect(parsed(feed)).toHaveLength(1)
  })

  test.each(['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2027-03-28T00:59Z', '2027-03-28T01:00Z', '2026-12-31T23:30Z'])(
    'keeps the instant %s of a switch day',
    (start) => {
      const at = Date.parse(start)
      const [event] = parsed(icalendarText({ name: 'x', events: [anEvent({ start: at, end: at + HOUR_MS })] }))
      expect(event?.startDate.toUnixTime()).toBe(at / 1000)
      expect(event?.endDate.toUnixTime()).toBe((at + HOUR_MS) / 1000)
    },
  )
})

describe('visits in a feed', () => {
  const words = { nameOf: () => '', place: 'Clinic' }

  test('keep their uid, count up with their revision, and stay when they are cancelled', () => {
    const visit = anAppointment({ reason: 'Cough', note: 'Secret', revision: 4 })
    const [before] = feedOfVisits([visit], words)
    const [after] = feedOfVisits(
      [{ ...visit, start: visit.start + minutes(30), status: 'cancelled', revision: 5 }],
      words,
    )
    expect(after?.uid).toBe(before?.uid)
    expect([before?.sequence, after?.sequence]).toEqual([4, 5])
    expect([before?.status, after?.status]).toEqual(['CONFIRMED', 'CANCELLED'])
    expect(JSON.stringify([before, after])).not.toMatch(/Cough|Secret|Pat/)
  })

  test.each(APPOINTMENT_STATUSES)('with the status %s appear as one of iCalendar’s, or hold no time', (status) => {
    const events = feedOfVisits([anAppointment({ id: testId('Appointment', 2), status })], words)
    expect(events.length).toBe(status === 'unplaced' ? 0 : 1)
  })
})
