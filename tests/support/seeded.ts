import { randomInt } from 'node:crypto'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'

/**
 * The seed of this run: `TEST_SEED` from the environment, else a fresh one. Printed once per test file, so that a red run can
 * be repeated with `TEST_SEED=n npx vitest run FILE`.
 */
export const TEST_SEED: number = process.env.TEST_SEED ? Number(process.env.TEST_SEED) : randomInt(2 ** 31)

if (!Number.isSafeInteger(TEST_SEED)) throw new Error('TEST_SEED is no whole number')
console.info(`TEST_SEED=${TEST_SEED}`)

/** fast-check parameters with the printed seed. */
export const seeded = (numRuns = 200): { seed: number; numRuns: number } => ({ seed: TEST_SEED, numRuns })

/** A random source that repeats with the printed seed; `stream` keeps two tests of one file apart. */
export const testRandom = (stream = 0): SeededRandom => seededRandom(TEST_SEED + stream)
