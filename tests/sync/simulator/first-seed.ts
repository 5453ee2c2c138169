/** Where the seeds of the simulator's runs begin. */
import { randomInt } from 'node:crypto'

/** `TEST_SEED` where it is given; else the same runs every time, and others with `SOAK=1`. Printed, so that runs can be repeated. */
export function firstSeed(): number {
  const seed = Number(process.env.TEST_SEED ?? (process.env.SOAK ? randomInt(2 ** 31) : 20_261_127))
  if (!Number.isSafeInteger(seed)) throw new Error('TEST_SEED is no whole number')
  console.info(`TEST_SEED=${seed}`)
  return seed
}
