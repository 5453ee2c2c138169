/**
 * Replication: the first sync of a clinic's visits in Node beside RxDB's own clients and in Chromium beside the same documents
 * simply written, encrypted and plain, at two sizes; how long a booking takes to another desk; and whether a page stays
 * responsive meanwhile. Budgets of the design's section 10.
 *
 * `BENCH_LARGE=1` measures 10,000 and 100,000 documents instead of 1,000 and 10,000; `BENCH_DOCUMENTS`, `BENCH_ROUNDS` and
 * `BENCH_BOOKINGS` make a smaller trial.
 */
import { minutes } from '#domain/time/instant.ts'
import { at } from '#tests/support/bookings.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { seedDocuments } from '#tests/support/fixture-clinic.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { addDoctors, DOCTORS } from './bench-clinic.ts'
import type { Bench, BenchRow } from './bench-row.ts'
import {
  bookingsInChromium,
  type FirstSyncFigures,
  firstSyncInChromium,
  longestTaskOf,
  openPages,
  type Pages,
} from './sync/in-chromium.ts'
import { bookingsInNode, firstSyncInNode } from './sync/in-node.ts'

const given = (name: string, otherwise: number): number => Number(process.env[name] || otherwise)
const DOCUMENTS = given('BENCH_DOCUMENTS', process.env.BENCH_LARGE ? 100_000 : 10_000)
const SIZES = [DOCUMENTS / 10, DOCUMENTS] as const
const ROUNDS = given('BENCH_ROUNDS', 5)
const BOOKINGS = given('BENCH_BOOKINGS', 200)
const WARM_UP = 10
/** What the budgets speak of; a smaller trial is judged by the most it has. */
const JUDGED = Math.min(10_000, DOCUMENTS)
const BUDGETS = { ofBulkInsert: 0.4, ofPeers: 1, longestTaskMs: 50, ofHops: 3, lateMs: 100 } as const

const CLIENTS = ['ours', 'stock-websocket', 'stock-http'] as const
/** Visits of ten minutes side by side, so that 100,000 lie within the window that a device holds. */
const VISITS_PER_DAY = 50

export const sync: Bench = async (engine) => {
  const pages = engine === 'sqlite' ? await openPages() : null
  const server = await aServer(engine, pages ? { twinRoot: pages.folder } : {})
  try {
    return [...(await bookingRows(server, pages)), ...(await firstSyncRows(server, pages))]
  } finally {
    await server.stop()
    await pages?.close()
  }
}

/** Goes first: the clinic has no visits yet. */
async function bookingRows(server: ServerUnderTest, pages: Pages | null): Promise<BenchRow[]> {
  const { ours, relayed } = await bookingsInNode(server, BOOKINGS, WARM_UP)
  const rows = lateness(server.engine, 'Node, memory', ours, (part) => [
    ['ws relay + durable commit', quantile(relayed, part)],
  ])
  if (!pages) return rows
  const inPage = await bookingsInChromium(pages, server, BOOKINGS, WARM_UP)
  const encrypted = lateness('chromium', 'Chromium, encrypted', inPage.ours, (part) => [
    ['ws relay + durable commit + a write at each end', quantile(relayed, part) + 2 * quantile(inPage.writes, part)],
  ])
  return [...rows, ...encrypted]
}

function lateness(
  engine: string,
  where: string,
  ours: readonly number[],
  floorOf: (part: number) => readonly Against[],
): BenchRow[] {
  const work = (name: string) => `booked at one desk, seen at another, ${name} of ${BOOKINGS}; ${where}`
  return [
    rowOf(engine, work('p50'), quantile(ours, 0.5), 'ms', floorOf(0.5), {
      // The design's floor has the storage in it; without one there is nothing to judge.
      budget: engine === 'chromium' ? BUDGETS.ofHops : null,
      isWithin: (ratio) => ratio <= BUDGETS.ofHops,
    }),
    rowOf(engine, work('p95'), quantile(ours, 0.95), 'ms', floorOf(0.95)),
    judged(rowOf(engine, work('p99'), quantile(ours, 0.99), 'ms', floorOf(0.99)), BUDGETS.lateMs),
  ]
}

async function firstSyncRows(server: ServerUnderTest, pages: Pages | null): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  const rates: Record<string, number>[] = []
  await addDoctors(server.server)
  let visits = bookedBefore(pages)
  let made = 0
  for (const size of SIZES) {
    // Those booked before count as well: a device holds `size` when it is done.
    await addVisits(server, made, size - visits)
    made += size - visits
    visits = size
    const node = await nodeRows(server, size)
    const chromium = pages ? await chromiumRows(server, pages, size) : NOTHING
    rows.push(...node.rows, ...chromium.rows)
    rates.push({ ...node.rates, ...chromium.rates })
  }
  return [...rows, ...growthRows(server.engine, rates)]
}

/** What the rows before have left in the clinic. */
const bookedBefore = (pages: Pages | null): number => (BOOKINGS + WARM_UP) * (pages ? 2 : 1)

type Part = { readonly rows: readonly BenchRow[]; readonly rates: Readonly<Record<string, number>> }
const NOTHING: Part = { rows: [], rates: {} }

