import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replicaSum } from '#domain/sync/replica-sum.ts'
import { seeded } from '#tests/support/seeded.ts'

const documents = fc.uniqueArray(fc.record({ id: fc.uuid(), revision: fc.nat(1_000) }), {
  selector: ({ id }) => id,
  minLength: 1,
  maxLength: 30,
})

describe('the sum of a replica', () => {
  it('asks for no order', () => {
    fc.assert(
      fc.property(documents, (held) => {
        expect(replicaSum(held.toReversed())).toEqual(replicaSum(held))
      }),
      seeded(),
    )
  })

  it('shows one document too few, one too many and one that is too old', () => {
    fc.assert(
      fc.property(documents, fc.uuid(), (held, other) => {
        const [first, ...rest] = held
        if (!first || held.some(({ id }) => id === other)) return
        const sum = replicaSum(held)
        expect(replicaSum(rest)).not.toEqual(sum)
        expect(replicaSum([...held, { id: other, revision: 1 }])).not.toEqual(sum)
        expect(replicaSum([{ ...first, revision: first.revision + 1 }, ...rest])).not.toEqual(sum)
      }),
      seeded(),
    )
  })

  it('leaves out what it is told to', () => {
    fc.assert(
      fc.property(documents, (held) => {
        const [first, ...rest] = held
        expect(replicaSum(held, new Set([first?.id ?? '']))).toEqual(replicaSum(rest))
      }),
      seeded(),
    )
  })
})
