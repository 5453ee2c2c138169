/**
 * Thousands of replicas at one server: what each costs while nothing happens, how fast all of them hear of a change, and how long it
 * takes until all are back and level after the server was killed. Beside a bare WebSocket server. The product's own sockets, over
 * documents in a map; server and replicas share this machine.
 *
 * `BENCH_SOCKETS` makes a smaller trial, `BENCH_TELLS` fewer notices.
 */
import { hash } from '@node-rs/argon2'
import { WebSocket } from 'ws'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import { COLLECTION_NAMES } from '#domain/sync/collections.ts'
import { openDatabase, pause } from '#server/database/database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { FIXTURE_NOW, seedFixtureClinic } from '#tests/support/fixture-clinic.ts'
import { LeanReplica } from '#tests/support/lean-replica.ts'
import { type ServedProcess, startServed } from '#tests/support/served-process.ts'
import { CHILD_PASSWORD, logInAt } from '#tests/support/server-processes.ts'
import { aDatabase } from '#tests/support/throw-away-database.ts'
import type { Bench, BenchRow } from './bench-row.ts'

const SOCKETS = Number(process.env.BENCH_SOCKETS || 5_000)
const TELLS = Number(process.env.BENCH_TELLS || 10)
/** Replicas that are opened together. */
const AT_ONCE = 50
/** They share sessions, as tabs do: signing five thousand people in is another measurement. */
const SESSIONS = 20
const BUDGETS = { kilobytes: 60, ofFloor: 0.6, blockedMs: 50, backMs: 60_000 } as const
const KB = 1_024

export const sockets: Bench = async (engine) => {
  const plain = await measurePlain()
  const throwAway = await aDatabase(engine)
  const order = { kind: 'ours', databaseUrl: throwAway.url, now: FIXTURE_NOW } as const
  await seed(throwAway.url)
  let served = await startServed({ ...order, port: 0 })
  const { port } = served
  const crowd = await Crowd.signIn(`http://127.0.0.1:${port}`)
  try {
    const empty = (await served.cost()).bytes
    await crowd.open()
    const idle = await served.cost()
    const perSocket = (idle.bytes - empty) / idle.sockets / KB
    const told = await tellOurs(served, crowd)
    const fanOut = await served.cost()
    await served.kill()
    const begin = performance.now()
    served = await startServed({ ...order, port })
    await crowd.untilBack()
    const backMs = performance.now() - begin
    const storm = await served.cost()
    const row = rowOf(engine)
    return [
      row(
        `memory of each of ${SOCKETS} idle sockets`,
        perSocket,
        'KB',
        plain.perSocket,
        BUDGETS.kilobytes,
        perSocket <= BUDGETS.kilobytes,
      ),
      row(
        `a change told to ${SOCKETS} sockets`,
        told,
        '/s',
        plain.told,
        BUDGETS.ofFloor,
        told >= BUDGETS.ofFloor * plain.told,
      ),
      row(
        'longest stop of the server meanwhile',
        fanOut.maxMs,
        'ms',
        plain.maxMs,
        BUDGETS.blockedMs,
        fanOut.maxMs <= BUDGETS.blockedMs,
      ),
      row(
        `${SOCKETS} replicas back and level after kill -9`,
        backMs,
        'ms',
        null,
        BUDGETS.backMs,
        backMs <= BUDGETS.backMs,
      ),
      row('p99 of the event loop’s delay in that storm', storm.p99Ms, 'ms', null, null, true),
    ]
  } finally {
    crowd.stop()
    await served.kill()
    await throwAway.drop()
  }
}

type Plain = { readonly perSocket: number; readonly told: number; readonly maxMs: number }

async function measurePlain(): Promise<Plain> {
  const served = await startServed({ kind: 'plain' })
  const empty = (await served.cost()).bytes
  const heard = { count: 0 }
  const open: WebSocket[] = []
  while (open.length < SOCKETS) {
    open.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => openBare(served.port, heard)))))
  }
  const idle = await served.cost()
  const told = await timeTells(served, () => heard.count)
  const { maxMs } = await served.cost()
  for (const socket of open) socket.terminate()
  await served.kill()
  return { perSocket: (idle.bytes - empty) / idle.sockets / KB, told, maxMs }
}

async function openBare(port: number, heard: { count: number }): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
  socket.on('message', () => {
    heard.count += 1
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return socket
}

const tellOurs = (served: ServedProcess, crowd: Crowd): Promise<number> => timeTells(served, crowd.countPokes)

/** Notices per second of the middle round, from the word to the last socket that has heard it. */
async function timeTells(served: ServedProcess, heard: () => number): Promise<number> {
  const rates: number[] = []
  for (let tell = 0; tell < TELLS; tell += 1) {
    // Whatever the last one led to has ended.
    await pause(2_000)
    const before = heard()
    const begin = performance.now()
    served.tell()
    while (heard() < before + SOCKETS) await pause(1)
    rates.push(SOCKETS / ((performance.now() - begin) / 1_000))
  }
  return rates.toSorted((a, b) => a - b)[Math.floor(TELLS / 2)] ?? Number.NaN
}

class Crowd {
  readonly #url: string
  readonly #tokens: readonly string[]
  readonly #replicas: LeanReplica[] = []
  readonly #random = seededRandom(1)

  private constructor(url: string, tokens: readonly string[]) {
    this.#url = url
    this.#tokens = tokens
  }

  static async signIn(url: string): Promise<Crowd> {
    const tokens: string[] = []
    while (tokens.length < SESSIONS) tokens.push(await logInAt(url))
    return new Crowd(url, tokens)
  }

  async open(): Promise<void> {
    while (this.#replicas.length < SOCKETS) {
      for (let count = 0; count < AT_ONCE; count += 1) {
        const token = this.#tokens[this.#replicas.length % SESSIONS] ?? ''
        const parts = { collections: COLLECTION_NAMES, token, random: this.#random, pickServer: () => this.#url }
        this.#replicas.push(new LeanReplica(parts))
      }
      while (this.#replicas.some((one) => !one.isLevel())) await pause(20)
    }
  }

  readonly countPokes = (): number => this.#replicas.reduce((sum, { pokes }) => sum + pokes, 0)

  async untilBack(): Promise<void> {
    while (this.#replicas.some((one) => one.connections < 2 || !one.isLevel())) await pause(100)
  }

  stop(): void {
    for (const replica of this.#replicas) replica.stop()
  }
}

async function seed(databaseUrl: string): Promise<void> {
  const database = openDatabase({ url: databaseUrl })
  const now = () => FIXTURE_NOW
  const newId = newIdSource(now)
  const writer = createClinicWriter({ database, now, newId })
  const passwordHash = await hash(CHILD_PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  await seedFixtureClinic(database, writer, { now, newId, passwordHash })
  await writer.close()
  await database.close()
}

const rowOf =
  (engine: string) =>
  (
    work: string,
    ours: number,
    unit: BenchRow['unit'],
    plain: number | null,
    budget: number | null,
    ok: boolean,
  ): BenchRow => ({
    name: 'sockets',
    work,
    engine,
    ours,
    unit,
    against: plain === null ? [] : [{ name: 'bare ws', value: plain }],
    ratio: plain === null ? null : ours / plain,
    budget,
    ok,
  })
