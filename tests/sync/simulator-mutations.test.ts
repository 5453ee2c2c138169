/** Mistakes the protocol guards against, built into the simulated server or client one at a time: each is found, and as what it is. */
import { describe, expect, test } from 'vitest'
import { TEST_SEED } from '#tests/support/seeded.ts'
import type { Fault } from './simulator/documents.ts'
import { shorten, simulate } from './simulator/simulate.ts'

/** Enough for the rarest of them many times over. */
const MOST_RUNS = 1_000

const FOUND_AS: { readonly [fault in Fault]: readonly string[] } = {
  'documents-in-stream': ['replica-lacks', 'replica-differs', 'held-unseen', 'former-state'],
  'checkpoint-past-dirty-row': ['replica-differs', 'held-unseen', 'former-state'],
  'refusal-taken-as-done': ['replica-differs', 'held-unseen', 'former-state'],
  'number-read-before-lock': ['replica-lacks', 'replica-differs'],
  'sweep-forgotten': ['held-unseen'],
  'page-ends-inside-number': ['replica-lacks', 'replica-differs', 'held-unseen'],
  'stale-pull-applied': ['former-state'],
  'restore-unnoticed': ['held-unseen'],
}

describe('a mistake in the protocol', () => {
  test.each(Object.keys(FOUND_AS) as Fault[])('the simulator finds %s', (fault) => {
    let runs = 0
    let kind: string | undefined
    while (kind === undefined && runs < MOST_RUNS) {
      kind = simulate(TEST_SEED + runs, { fault }).violation?.kind
      runs += 1
    }
    expect(FOUND_AS[fault]).toContain(kind)
    const { most, result } = shorten(TEST_SEED + runs - 1, { fault })
    console.info(`${fault}: ${kind} after ${runs} runs; ${most} of ${result.planned} events are enough`)
    expect(result.violation?.kind).toBe(kind)
  })
})