async function nodeRows(server: ServerUnderTest, size: number): Promise<Part> {
  const rates: Record<(typeof CLIENTS)[number], number[]> = { ours: [], 'stock-websocket': [], 'stock-http': [] }
  // Side by side, so that what else the machine does meets all of them.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const client of CLIENTS) rates[client].push(perSecond(size, await firstSyncInNode(server, client, size)))
  }
  const ours = quantile(rates.ours, 0.5)
  const peers: Against[] = [
    ['RxDB over WebSocket', quantile(rates['stock-websocket'], 0.5)],
    ['rxdb-server over HTTP', quantile(rates['stock-http'], 0.5)],
  ]
  const budget = size === JUDGED ? BUDGETS.ofPeers : null
  const row = rowOf(server.engine, `first sync of ${size} visits in Node, memory`, ours, '/s', peers, {
    budget,
    isWithin: () => peers.every(([, value]) => ours >= value),
  })
  return { rows: [row], rates: { 'in Node, memory': ours } }
}

async function chromiumRows(server: ServerUnderTest, pages: Pages, size: number): Promise<Part> {
  const encrypted: FirstSyncFigures[] = []
  const plain: FirstSyncFigures[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    encrypted.push(await firstSyncInChromium(pages, server, { isEncrypted: true, documents: size }))
    plain.push(await firstSyncInChromium(pages, server, { isEncrypted: false, documents: size }))
  }
  const rateOf = (figures: readonly FirstSyncFigures[], pick: (each: FirstSyncFigures) => number): number =>
    quantile(
      figures.map((each) => perSecond(size, pick(each))),
      0.5,
    )
  const rates = { encrypted: rateOf(encrypted, ({ ms }) => ms), plain: rateOf(plain, ({ ms }) => ms) }
  const floors: Against[] = [
    ['bulkInsert, same storage', rateOf(encrypted, ({ floors }) => floors?.sameStorage ?? Number.NaN)],
    ['bare Dexie', rateOf(encrypted, ({ floors }) => floors?.bareDexie ?? Number.NaN)],
  ]
  const isJudged = size === JUDGED
  const work = `first sync of ${size} visits in Chromium`
  const task = await longestTaskOf(pages, server, size)
  const longest = rowOf('chromium', `longest task of the page in it, ${size} visits`, task.ms, 'ms', [
    ['most processor time in one', task.cpuMs],
  ])
  return {
    rows: [
      rowOf('chromium', `${work}, encrypted`, rates.encrypted, '/s', floors, {
        budget: isJudged ? BUDGETS.ofBulkInsert : null,
        isWithin: (ratio) => ratio >= BUDGETS.ofBulkInsert,
      }),
      rowOf('chromium', `${work}, encrypted beside plain`, rates.encrypted, '/s', [['plain', rates.plain]]),
      isJudged ? judged(longest, BUDGETS.longestTaskMs) : longest,
    ],
    rates: { 'in Chromium, encrypted': rates.encrypted, 'in Chromium, plain': rates.plain },
  }
}

/** Visits per second at the larger size beside the smaller one: 1 where ten times the visits take ten times as long. */
function growthRows(engine: string, [small = {}, large = {}]: readonly Record<string, number>[]): BenchRow[] {
  return Object.entries(large).map(([where, rate]) =>
    rowOf(where.includes('Chromium') ? 'chromium' : engine, `first sync ${where}, at ${SIZES[1]} visits`, rate, '/s', [
      [`at ${SIZES[0]}`, small[where] ?? Number.NaN],
    ]),
  )
}

async function addVisits({ server }: ServerUnderTest, from: number, count: number): Promise<void> {
  const AT_ONCE = 500
  for (let done = 0; done < count; done += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => from + done + index)
    await seedDocuments(server.writer, 'appointments', numbers.map(visitNumber))
  }
}

function visitNumber(number: number) {
  const perDay = DOCTORS * VISITS_PER_DAY
  const start = at(1 + Math.floor(number / perDay)) + minutes(10 * (number % VISITS_PER_DAY))
  return anAppointment({
    id: testId('Appointment', number + 1),
    doctorId: testId('Doctor', 1 + (Math.floor(number / VISITS_PER_DAY) % DOCTORS)),
    patientId: testId('Patient', 1 + (number % 20)),
    start,
    end: start + minutes(10),
    reason: 'Follow-up after the last visit',
    note: `Asked to be called the day before; visit number ${number}.`,
  })
}

type Against = readonly [name: string, value: number]

const perSecond = (count: number, ms: number): number => (count / ms) * 1_000

/** @param part 0.5 is the middle */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

const judged = (row: BenchRow, limit: number): BenchRow => ({ ...row, budget: limit, ok: row.ours <= limit })

function rowOf(
  engine: string,
  work: string,
  ours: number,
  unit: BenchRow['unit'],
  against: readonly Against[],
  judge: { readonly budget: number | null; readonly isWithin: (ratio: number) => boolean } = NOT_JUDGED,
): BenchRow {
  const ratio = ours / (against[0]?.[1] ?? Number.NaN)
  const named = against.map(([name, value]) => ({ name, value }))
  const ok = judge.budget === null || judge.isWithin(ratio)
  return { name: 'sync', work, engine, ours, unit, against: named, ratio, budget: judge.budget, ok }
}
const NOT_JUDGED = { budget: null, isWithin: () => true }
