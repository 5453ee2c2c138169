/** Four times to read out: the own doctor's, then somebody else's. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pickProposals } from '#domain/schedule/pick-proposals.ts'

const slot = (doctorId: string, start: number) => ({ doctorId, start, end: start + 1 })
const spoken = (free: ReturnType<typeof slot>[], known: string[], limit = 4) =>
  pickProposals(free, known, limit).map(({ doctorId, start }) => `${doctorId}${start}`)

describe('the times to read out', () => {
  it('are two of the own doctor, then the earliest of each other', () => {
    const free = [slot('b', 1), slot('b', 2), slot('a', 3), slot('c', 4), slot('a', 5), slot('a', 6), slot('d', 7)]
    expect(spoken(free, ['a'])).toEqual(['a3', 'a5', 'b1', 'c4'])
    expect(spoken(free, [])).toEqual(['b1', 'a3', 'c4', 'd7'])
  })

  it('are more of whoever there is, where there are not enough doctors', () => {
    expect(spoken([slot('a', 1), slot('a', 2), slot('a', 3)], ['a'])).toEqual(['a1', 'a2', 'a3'])
    expect(spoken([slot('b', 1), slot('b', 2), slot('a', 3)], ['a'])).toEqual(['a3', 'b1', 'b2'])
  })

  it('are free ones, none twice, as many as there are up to the limit', () => {
    const slots = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(50)), {
      selector: ([doctorId, start]) => `${doctorId}${start}`,
      maxLength: 30,
    })
    fc.assert(
      fc.property(slots, fc.subarray(['a', 'b', 'z']), fc.integer({ min: 1, max: 6 }), (pairs, known, limit) => {
        const free = pairs.map(([doctorId, start]) => slot(doctorId, start)).sort((a, b) => a.start - b.start)
        const picked = pickProposals(free, known, limit)
        expect(new Set(picked).size).toBe(Math.min(limit, free.length))
        expect(picked.every((one) => free.includes(one))).toBe(true)
        const isOwnFirst =
          !free.some(({ doctorId }) => known.includes(doctorId)) || known.includes(picked[0]?.doctorId ?? '')
        expect(isOwnFirst).toBe(true)
      }),
    )
  })
})
