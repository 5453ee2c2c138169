import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { hash } from '@node-rs/argon2'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import { minutes } from '#domain/time/instant.ts'
import { type Database, openDatabase } from '#server/database/database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { anAppointment, aPatient, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS, FIXTURE_NOW, seedFixtureClinic } from '#tests/support/fixture-clinic.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import type { Order } from '#tests/support/server-child.ts'
import { aDatabase, engines, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'
import { openWire, type WireClient } from '#tests/support/wire-client.ts'

const KILLS = { sqlite: process.env.SOAK ? 200 : 50, mysql: process.env.SOAK ? 50 : 10 }
/** A server's start takes a second of one core; a busy machine has none to spare. */
const MINUTES = 10 * 60_000
const PASSWORD = 'four words in a row'
const ROOT = join(import.meta.dirname, '../..')

type Row = { readonly collection: 'patients' | 'appointments'; readonly document: { readonly id: string } }
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

async function signIn(url: string, token: string): Promise<WireClient> {
  const wire = await openWire(`${url.replace('http', 'ws')}/sync/v1`, { isStock: true })
  wire.send({ id: 'a', collection: 'patients', method: 'auth', params: [{ authorization: `Bearer ${token}` }] })
  return wire
}

/** Pushes rows of one collection; true when they were acknowledged, false when the line broke first. */
async function push(wire: WireClient, rows: readonly Row[]): Promise<boolean> {
  const pushed = rows.map(({ document }) => ({ newDocumentState: { ...document, _deleted: false } }))
  try {
    const { result } = await wire.ask(rows[0]?.collection ?? '', 'masterWrite', [pushed])
    if (!Array.isArray(result)) return false
    // A repeat is told the count of writes; a refusal would be a stub.
    expect(result.filter(({ _deleted }: { _deleted: boolean }) => _deleted)).toEqual([])
    return true
  } catch {
    return false
  }
}

let made = 0
function newRows(random: SeededRandom): Row[] {
  const collection = random.chance(0.5) ? 'patients' : 'appointments'
  return Array.from({ length: random.between(1, 8) }, (): Row => {
    made += 1
    if (collection === 'patients')
      return { collection, document: aPatient({ id: testId('Patient', 1_000 + made), revision: 0 }) }
    const start = NINE_O_CLOCK + minutes(15 * random.between(0, 2_000))
    const place = { start, end: start + minutes(15), doctorId: testId<'Doctor'>('Doctor', random.between(1, 3)) }
    const id = testId<'Appointment'>('Appointment', 1_000 + made)
    const patientId = testId<'Patient'>('Patient', random.between(1, 20))
    return { collection, document: anAppointment({ ...place, id, patientId, status: 'pending', revision: 0 }) }
  })
}

/** One life of a server: what was left over is pushed again, then new rows from several sockets, until it is killed. */
async function live(child: Child, url: string, token: string, leftOver: readonly Row[][], random: SeededRandom) {
  const wires = await Promise.all([1, 2, 3].map(() => signIn(url, token)))
  const [acknowledged, unanswered]: [Row[], Row[][]] = [[], []]
  const { promise: hasAnswered, resolve: answered } = Promise.withResolvers<void>()
  const send = async (wire: WireClient, rows: Row[]) => {
    if (await push(wire, rows)) {
      acknowledged.push(...rows)
      answered()
    } else unanswered.push(rows)
  }
  let isAlive = true
  const sending = wires.map(async (wire, index) => {
    for (const rows of leftOver.filter((_, at) => at % wires.length === index)) await send(wire, rows)
    // Two under way at once, so that a kill finds some in every state.
    while (isAlive) await Promise.all([send(wire, newRows(random)), send(wire, newRows(random))])
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
    const acknowledged: Row[] = []
    let leftOver: Row[][] = []
    let repeated = 0
    for (let kill = 0; kill < KILLS[engine]; kill++) {
      const life = await live(child, url, token, leftOver, random)
      acknowledged.push(...life.acknowledged)
      leftOver = life.unanswered
      repeated += leftOver.length
      ;[child, next] = [next, spawnChild()]
      url = await startServer(child, throwAway.url)
    }
    const wire = await signIn(url, token)
    for (const rows of leftOver) if (await push(wire, rows)) acknowledged.push(...rows)
    wire.close()
    for (const one of [child, next]) one.process.kill('SIGKILL')
    console.info(
      `${engine}: ${acknowledged.length} rows acknowledged over ${KILLS[engine]} kills, ${repeated} pushes repeated`,
    )

    expect(acknowledged.length).toBeGreaterThan(KILLS[engine])
    expect(repeated).toBeGreaterThan(0)
    await expectOnceEach(database, acknowledged)
    expect(await verifyBookings(database, clinic.clinicId)).toEqual([])
    expect(await verifyAudit(database, clinic.clinicId)).toEqual([])
    await database.close()
  },
  MINUTES,
)

/** Every acknowledged row is stored, and has one creation in the audit, one event, and one revision. */
async function expectOnceEach(database: Database, acknowledged: readonly Row[]): Promise<void> {
  const stored = await database.read(async (tx) => {
    const { rows } = await sql<{ id: string; revision: number }>`
      select id, revision from patients union all select id, revision from appointments`.execute(tx)
    return new Map(rows.map(({ id, revision }) => [id, Number(revision)]))
  })
  const { created, booked } = await database.read(async (tx) => ({
    created: await tx.selectFrom('audit_log').select('document_ids').where('action', '=', 'created').execute(),
    booked: await tx.selectFrom('outbox').select('payload').where('type', '!=', 'PatientChanged').execute(),
  }))
  const times = new Map<string, number>()
  const ids = created.flatMap(({ document_ids }) => JSON.parse(document_ids) as string[])
  for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1)
  const events = new Map<string, number>()
  for (const { payload } of booked) {
    const { appointmentId } = JSON.parse(payload) as { appointmentId?: string }
    if (appointmentId) events.set(appointmentId, (events.get(appointmentId) ?? 0) + 1)
  }
  const wrong = acknowledged.filter(
    ({ collection, document: { id } }) =>
      stored.get(id) !== 1 || times.get(id) !== 1 || (collection === 'appointments' && events.get(id) !== 1),
  )
  expect(wrong.map(({ document: { id } }) => [id, stored.get(id), times.get(id), events.get(id)])).toEqual([])
  expect([...times.values()].filter((count) => count > 1)).toEqual([])
}
