/** Real Chromium with its encrypted IndexedDB against the real server: on bad lines, and killed in mid-write. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { eventually } from '#tests/support/eventually.ts'
import { FAULTS, type FaultProxy, startFaultProxy } from '#tests/support/fault-proxy.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { findNotOnce } from '#tests/support/push-load.ts'
import { untilLevel } from '#tests/support/replica-check.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { buildPage, CHROMIUM } from './browser/open-browser.ts'

const KILLS = process.env.SOAK ? 50 : 3
const DEEDS = process.env.SOAK ? 200 : 120
const MINUTES = (process.env.SOAK ? 30 : 5) * 60_000

let page: string
let server: ServerUnderTest
let proxy: FaultProxy
const profiles: string[] = []
const running = new Set<BrowserContext>()

beforeAll(async () => {
  page = await buildPage()
})
afterAll(() => rmSync(page, { recursive: true }))
beforeEach(async () => {
  // The proxy's address is the one people type: the page, its cookie and its socket all go through it.
  const target = { port: 0 }
  proxy = await startFaultProxy(target, seededRandom(TEST_SEED))
  server = await aServer('sqlite', { twinRoot: page, publicUrl: `http://127.0.0.1:${proxy.port}` })
  target.port = Number(new URL(server.url).port)
})
afterEach(async () => {
  for (const context of running) await context.close()
  running.clear()
  await proxy.close()
  await server.stop()
  for (const folder of profiles.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function aProfile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'desk-profile-'))
  profiles.push(folder)
  return folder
}

/** Starts the browser on a kept profile and signs in; nothing is opened yet. */
async function startDesk(profile: string, email: string): Promise<{ tab: Page; user: SignedInUser }> {
  const context = await chromium.launchPersistentContext(profile, CHROMIUM)
  running.add(context)
  const tab = context.pages()[0] ?? (await context.newPage())
  await tab.goto(`http://127.0.0.1:${proxy.port}/`)
  await tab.waitForFunction(() => 'desk' in window)
  const user = await tab.evaluate(([who, word]) => window.desk.logIn(who, word), [email, FIXTURE_PASSWORD] as const)
  return { tab, user }
}

const openAndSync = async (tab: Page, { id }: SignedInUser) => {
  await tab.evaluate((userId) => window.desk.open(userId), id)
  await tab.evaluate(() => window.desk.startSync())
}

const replicaOf = (tab: Page, user: SignedInUser) => ({
  name: user.name,
  user,
  status: () => tab.evaluate(() => window.desk.status()),
  all: async (name: CollectionName) => {
    const documents = await tab.evaluate((collection) => window.desk.all(collection), name)
    return new Map(documents.map((document) => [document.id, document])) as never
  },
})

test(
  `two desks in Chromium on lines that break converge with the server, and none sees its own words vanish (seed ${TEST_SEED})`,
  async () => {
    const random = seededRandom(TEST_SEED)
    const desks = await Promise.all([
      startDesk(aProfile(), FIXTURE_EMAILS.receptionist),
      startDesk(aProfile(), FIXTURE_EMAILS.admin),
    ])
    for (const { tab, user } of desks) {
      await openAndSync(tab, user)
      await tab.evaluate(() => window.desk.untilInitialSync())
    }
    let isOver = false
    const work = ({ tab }: { tab: Page }, index: number) =>
      tab.evaluate(([deeds, seed, now]) => window.desk.work(deeds, seed, now), [
        DEEDS,
        TEST_SEED + index,
        server.clock.now,
      ] as const)
    const working = Promise.all(desks.map(work)).finally(() => {
      isOver = true
    })
    while (!isOver) {
      await new Promise((resolve) => setTimeout(resolve, random.between(20, 120)))
      const what = random.next()
      if (what < 0.6) proxy.play(random.pick(FAULTS), 0.5)
      else if (what < 0.7) proxy.cutAfter(random.between(1, 5_000), 0.5)
      else if (what < 0.8) proxy.setLatency(random.between(1, 200))
      else proxy.heal()
    }
    await working
    proxy.heal()
    for (const { tab } of desks) await tab.evaluate(() => window.desk.kick())
    const replicas = desks.map(({ tab, user }) => replicaOf(tab, user))
    const tookMs = await untilLevel(server.database, replicas, ['appointments', 'patients', 'rejected_changes'])
    const seen = await Promise.all(desks.map(({ tab }) => tab.evaluate(() => window.desk.seen())))
    console.info(
      `2 desks in Chromium did ${DEEDS} things each, level ${tookMs} ms after healing, own words seen stored in ${seen.map(({ acknowledged }) => acknowledged).join('+')} visits; ${JSON.stringify(proxy.played)}`,
    )
    expect(seen.flatMap(({ violations }) => violations)).toEqual([])
    expect(Object.values(proxy.played).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(2)
    expect(await verifyBookings(server.database, server.clinic.clinicId)).toEqual([])
    // The sums of both sides say the same, also over what lies encrypted here.
    for (const { tab } of desks) expect(await tab.evaluate(() => window.desk.differing())).toEqual([])
    await server.database.write((tx) => tx.updateTable('patients').set({ revision: 99 }).execute())
    expect(await desks[0]?.tab.evaluate(() => window.desk.differing())).toEqual(['patients'])
  },
  MINUTES,
)

/** Kills the browser with all its processes, as a power cut would. */
async function kill(tab: Page): Promise<void> {
  const context = tab.context()
  const session = await context.browser()?.newBrowserCDPSession()
  const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] }
  const pid = processInfo.find(({ type }) => type === 'browser')?.id
  if (pid === undefined) throw new Error('The browser has no process')
  const closed = once(context as never, 'close')
  process.kill(-pid, 'SIGKILL')
  await closed
  running.delete(context)
}

