import { afterEach, expect, test } from 'vitest'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { eventually } from '#tests/support/eventually.ts'
import { FAULTS, type FaultProxy } from '#tests/support/fault-proxy.ts'
import { untilLevel } from '#tests/support/replica-check.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aSyncHarness, type HarnessDesk, type SyncHarness } from '#tests/support/sync-harness.ts'
import { engines } from '#tests/support/throw-away-database.ts'

/** On each engine. */
const RUNS = process.env.SOAK ? 20 : 1
const DEEDS = 200
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

/** Every kind of bad line, and now and then a sound one. */
function trouble(proxy: FaultProxy, random: SeededRandom): void {
  const what = random.next()
  if (what < 0.5) proxy.play(random.pick(FAULTS))
  else if (what < 0.6) proxy.cutAfter(random.between(1, 5_000))
  else if (what < 0.7) proxy.setLatency(random.between(1, 200))
  else if (what < 0.75) proxy.setThrottle(random.pick([1, 500, 20_000]))
  else if (what < 0.95) proxy.heal()
  else proxy.setOffline(true)
}

/** Breaks lines now and then until the desks have done their work, then heals them all. */
async function disturb(desks: readonly HarnessDesk[], random: SeededRandom, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await new Promise((resolve) => setTimeout(resolve, random.between(20, 150)))
    trouble(random.pick(desks).proxy, random)
  }
  for (const { proxy, kick } of desks) {
    proxy.heal()
    await kick()
  }
}

async function fiveDesks({ server, addDesk }: SyncHarness): Promise<readonly HarnessDesk[]> {
  const emails = ['second@fixture.test', 'third@fixture.test']
  for (const email of emails) await server.addAccount('receptionist', email)
  const desks = await Promise.all([
    addDesk('receptionist'),
    addDesk('admin'),
    addDesk('doctor'),
    ...emails.map((email) => addDesk('receptionist', email)),
  ])
  const isReady = async ({ status }: HarnessDesk) => (await status()).initialSync.done
  await eventually('the first sync', async () => (await Promise.all(desks.map(isReady))).every(Boolean), 60_000)
  return desks
}

const seeds = Array.from({ length: RUNS }, (_, run) => TEST_SEED + run)

test.each(engines.flatMap((engine) => seeds.map((seed) => [engine, seed] as const)))(
  'five desks on lines that break all converge with the server, and none sees its own words vanish, on %s (seed %d)',
  async (engine, seed) => {
    harness = await aSyncHarness(engine, seed)
    const { server } = harness
    const desks = await fiveDesks(harness)
    let isOver = false
    const working = Promise.all(desks.map((desk) => desk.work(DEEDS))).finally(() => {
      isOver = true
    })
    const [tries] = await Promise.all([working, disturb(desks, seededRandom(seed), () => isOver)])
    const tookMs = await untilLevel(server.database, desks, COLLECTIONS)
    const seen = await Promise.all(desks.map((desk) => desk.seen()))
    const played = desks.flatMap(({ proxy }) => Object.entries(proxy.played))
    const times = Object.groupBy(played, ([fault]) => fault)
    const faults = Object.entries(times).map(
      ([fault, all = []]) => `${fault} ${all.reduce((sum, [, n]) => sum + n, 0)}`,
    )
    const acknowledged = seen.reduce((sum, desk) => sum + desk.acknowledged, 0)
    console.info(
      `seed ${seed} on ${engine}: 5 desks did ${DEEDS} things each (tried ${tries.join('+')}), level ${tookMs} ms after healing, own words seen stored in ${acknowledged} visits; ${faults.join(', ')}`,
    )
    expect(seen.flatMap(({ violations }) => violations)).toEqual([])
    expect((await Promise.all(desks.map(({ status }) => status()))).map(({ parked }) => parked)).toEqual([
      0, 0, 0, 0, 0,
    ])
    expect(await verifyBookings(server.database, server.clinic.clinicId)).toEqual([])
    // Too tame a run proves nothing.
    expect(played.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(5)
    expect(acknowledged).toBeGreaterThan(5)
  },
)
