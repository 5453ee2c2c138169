import { describe, expect, it } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { isStale, STATE_ROWS, SYNC_STATES, stateOfVisit } from '#renderer/clinic/sync-states.ts'
import { ForeignChanges } from '#renderer/clinic/use-foreign-changes.ts'
import { fakeId } from './harness/fake-day.ts'

const NOTHING: ReadonlySet<string> = new Set()
const [ONE, OTHER] = [fakeId<'Appointment'>(2, 1), fakeId<'Appointment'>(2, 2)]

describe('the state of a visit', () => {
  const at = (part: Partial<Parameters<typeof stateOfVisit>[0]>) =>
    stateOfVisit({ visit: { status: 'confirmed', revision: 3 }, isUnsent: false, isOnline: true, ...part })

  it('is told by what is with the server and what is not', () => {
    expect(at({})).toBe('synced')
    expect(at({ isUnsent: true })).toBe('syncing')
    expect(at({ isUnsent: true, isOnline: false })).toBe('to-send')
    expect(at({ isUnsent: true, isOnline: false, visit: { status: 'confirmed', revision: 0 } })).toBe('provisional')
    expect(at({ isChanged: true })).toBe('changed')
  })

  it('is certain for a new booking in a time that this computer keeps, and for nothing else', () => {
    const unsent = { isUnsent: true, isOnline: false, isKept: true } as const
    expect(at({ ...unsent, visit: { status: 'confirmed', revision: 0 } })).toBe('final')
    expect(at(unsent)).toBe('to-send')
    expect(at({ isKept: true })).toBe('synced')
  })

  it('is the one that needs somebody, whatever else holds', () => {
    const lost = { status: 'unplaced', revision: 3 } as const
    expect(at({ visit: lost, isUnsent: true, isOnline: false, isChanged: true })).toBe('conflict')
    expect(at({ visit: lost, isRejected: true })).toBe('rejected')
  })

  it('has a row in the table, and says in the inbox what a card says', () => {
    expect(Object.keys(STATE_ROWS)).toEqual([...SYNC_STATES])
    for (const { sign, isInInbox } of Object.values(STATE_ROWS)) if (sign !== null) expect(isInInbox).toBe(true)
  })
})

it('a board is old five minutes after the last contact, and never while there is contact', () => {
  expect(isStale(null, minutes(60))).toBe(false)
  expect(isStale(0, minutes(5) - 1)).toBe(false)
  expect(isStale(0, minutes(5))).toBe(true)
})

describe('what somebody else has just changed', () => {
  it('is shown for a second, and what was sent from here is not', () => {
    const watch = new ForeignChanges()
    const look = (one: number, other: number, unsent = NOTHING, at = 0) => [
      ...watch.look(
        'today',
        [
          { id: ONE, revision: one },
          { id: OTHER, revision: other },
        ],
        unsent,
        at,
      ),
    ]
    expect(look(1, 1)).toEqual([])
    expect(look(2, 1)).toEqual([ONE])
    expect(look(2, 1, NOTHING, 999)).toEqual([ONE])
    expect(look(2, 1, NOTHING, 1_000)).toEqual([])
    expect(look(2, 1, new Set([OTHER]), 2_000)).toEqual([])
    expect(look(2, 2, NOTHING, 2_100)).toEqual([])
    expect(look(2, 3, NOTHING, 2_200)).toEqual([OTHER])
  })

  it('is a new visit too, but not one booked here, nor a day seen for the first time', () => {
    const watch = new ForeignChanges()
    const look = (scope: string, visits: readonly { id: typeof ONE; revision: number }[], unsent = NOTHING) => [
      ...watch.look(scope, visits, unsent, 0),
    ]
    expect(look('monday', [])).toEqual([])
    expect(look('monday', [{ id: ONE, revision: 0 }], new Set([ONE]))).toEqual([])
    expect(look('monday', [{ id: ONE, revision: 1 }])).toEqual([])
    expect(
      look('monday', [
        { id: ONE, revision: 1 },
        { id: OTHER, revision: 1 },
      ]),
    ).toEqual([OTHER])
    expect(new ForeignChanges().look('tuesday', [{ id: ONE, revision: 7 }], NOTHING, 0).size).toBe(0)
  })
})
