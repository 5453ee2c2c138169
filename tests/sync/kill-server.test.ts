import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { hash } from '@node-rs/argon2'
import { afterEach, expect, test } from 'vitest'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import { openDatabase } from '#server/database/database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { FIXTURE_EMAILS, FIXTURE_NOW, seedFixtureClinic } from '#tests/support/fixture-clinic.ts'
import { findNotOnce, newRowsFrom, type PushedRow, pushRows, signInStock } from '#tests/support/push-load.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import type { Order } from '#tests/support/server-child.ts'
import { aDatabase, engines, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'
import type { WireClient } from '#tests/support/wire-client.ts'

const KILLS = process.env.SOAK ? { sqlite: 200, mysql: 200 } : { sqlite: 20, mysql: 10 }
/** A server's start takes a second of one core; a busy machine has none to spare. */
const MINUTES = (process.env.SOAK ? 30 : 10) * 60_000
const PASSWORD = 'four words in a row'
const ROOT = join(import.meta.dirname, '../..')

type Child = { readonly process: ChildProcess; readonly lines: Interface; readonly loaded: Promise<unknown> }

const children = new Set<ChildProcess>()
let throwAway: ThrowAwayDatabase
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await throwAway.drop()
})

function spawnChild(): Child {
  const child = spawn(process.execPath, ['tests/support/server-child.ts'], {
    cwd: ROOT,
    env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled') },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  if (!child.stdout) throw new Error('The child has no output')
  const lines = createInterface({ input: child.stdout })
  return { process: child, lines, loaded: once(lines, 'line') }
}

async function startServer(child: Child, databaseUrl: string): Promise<string> {
  await child.loaded
  const order: Order = { databaseUrl, now: FIXTURE_NOW, secretKey: 'a secret of the tests, 32 characters long' }
  const listening = once(child.lines, 'line')
  child.process.stdin?.write(`${JSON.stringify(order)}\n`)
  return String((await listening)[0])
}

async function logIn(url: string): Promise<string> {
  const body = JSON.stringify({ email: FIXTURE_EMAILS.receptionist, password: PASSWORD })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body })
  return ((await answer.json()) as { token: string }).token
}

type Load = { readonly random: SeededRandom; readonly newRows: () => PushedRow[] }

/** One life of a server: what was left over is pushed again, then new rows from several sockets, until it is killed. */
async function live(child: Child, url: string, token: string, leftOver: readonly PushedRow[][], load: Load) {
  const { random, newRows } = load
  const wires = await Promise.all([1, 2, 3].map(() => signInStock(url, token)))
  const [acknowledged, unanswered]: [PushedRow[], PushedRow[][]] = [[], []]
  const { promise: hasAnswered, resolve: answered } = Promise.withResolvers<void>()
  const send = async (wire: WireClient, rows: PushedRow[]) => {
    if (await pushRows(wire, rows)) {
      acknowledged.push(...rows)
      answered()
    } else unanswered.push(rows)
  }
  let isAlive = true
  const sending = wires.map(async (wire, index) => {
    for (const rows of leftOver.filter((_, at) => at % wires.length === index)) await send(wire, rows)
    // Two under way at once, so that a kill finds some in every state.
    while (isAlive) await Promise.all([send(wire, newRows()), send(wire, newRows())])
  })
  // Half of them live until they have answered once: on a busy machine the others may not get that far.
  if (random.chance(0.5)) await hasAnswered
  await new Promise((resolve) => setTimeout(resolve, random.between(20, 160)))
  child.process.kill('SIGKILL')
  isAlive = false
  await Promise.all([...sending, ...wires.map(({ closed }) => closed)])
  return { acknowledged, unanswered }
}

test.each(engines)(
  `on %s a server killed in mid-push loses nothing it acknowledged and stores nothing twice (seed ${TEST_SEED})`,
  async (engine) => {
    const random = seededRandom(TEST_SEED)
    const newRows = newRowsFrom(random)
    throwAway = await aDatabase(engine)
    const database = openDatabase({ url: throwAway.url })
    const now = () => FIXTURE_NOW
    const newId = newIdSource(now)
    const writer = createClinicWriter({ database, now, newId })
    const passwordHash = await hash(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    const clinic = await seedFixtureClinic(database, writer, { now, newId, passwordHash })
    await writer.close()

    let [child, next] = [spawnChild(), spawnChild()]
    let url = await startServer(child, throwAway.url)
    const token = await logIn(url)
    const acknowledged: PushedRow[] = []
    let leftOver: PushedRow[][] = []
    let repeated = 0
    for (let kill = 0; kill < KILLS[engine]; kill++) {
      const life = await live(child, url, token, leftOver, { random, newRows })
      acknowledged.push(...life.acknowledged)
      leftOver = life.unanswered
      repeated += leftOver.length
      ;[child, next] = [next, spawnChild()]
      url = await startServer(child, throwAway.url)
    }
    const wire = await signInStock(url, token)
    for (const rows of leftOver) if (await pushRows(wire, rows)) acknowledged.push(...rows)
    wire.close()
    for (const one of [child, next]) one.process.kill('SIGKILL')
    console.info(
      `${engine}: ${acknowledged.length} rows acknowledged over ${KILLS[engine]} kills, ${repeated} pushes repeated`,
    )

    expect(await findNotOnce(database, acknowledged)).toEqual([])
    expect(await verifyBookings(database, clinic.clinicId)).toEqual([])
    expect(await verifyAudit(database, clinic.clinicId)).toEqual([])
    // Too tame a run proves nothing.
    expect(acknowledged.length).toBeGreaterThan(KILLS[engine])
    expect(repeated).toBeGreaterThan(0)
    await database.close()
  },
  MINUTES,
)
