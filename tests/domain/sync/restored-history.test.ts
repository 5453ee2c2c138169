import { describe, expect, it } from 'vitest'
import { differingFields, isAheadOf } from '#domain/sync/restored-history.ts'
import { wireAppointment } from '#tests/support/document-arbitraries.ts'

describe('a copy that a restored server has in another state', () => {
  it.each([
    [{ revision: 5, updatedAt: 50 }, { revision: 3, updatedAt: 30 }, 'yes'],
    [{ revision: 3, updatedAt: 30 }, { revision: 5, updatedAt: 50 }, 'no'],
    [{ revision: 5, updatedAt: 50 }, { revision: 4, updatedAt: 90 }, 'both-changed'],
    // The same count of another content.
    [{ revision: 3, updatedAt: 30 }, { revision: 3, updatedAt: 30 }, 'both-changed'],
    [{ revision: 3, updatedAt: 30 }, { revision: 3, updatedAt: 90 }, 'both-changed'],
    // Collections that do not say when they were written.
    [{ revision: 5 }, { revision: 3 }, 'yes'],
    [{ revision: 'five' }, {}, 'both-changed'],
  ] as const)('%j beside %j is ahead: %s', (copy, master, answer) => {
    expect(isAheadOf(copy, master)).toBe(answer)
  })

  it('differs in fields that people set, never in those of the server', () => {
    const visit = wireAppointment({ revision: 1 })
    const other = { ...visit, revision: 9, updatedAt: 9, createdByName: 'Desk 2', note: 'hip', start: visit.start + 1 }
    expect(differingFields('appointments', visit, other)).toEqual(['note', 'start'])
  })
})
