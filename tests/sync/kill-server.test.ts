import { hash } from '@node-rs/argon2'
import { afterEach, expect, test } from 'vitest'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import { openDatabase } from '#server/database/database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { FIXTURE_NOW, seedFixtureClinic } from '#tests/support/fixture-clinic.ts'
import { findNotOnce, newRowsFrom, type PushedRow, pushRows, signInStock } from '#tests/support/push-load.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { CHILD_PASSWORD, type Child, logInAt, ServerProcesses, startServer } from '#tests/support/server-processes.ts'
import { aDatabase, engines, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'
import type { WireClient } from '#tests/support/wire-client.ts'

const KILLS = process.env.SOAK ? { sqlite: 200, mysql: 200 } : { sqlite: 20, mysql: 10 }
/** A server's start takes a second of one core; a busy machine has none to spare. */
const MINUTES = (process.env.SOAK ? 30 : 10) * 60_000
const SECRET_KEY = 'a secret of the tests, 32 characters long'
const processes = new ServerProcesses()
let throwAway: ThrowAwayDatabase
afterEach(async () => {
  processes.killAll()
  await throwAway.drop()
})

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
    const passwordHash = await hash(CHILD_PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    const clinic = await seedFixtureClinic(database, writer, { now, newId, passwordHash })
    await writer.close()

    const order = { databaseUrl: throwAway.url, now: FIXTURE_NOW, secretKey: SECRET_KEY }
    let [child, next] = [processes.spawn(), processes.spawn()]
    let url = await startServer(child, order)
    const token = await logInAt(url)
    const acknowledged: PushedRow[] = []
    let leftOver: PushedRow[][] = []
    let repeated = 0
    for (let kill = 0; kill < KILLS[engine]; kill++) {
      const life = await live(child, url, token, leftOver, { random, newRows })
      acknowledged.push(...life.acknowledged)
      leftOver = life.unanswered
      repeated += leftOver.length
      ;[child, next] = [next, processes.spawn()]
      url = await startServer(child, order)
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
