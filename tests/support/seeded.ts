import { randomInt } from 'node:crypto'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'

/** Where the same cases come each time: a red gate then says something about the change, and not about the dice. */
const USUAL_SEED = 20_261_127

/**
 * The seed of this run: `TEST_SEED` from the environment; else the same every time, and a fresh one with `SOAK=1`. Printed once per
 * test file, so that a red run can be repeated with `TEST_SEED=n npx vitest run FILE`.
 */
export const TEST_SEED: number = Number(process.env.TEST_SEED ?? (process.env.SOAK ? randomInt(2 ** 31) : USUAL_SEED))

if (!Number.isSafeInteger(TEST_SEED)) throw new Error('TEST_SEED is no whole number')
console.info(`TEST_SEED=${TEST_SEED}`)

/** fast-check parameters with the printed seed. */
export const seeded = (numRuns = 200): { seed: number; numRuns: number } => ({ seed: TEST_SEED, numRuns })

/** A random source that repeats with the printed seed; `stream` keeps two tests of one file apart. */
export const testRandom = (stream = 0): SeededRandom => seededRandom(TEST_SEED + stream)
