/**
 * The protocol of docs/sync.md in a simulated world: a server, 2 to 8 devices, and all that goes wrong between them. No clock,
 * no network, no database: a run is decided by its seed. `TEST_SEED=n SIMULATOR_RUNS=1` repeats one; `SOAK=1` runs 200,000 others.
 */
import { expect, test } from 'vitest'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { type Counts, describeFailure, simulate } from './simulator/simulate.ts'

const RUNS = Number(process.env.SIMULATOR_RUNS ?? (process.env.SOAK ? 200_000 : 5_000))

/** What the runs together must have met; else they are too tame to prove anything. */
const MET = [
  'conflicts',
  'merged',
  'overruled',
  'refused',
  'unplaced',
  'gone',
  'unseen',
  'nothingNew',
  'resends',
  'dropped',
  'doubled',
  'overtaken',
  'skippedDirty',
  'askedAgain',
  'insertsRepeated',
  'crashes',
  'restores',
  'revocations',
] as const

test('whatever is lost, doubled, late, revoked or restored: all replicas end level, and no change is lost in silence', () => {
  const counts: Counts = {}
  for (let run = 0; run < RUNS; run += 1) {
    const seed = TEST_SEED + run
    const { violation, counts: seen } = simulate(seed)
    if (violation) throw new Error(describeFailure(seed))
    for (const [name, count] of Object.entries(seen)) counts[name] = (counts[name] ?? 0) + count
  }
  console.info(
    `${RUNS} runs: ${Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
  )
  const unmet = MET.filter((name) => !counts[name])
  if (RUNS >= 100) expect(unmet).toEqual([])
})