/** What the browser has said is written: the newest words about each patient. */
type Written = Map<string, number>

/** One life: what was written before is here, what the server lacks waits; then it writes until it is killed. */
async function live(profile: string, written: Written, random: SeededRandom): Promise<{ waited: number }> {
  proxy.heal()
  const { tab, user } = await startDesk(profile, FIXTURE_EMAILS.receptionist)
  await tab.exposeFunction('noteWritten', (id: string, words: number) => void written.set(id, words))
  await tab.evaluate((userId) => window.desk.open(userId), user.id)
  const kept = new Map(
    (await tab.evaluate(() => window.desk.all('patients'))).map(({ id, note }) => [id, Number(note)]),
  )
  const lost = [...written].filter(([id, words]) => (kept.get(id) ?? 0) < words)
  expect(lost).toEqual([])
  proxy.setOffline(true)
  await tab.evaluate(() => window.desk.startSync())
  const waited = await tab.evaluate(() => window.desk.countWaiting())
  const waiting = new Set(await tab.evaluate(() => window.desk.unsent('patients')))
  const stored = await storedPatients()
  const forgotten = [...written].filter(([id, words]) => !waiting.has(id) && (stored.get(id) ?? 0) < words)
  expect(forgotten).toEqual([])
  // Half of them die while they send, the others with all of it still waiting.
  if (random.chance(0.5)) {
    proxy.setOffline(false)
    await tab.evaluate(() => window.desk.kick())
  }
  const before = written.size
  await tab.evaluate(() => window.desk.scribble())
  await eventually('something is written', () => written.size > before, 60_000)
  await new Promise((resolve) => setTimeout(resolve, random.between(0, 600)))
  await kill(tab)
  return { waited }
}

async function storedPatients(): Promise<ReadonlyMap<string, number>> {
  const rows = await server.database.read((tx) => tx.selectFrom('patients').select(['id', 'note']).execute())
  return new Map(rows.map(({ id, note }) => [id, Number(note)]))
}

test(
  `Chromium killed ${KILLS} times in mid-write keeps what it said was written, knows what waits, and sends it once (seed ${TEST_SEED})`,
  async () => {
    const random = seededRandom(TEST_SEED)
    const profile = aProfile()
    const written: Written = new Map()
    let waited = 0
    for (let count = 0; count < KILLS; count += 1) waited += (await live(profile, written, random)).waited
    proxy.heal()
    const { tab, user } = await startDesk(profile, FIXTURE_EMAILS.receptionist)
    await openAndSync(tab, user)
    // What waits is known for certain before anything is judged by it.
    await tab.evaluate(() => window.desk.countWaiting())
    await untilLevel(server.database, [replicaOf(tab, user)], ['patients', 'rejected_changes'])
    expect(await tab.evaluate(() => window.desk.countWaiting())).toBe(0)
    const stored = await storedPatients()
    console.info(
      `Chromium killed ${KILLS} times: ${written.size} patients written, ${waited} waited after the starts, ${stored.size - 20} stored`,
    )
    expect([...written].filter(([id, words]) => (stored.get(id) ?? 0) < words)).toEqual([])
    expect(waited).toBeGreaterThan(0)
    // Nothing was created twice.
    expect(await findNotOnce(server.database, [])).toEqual([])
  },
  MINUTES,
)
