/**
 * Relays and services killed with SIGKILL again and again, RabbitMQ and MariaDB killed and started anew, while events flow: none is
 * lost, and none has its effect twice.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPrivateService } from '#build/services.mjs'
import { type Database, openDatabase, pause } from '#server/database/database.ts'
import { kindOfDatabaseError } from '#server/database/errors.ts'
import { migrateDatabase } from '#server/database/migrate.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import { bookingRow, newId } from '#tests/support/event-line.ts'
import type { WorkerOrder } from '#tests/support/event-worker.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testRandom } from '#tests/support/seeded.ts'

const EVENTS = 2_000
const KILLS = 60
const SERVICES = ['notifications', 'webhooks'] as const

type Private = Awaited<ReturnType<typeof startPrivateService>>
let mariadb: Private
let rabbit: Private
let database: Database
let order: WorkerOrder
const random = testRandom()
const workers = new Set<ChildProcess>()

beforeAll(async () => {
  ;[mariadb, rabbit] = await Promise.all([startPrivateService('MYSQL_URL'), startPrivateService('AMQP_URL')])
  const root = openDatabase({ url: `${mariadb.url}/mysql` })
  await root.write((tx) => sql`create database events character set utf8mb4 collate utf8mb4_bin`.execute(tx))
  await root.close()
  const databaseUrl = `${mariadb.url}/events`
  await migrateDatabase({ url: databaseUrl })
  database = openDatabase({ url: databaseUrl })
  await database.write((tx) =>
    sql`create table effects (id bigint auto_increment primary key, consumer varchar(32), event_id char(36), key by_event (consumer, event_id))`.execute(
      tx,
    ),
  )
  order = { databaseUrl, amqpUrl: rabbit.url, prefix: 'killed' }
}, 180_000)
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await database?.close()
  await Promise.all([mariadb?.stop(), rabbit?.stop()])
}, 60_000)

/** One that has loaded its code and waits. */
async function aSpare(): Promise<ChildProcess> {
  const path = join(import.meta.dirname, '../../support/event-worker.ts')
  const worker = spawn(process.execPath, [path], { stdio: ['pipe', 'pipe', 'inherit'] })
  workers.add(worker)
  worker.once('exit', () => workers.delete(worker))
  await once(worker.stdout as NodeJS.ReadableStream, 'data')
  return worker
}
const set = (worker: ChildProcess): ChildProcess => {
  worker.stdin?.write(`${JSON.stringify(order)}\n`)
  return worker
}

/** Commits events, whatever happens to the database meanwhile. */
async function happen(ids: readonly string[]): Promise<void> {
  for (;;) {
    try {
      return await database.write((tx) => insertEvents(tx, ids.map(bookingRow)))
    } catch (error) {
      // A commit whose answer was lost: they are there.
      if (kindOfDatabaseError(error) === 'duplicate') return
      await pause(200)
    }
  }
}

test(`${EVENTS} events, ${KILLS} killed workers, RabbitMQ and MariaDB killed twice: nothing lost, nothing twice`, async () => {
  const ids = Array.from({ length: EVENTS }, () => newId() as string)
  const flow = (async () => {
    for (let at = 0; at < EVENTS; at += 20) {
      await happen(ids.slice(at, at + 20))
      await pause(300)
    }
  })()
  const running = [set(await aSpare()), set(await aSpare())]
  let kills = 0
  let restarts = 0
  const serviceKills = (async () => {
    for (const service of [rabbit, mariadb, rabbit, mariadb]) {
      await pause(6_000)
      await service.restart()
      restarts += 1
    }
  })()
  for (; kills < KILLS; kills += 1) {
    const spare = await aSpare()
    await pause(random.between(0, 300))
    const index = random.between(0, 1)
    running[index]?.kill('SIGKILL')
    running[index] = set(spare)
  }
  await Promise.all([flow, serviceKills])
  const done = async (name: string) => {
    const { rows } = await database.read((tx) =>
      sql<{
        events: number
        effects: number
      }>`select count(distinct event_id) as events, count(*) as effects from effects where consumer = ${name}`.execute(
        tx,
      ),
    )
    return { events: Number(rows[0]?.events), effects: Number(rows[0]?.effects) }
  }
  for (const name of SERVICES) {
    await eventually(
      `every event had its effect at ${name}`,
      async () => (await done(name)).events === EVENTS || (await done(name)),
      120_000,
    )
  }
  await pause(2_000)
  for (const name of SERVICES) {
    const { events, effects } = await done(name)
    console.info(
      `${name}: ${EVENTS} committed, ${EVENTS - events} lost, ${effects - events} double; ${kills} workers killed, ${restarts} restarts of services`,
    )
    expect({ events, effects }).toEqual({ events: EVENTS, effects: EVENTS })
  }
  expect({ kills, restarts }).toEqual({ kills: KILLS, restarts: 4 })
}, 600_000)
