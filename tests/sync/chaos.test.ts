import { afterEach, expect, test } from 'vitest'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { eventually } from '#tests/support/eventually.ts'
import { FAULTS } from '#tests/support/fault-proxy.ts'
import { findDifferences } from '#tests/support/replica-check.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aSyncHarness, type HarnessDesk, type SyncHarness } from '#tests/support/sync-harness.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const ROUNDS = process.env.SOAK ? 40 : 3
const CHAOS_MS = process.env.SOAK ? 12_000 : 6_000
const COLLECTIONS = [
  'appointments',
  'patients',
  'schedules',
  'doctors',
  'appointment_types',
  'rejected_changes',
] as const

let harness: SyncHarness
afterEach(() => harness.close())

/** Breaks lines now and then until the time has come, then heals them all. */
async function disturb(desks: readonly HarnessDesk[], random: SeededRandom, until: number): Promise<void> {
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, random.between(50, 300)))
    const { proxy } = random.pick(desks)
    const what = random.next()
    if (what < 0.6) proxy.play(random.pick(FAULTS))
    else if (what < 0.7) proxy.setLatency(random.between(1, 200))
    else if (what < 0.92) proxy.heal()
    else proxy.setOffline(true)
  }
  for (const { proxy, kick } of desks) {
    proxy.heal()
    await kick()
  }
}

const seeds = Array.from({ length: ROUNDS }, (_, round) => TEST_SEED + round)

test.each(engines.flatMap((engine) => seeds.map((seed) => [engine, seed] as const)))(
  'three desks on lines that break all converge with the server on %s (seed %d)',
  async (engine, seed) => {
    harness = await aSyncHarness(engine, seed)
    const { server, addDesk } = harness
    const desks = await Promise.all([addDesk('receptionist'), addDesk('admin'), addDesk('doctor')])
    const isReady = async ({ status }: HarnessDesk) => (await status()).initialSync.done
    await eventually('the first sync', async () => (await Promise.all(desks.map(isReady))).every(Boolean))

    const until = performance.now() + CHAOS_MS
    const [, ...deeds] = await Promise.all([
      disturb(desks, seededRandom(seed), until),
      ...desks.map((desk) => desk.work(CHAOS_MS)),
    ])
    const healedAt = performance.now()
    await eventually('every replica equals the server', async () => {
      const waiting = await Promise.all(desks.map(async ({ status }) => (await status()).waiting))
      const lists = await Promise.all(desks.map((desk) => findDifferences(server.database, desk, COLLECTIONS)))
      const found = lists.flat()
      return (found.length === 0 && waiting.every((count) => count === 0)) || { waiting, found: found.slice(0, 5) }
    })
    const played = desks.map(({ proxy }) => proxy.played)
    const tookMs = Math.round(performance.now() - healedAt)
    console.info(`seed ${seed}: ${deeds.join('+')} deeds, level after ${tookMs} ms`, JSON.stringify(played))
    expect(await verifyBookings(server.database, server.clinic.clinicId)).toEqual([])
    // Too tame a run proves nothing.
    expect(played.flatMap(Object.values).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(5)
    const stored = await server.database.read((tx) => tx.selectFrom('appointments').select('id').execute())
    expect(stored.length).toBeGreaterThan(5)
  },
)
