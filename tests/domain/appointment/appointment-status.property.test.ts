import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PERMISSIONS } from '#domain/access/permissions.ts'
import {
  APPOINTMENT_STATUSES,
  findStep,
  holdsTime,
  laterStatus,
  stepsBetween,
  TRANSITIONS,
} from '#domain/appointment/appointment-status.ts'
import { seeded } from '#tests/support/seeded.ts'

const status = fc.constantFrom(...APPOINTMENT_STATUSES)
const evidence = fc.record({ arrivedAt: fc.option(fc.nat(), { nil: null }) })

describe('the transition table', () => {
  it('has a row for every status, leads nowhere else, and names permissions that exist', () => {
    expect(Object.keys(TRANSITIONS).sort()).toEqual([...APPOINTMENT_STATUSES].sort())
    for (const row of Object.values(TRANSITIONS)) {
      for (const [to, step] of Object.entries(row)) {
        expect(APPOINTMENT_STATUSES).toContain(to)
        expect(PERMISSIONS).toContain(step.permission)
      }
    }
  })

  it('leads nowhere into `unplaced`: only the server takes a time away', () => {
    expect(APPOINTMENT_STATUSES.filter((from) => findStep(from, 'unplaced'))).toEqual([])
  })

  it('takes back only what some step has done', () => {
    for (const from of APPOINTMENT_STATUSES) {
      const undone = APPOINTMENT_STATUSES.filter((to) => findStep(from, to)?.isUndo)
      for (const to of undone) expect({ from, to, step: findStep(to, from) }).toMatchObject({ step: expect.anything() })
    }
  })

  it('reaches `fulfilled` only through an arrival', () => {
    expect(APPOINTMENT_STATUSES.filter((from) => findStep(from, 'fulfilled'))).toEqual(['arrived'])
  })
})

describe('the steps between two statuses', () => {
  it('are a chain of the table’s own steps from one to the other', () => {
    fc.assert(
      fc.property(status, status, evidence, (from, to, proof) => {
        const steps = stepsBetween(from, to, proof)
        if (from === to) expect(steps).toEqual([])
        else if (findStep(from, to)) expect(steps).toEqual([findStep(from, to)])
        else if (steps) {
          expect([to, proof.arrivedAt]).toEqual(['fulfilled', expect.any(Number)])
          expect(steps).toEqual([findStep(from, 'arrived'), findStep('arrived', 'fulfilled')])
        }
      }),
      seeded(),
    )
  })

  it('are unknown for a visit that was finished without an arrival', () => {
    expect(stepsBetween('confirmed', 'fulfilled', { arrivedAt: null })).toBeUndefined()
    expect(stepsBetween('confirmed', 'fulfilled', { arrivedAt: 1 })).toHaveLength(2)
  })
})

describe('where two desks disagree', () => {
  it('the same status wins whoever is asked first, one of the two, and a third changes nothing about the order', () => {
    fc.assert(
      fc.property(status, status, status, (a, b, c) => {
        expect(laterStatus(a, b)).toBe(laterStatus(b, a))
        expect([a, b]).toContain(laterStatus(a, b))
        expect(laterStatus(laterStatus(a, b), c)).toBe(laterStatus(a, laterStatus(b, c)))
      }),
      seeded(),
    )
  })

  it('who came beats who was called off, and nothing falls back to having no time', () => {
    expect(laterStatus('arrived', 'cancelled')).toBe('arrived')
    for (const other of APPOINTMENT_STATUSES) expect(laterStatus('unplaced', other)).toBe(other)
  })
})

describe('time', () => {
  it('is held by those who are expected, here or were seen, and by nobody else', () => {
    expect(APPOINTMENT_STATUSES.filter(holdsTime)).toEqual(['pending', 'confirmed', 'arrived', 'fulfilled'])
  })
})
