import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fits, type Occupant, peakDuring, sessionOf } from '#domain/appointment/occupancy.ts'
import { testId } from '#tests/support/builders.ts'
import { seeded } from '#tests/support/seeded.ts'

const occupant: fc.Arbitrary<Occupant> = fc
  .record({ start: fc.nat(20), length: fc.integer({ min: 1, max: 8 }), session: fc.constantFrom('a', 'b', 'c', 'd') })
  .map(({ start, length, session }) => ({ start, end: start + length, session }))

/** Looks at every minute of the stretch. */
const peakByCounting = (occupants: readonly Occupant[], { start, end }: Occupant): number =>
  Math.max(
    ...Array.from({ length: end - start }, (_, index) => start + index).map(
      (minute) =>
        new Set(occupants.filter((one) => one.start <= minute && minute < one.end).map((o) => o.session)).size,
    ),
  )

describe('how many sessions are somewhere at once', () => {
  it('is what counting every minute finds', () => {
    fc.assert(
      fc.property(fc.array(occupant, { maxLength: 8 }), occupant, (occupants, wanted) => {
        expect(peakDuring(occupants, wanted)).toBe(peakByCounting(occupants, wanted))
      }),
      seeded(),
    )
  })

  it('never passes the capacity when only what fits is let in', () => {
    fc.assert(
      fc.property(fc.array(occupant, { maxLength: 20 }), fc.integer({ min: 1, max: 3 }), (asking, capacity) => {
        const inside: Occupant[] = []
        for (const wanted of asking) if (fits(inside, wanted, capacity)) inside.push(wanted)
        for (const one of inside) expect(peakByCounting(inside, one)).toBeLessThanOrEqual(capacity)
      }),
      seeded(),
    )
  })

  it('does not grow with one more of a session that is there', () => {
    const [there, next] = [
      { start: 0, end: 10, session: 'group' },
      { start: 10, end: 20, session: 'next' },
    ]
    expect(fits([there], there, 1)).toBe(true)
    expect(fits([there], { ...there, session: 'other' }, 1)).toBe(false)
    expect(fits([there], next, 1)).toBe(true)
  })
})

it('visits of a group type share a session when doctor, type, times and room are the same; others never do', () => {
  const visit = {
    id: 'one',
    doctorId: testId('Doctor'),
    typeId: testId('AppointmentType'),
    roomId: testId('Room'),
    start: 0,
    end: 10,
  }
  expect(sessionOf({ ...visit, id: 'two' }, 8)).toBe(sessionOf(visit, 8))
  expect(sessionOf({ ...visit, id: 'two' }, 1)).not.toBe(sessionOf(visit, 1))
  for (const other of [{ end: 11 }, { roomId: null }, { doctorId: testId('Doctor', 2) }]) {
    expect(sessionOf({ ...visit, ...other }, 8)).not.toBe(sessionOf(visit, 8))
  }
})
