import fc from 'fast-check'
import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { type Checkpoint, packCheckpoint, parseCheckpoint, wireCheckpointSchema } from '#domain/sync/checkpoint.ts'
import { seeded } from '#tests/support/seeded.ts'

const audience = fc
  .tuple(fc.constantFrom('clinic', 'doctor', 'user', 'everyone'), fc.uuid())
  .map(([kind, id]) => `${kind}:${id}`)
const positions = fc
  .uniqueArray(fc.tuple(audience, fc.nat({ max: Number.MAX_SAFE_INTEGER })), { selector: ([name]) => name })
  .map((pairs) => new Map(pairs))
const checkpoint: fc.Arbitrary<Checkpoint> = fc.record({ epoch: fc.uuid(), audiences: positions, leaving: positions })

const reversed = <Key, Value>(map: ReadonlyMap<Key, Value>) => new Map([...map].reverse())

describe('a checkpoint', () => {
  it('comes back from its journey as it left', () => {
    fc.assert(
      fc.property(checkpoint, (travelling) => {
        expect(parseCheckpoint(packCheckpoint(travelling))).toEqual(travelling)
      }),
      seeded(),
    )
  })

  it('stays within what both of RxDB’s protocols carry unescaped', () => {
    fc.assert(
      fc.property(checkpoint, (travelling) => {
        const packed = packCheckpoint(travelling)
        expect(Check(wireCheckpointSchema, packed)).toBe(true)
        expect(encodeURIComponent(packed.id)).toBe(packed.id)
      }),
      seeded(),
    )
  })

  it('packs the same in whatever order its audiences were read', () => {
    fc.assert(
      fc.property(checkpoint, (read) => {
        const turned = { audiences: reversed(read.audiences), leaving: reversed(read.leaving) }
        expect(packCheckpoint({ ...read, ...turned })).toEqual(packCheckpoint(read))
      }),
      seeded(),
    )
  })

  it('is empty when there is none yet', () => {
    expect(parseCheckpoint({ lwt: 0, id: '' })).toEqual({ epoch: '', audiences: new Map(), leaving: new Map() })
  })

  it('is refused when it is not one of ours, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const parsed = parseCheckpoint({ lwt: 1, id })
        if (parsed && id !== '') expect(packCheckpoint(parsed).id.split('~')[0]).toBe(id.split('~')[0])
      }),
      seeded(500),
    )
    expect(parseCheckpoint({ lwt: 1, id: 'epoch~clinic_nothing.1' })).toBeUndefined()
    expect(parseCheckpoint({ lwt: 1, id: 'ep och' })).toBeUndefined()
    expect(parseCheckpoint({ lwt: 1, id: `e~clinic_${'0'.repeat(36)}.zzzzzzzzzzzz` })).toBeUndefined()
  })
})
