import { describe, expect, test } from 'vitest'
import { type FreedTime, fitsEntry, rankedFits } from '#domain/waitlist/fit.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { aWaitlistEntry, testId } from '#tests/support/builders.ts'
import { testRandom } from '#tests/support/seeded.ts'

const entry = (part: Partial<WaitlistEntry> = {}): WaitlistEntry =>
  aWaitlistEntry({ fromDay: '2026-10-01', typeId: testId('AppointmentType', 1), ...part })

/** A Wednesday morning. */
const time: FreedTime = {
  doctorId: testId('Doctor', 1),
  specialization: 'Cardiology',
  typeId: testId('AppointmentType', 1),
  day: '2026-10-14',
  startTime: '09:00',
  endTime: '09:15',
}

describe('whom a freed time fits', () => {
  test.each([
    ['a wish for nothing in particular', {}, true],
    ['another type', { typeId: testId('AppointmentType', 2) }, false],
    ['this doctor', { doctorIds: [testId('Doctor', 1)] }, true],
    ['only another doctor', { doctorIds: [testId('Doctor', 2)] }, false],
    ['another specialization', { specialization: 'Dermatology' }, false],
    ['Wednesdays', { weekdays: [3] }, true],
    ['Thursdays', { weekdays: [4] }, false],
    ['from nine on', { fromTime: '09:00' }, true],
    ['after nine', { fromTime: '09:01' }, false],
    ['until the very end of the visit', { untilTime: '09:15' }, true],
    ['until a minute before its end', { untilTime: '09:14' }, false],
    ['the first day', { fromDay: '2026-10-14' }, true],
    ['the last day', { untilDay: '2026-10-14' }, true],
    ['the day after', { fromDay: '2026-10-15' }, false],
    ['until the day before', { untilDay: '2026-10-13' }, false],
    ['somebody who was offered a time already', { status: 'offered' }, false],
  ] as const)('%s', (_, part, fits) => {
    expect(fitsEntry(entry(part as Partial<WaitlistEntry>), time)).toBe(fits)
  })

  test('a visit past midnight ends after every part of that day', () => {
    const late = { ...time, startTime: '23:50', endTime: '24:05' }
    expect(fitsEntry(entry({ untilTime: '23:59' }), late)).toBe(false)
    expect(fitsEntry(entry(), late)).toBe(true)
  })

  test('the narrower wish is asked first, then who has waited longer, in whatever order they come', () => {
    const random = testRandom()
    const narrow = entry({ id: testId('WaitlistEntry', 2), weekdays: [3], createdAt: 9 })
    const old = entry({ id: testId('WaitlistEntry', 3), createdAt: 1 })
    const young = entry({ id: testId('WaitlistEntry', 4), createdAt: 2 })
    for (let round = 0; round < 20; round += 1) {
      expect(rankedFits(random.shuffled([narrow, old, young]), time)).toEqual([narrow, old, young])
    }
  })
})
