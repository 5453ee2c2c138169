import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Audience, clinicAudience, doctorAudience, userAudience } from '#domain/access/audiences.ts'
import { COLLECTION_NAMES } from '#domain/sync/collections.ts'
import { stubOf } from '#domain/sync/stub.ts'
import {
  DATED_COLLECTIONS,
  dayOfDocument,
  followClock,
  isReplicated,
  isSettled,
  settledAt,
  unsettledAt,
  unsettledDays,
  type WindowState,
} from '#domain/sync/window.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { anAppointment, aSchedule, testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const TODAY = '2026-10-14'
const CLINIC: Audience = clinicAudience(testId('Clinic'))
const DOCTOR: Audience = doctorAudience(testId('Doctor'))
const USER: Audience = userAudience(testId('User'))

/** The distance of two days counted one by one: no arithmetic of the code under test. */
function distance(from: LocalDay, to: LocalDay): number {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86_400_000)
}

const dayNear = (reach: number) => fc.integer({ min: -reach, max: reach }).map((count) => addDays(TODAY, count))
const audience = fc.constantFrom(CLINIC, DOCTOR, USER)

const isIn = (day: LocalDay, state: WindowState): boolean =>
  unsettledDays(state).some(({ from, until }) => day >= from && day < until)

describe('the replicated window', () => {
  it('holds 30 days back and 180 days ahead, today and both ends included; a person’s own past has no end', () => {
    fc.assert(
      fc.property(audience, dayNear(400), dayNear(400), (who, day, today) => {
        const days = distance(today, day)
        expect(isReplicated(who, day, today)).toBe(days <= 180 && (who === USER || days >= -30))
      }),
      seeded(2_000),
    )
  })

  it('knows the edges by name', () => {
    const held = (who: Audience, count: number) => isReplicated(who, addDays(TODAY, count), TODAY)
    expect([-31, -30, 0, 180, 181].map((count) => held(CLINIC, count))).toEqual([false, true, true, true, false])
    expect([-31, -30, 0, 180, 181].map((count) => held(DOCTOR, count))).toEqual([false, true, true, true, false])
    expect([-9_000, -31, 180, 181].map((count) => held(USER, count))).toEqual([true, true, true, false])
  })

  it('asks dated collections for their day, and no other', () => {
    expect(dayOfDocument('appointments', anAppointment())).toBe('2026-10-14')
    expect(dayOfDocument('schedules', aSchedule({ date: '2027-01-31' }))).toBe('2027-01-31')
    for (const name of COLLECTION_NAMES.filter((one) => !(DATED_COLLECTIONS as readonly string[]).includes(one))) {
      expect(dayOfDocument(name, stubOf(name, testId('Schedule')))).toBeNull()
    }
  })

  it('follows the clock forward at once, backward only by more than a day', () => {
    const dayAfter = (count: number) => followClock(settledAt(TODAY), addDays(TODAY, count)).day
    expect([1, 2, 400].map(dayAfter)).toEqual([1, 2, 400].map((count) => addDays(TODAY, count)))
    expect([0, -1].map(dayAfter)).toEqual([TODAY, TODAY])
    expect([-2, -400].map(dayAfter)).toEqual([-2, -400].map((count) => addDays(TODAY, count)))
  })

  it('whatever the clock did since all was settled, each row that may be wrong is among the days to look at', () => {
    const history = fc.array(dayNear(500), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(history, audience, dayNear(800), (clock, who, day) => {
        let state = settledAt(TODAY)
        const stood = [state.day]
        for (const at of clock) {
          state = followClock(state, at)
          stood.push(state.day)
        }
        // A row was last written while the window stood on one of these days.
        const differs = stood.some((then) => isReplicated(who, day, then) !== isReplicated(who, day, state.day))
        if (differs) expect(isIn(day, state)).toBe(true)
      }),
      seeded(2_000),
    )
  })

  it('one night makes two days to look at: the one that left and the one that entered', () => {
    const state = followClock(settledAt('2026-10-13'), TODAY)
    expect(isSettled(state)).toBe(false)
    expect(unsettledDays(state)).toEqual([
      { from: '2026-09-13', until: '2026-09-14' },
      { from: '2027-04-12', until: '2027-04-13' },
    ])
    expect(unsettledDays(settledAt(TODAY))).toEqual([])
  })

  it('a clinic that knew no window has every day to look at', () => {
    for (const day of ['0500-01-01', '1999-12-31', TODAY, '9000-01-01']) {
      expect(isReplicated(CLINIC, day, TODAY) || isIn(day, unsettledAt(TODAY))).toBe(true)
    }
  })
})
