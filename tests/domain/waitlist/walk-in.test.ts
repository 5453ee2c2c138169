// Who came without a booking, and whom a freed time serves.
import { describe, expect, it } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { fitsOf, freedBy } from '#domain/waitlist/freed-time.ts'
import { cameAt, isWalkIn, walkInTimes } from '#domain/waitlist/walk-in.ts'
import {
  aDoctor,
  anAppointment,
  anAppointmentType,
  aWaitlistEntry,
  NINE_O_CLOCK,
  TEST_ZONE,
  testId,
} from '#tests/support/builders.ts'

const DAY_MS = minutes(24 * 60)

describe('somebody without a booking', () => {
  it('is an entry for today from the minute on in which they came, at every minute of two days with a clock change', () => {
    for (const start of [NINE_O_CLOCK, Date.parse('2026-10-24T23:00:00Z'), Date.parse('2026-03-28T23:00:00Z')]) {
      for (let now = start; now < start + DAY_MS; now += minutes(7)) {
        const entry = aWaitlistEntry({ ...walkInTimes(now, TEST_ZONE), createdAt: now })
        expect(isWalkIn(entry, TEST_ZONE)).toBe(true)
        // In the hour that the clock shows twice the first one is meant.
        const waited = now - (cameAt(entry, TEST_ZONE) ?? 0)
        expect(
          [0, 60].flatMap((early) => [waited - minutes(early)]).some((rest) => 0 <= rest && rest < minutes(1)),
        ).toBe(true)
      }
    }
  })

  it('stays one when the server hears of it later', () => {
    const entry = aWaitlistEntry({ ...walkInTimes(NINE_O_CLOCK, TEST_ZONE), createdAt: NINE_O_CLOCK + minutes(90) })
    expect(isWalkIn(entry, TEST_ZONE)).toBe(true)
  })

  it('is nobody who asks for another day, for later today, or for any time of a day', () => {
    const today = walkInTimes(NINE_O_CLOCK, TEST_ZONE)
    const createdAt = NINE_O_CLOCK
    expect(isWalkIn(aWaitlistEntry({ createdAt }), TEST_ZONE)).toBe(false)
    expect(isWalkIn(aWaitlistEntry({ ...today, createdAt, untilDay: null }), TEST_ZONE)).toBe(false)
    expect(isWalkIn(aWaitlistEntry({ ...today, createdAt, fromTime: '23:00' }), TEST_ZONE)).toBe(false)
    expect(isWalkIn(aWaitlistEntry({ ...today, createdAt, fromTime: null }), TEST_ZONE)).toBe(false)
    expect(isWalkIn(aWaitlistEntry({ ...today, createdAt, kind: 'recall' }), TEST_ZONE)).toBe(false)
  })
})

describe('a time becomes free', () => {
  const visit = anAppointment({ status: 'confirmed' })
  const stretch = { doctorId: visit.doctorId, start: visit.start, end: visit.end }

  it('when its visit is called off, missed or moved away, and not when it goes on', () => {
    expect(freedBy(visit, { ...visit, status: 'cancelled' })).toEqual(stretch)
    expect(freedBy(visit, { ...visit, status: 'noshow' })).toEqual(stretch)
    expect(freedBy(visit, { ...visit, start: visit.start + minutes(30) })).toEqual(stretch)
    expect(freedBy(visit, { ...visit, doctorId: testId('Doctor', 7) })).toEqual(stretch)
    expect(freedBy(visit, { ...visit, status: 'arrived' })).toBeNull()
    expect(freedBy({ ...visit, status: 'cancelled' }, visit)).toBeNull()
  })

  it('for whom it is long enough, by the length of their own visit', () => {
    const [short, long] = [anAppointmentType({ durationMinutes: 15 }), anAppointmentType({ durationMinutes: 60 })]
    const entry = aWaitlistEntry({ fromDay: '2026-01-01' })
    const around = (type: typeof short) => ({ doctor: aDoctor(), typeOf: () => type, zone: TEST_ZONE })
    expect(fitsOf([entry], { ...stretch, end: stretch.start + minutes(15) }, around(short))).toEqual([entry])
    expect(fitsOf([entry], { ...stretch, end: stretch.start + minutes(15) }, around(long))).toEqual([])
    const elsewhere = anAppointmentType({ doctorIds: [testId('Doctor', 7)] })
    expect(fitsOf([entry], stretch, around(elsewhere))).toEqual([])
  })
})
