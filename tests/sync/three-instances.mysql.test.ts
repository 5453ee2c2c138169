/**
 * Three instances behind a balancer, with RabbitMQ, Redis and MariaDB; desks spread over them write while one instance after the other
 * is killed.
 */
import { randomUUID } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { type Database, openDatabase } from '#server/database/database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { aPatient, testId } from '#tests/support/builders.ts'
import { forgetTopology } from '#tests/support/event-line.ts'
import { eventually } from '#tests/support/eventually.ts'
import { FIXTURE_NOW, seedFixtureClinic } from '#tests/support/fixture-clinic.ts'
import { LeanReplica } from '#tests/support/lean-replica.ts'
import { findNotOnce, newRowsFrom, type PushedRow } from '#tests/support/push-load.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { CHILD_PASSWORD, type Child, logInAt, ServerProcesses, startServer } from '#tests/support/server-processes.ts'
import { aDatabase, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'

const DESKS = 300
const WRITERS = 20
const INSTANCES = 3
const KILLS = process.env.SOAK ? 18 : 3
const KILL_EVERY_MS = 10_000
/** Between two writes of one desk. */
const PAUSE_MS = 3_000
const COLLECTIONS = ['appointments', 'patients'] as const
const AMQP_URL = process.env.AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672'
const REDIS_URL = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'

const processes = new ServerProcesses()
const desks: LeanReplica[] = []
const prefix = `test-${randomUUID().slice(0, 8)}`
let throwAway: ThrowAwayDatabase
afterEach(async () => {
  for (const desk of desks.splice(0)) desk.stop()
  processes.killAll()
  await forgetTopology(prefix)
  await throwAway.drop()
})

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const asPush = ({ document }: PushedRow) =>
  ({ newDocumentState: { ...document, _deleted: false } }) as unknown as PushRow

test(
  `${DESKS} desks on three instances that are killed in turn lose nothing and end level (seed ${TEST_SEED})`,
  async () => {
    const random = seededRandom(TEST_SEED)
    throwAway = await aDatabase('mysql')
    const database = openDatabase({ url: throwAway.url })
    const now = () => FIXTURE_NOW
    const newId = newIdSource(now)
    const seeder = createClinicWriter({ database, now, newId })
    const passwordHash = await hash(CHILD_PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    const clinic = await seedFixtureClinic(database, seeder, { now, newId, passwordHash })
    await seeder.close()

    const order = {
      databaseUrl: throwAway.url,
      now: FIXTURE_NOW,
      secretKey: 'a secret of the tests, 32 characters long',
      shared: { amqp: { url: AMQP_URL, prefix }, redisUrl: REDIS_URL },
    }
    const instances: { child: Child; url: string | null }[] = []
    for (let index = 0; index < INSTANCES; index += 1) {
      const child = processes.spawn()
      instances.push({ child, url: await startServer(child, order) })
    }
    const living = () => instances.flatMap(({ url }) => url ?? [])
    const pickServer = () => random.pick(living())
    const replica = async (pick: () => string) =>
      new LeanReplica({ collections: COLLECTIONS, token: await logInAt(pick()), random, pickServer: pick })
    for (let number = 0; number < DESKS; number += 1) desks.push(await replica(pickServer))
    await eventually('every desk is connected', () => desks.every(({ connections }) => connections > 0))

    let isOver = false
    const newRows = newRowsFrom(random)
    const acknowledged: PushedRow[] = []
    const writing = desks.slice(0, WRITERS).map(async (desk) => {
      while (!isOver) {
        await wait(PAUSE_MS * random.next())
        const rows = newRows()
        if (await desk.push(rows[0]?.collection ?? 'patients', rows.map(asPush))) acknowledged.push(...rows)
      }
    })
    for (let kill = 0; kill < KILLS; kill += 1) {
      const next = processes.spawn()
      await wait(KILL_EVERY_MS)
      const instance = instances[kill % INSTANCES]
      if (!instance) throw new Error('no such instance')
      instance.url = null
      instance.child.process.kill('SIGKILL')
      Object.assign(instance, { child: next, url: await startServer(next, order) })
    }
    isOver = true
    await Promise.all(writing)

    const quietAt = performance.now()
    const wanted = await standOf(database, clinic.clinicId)
    await eventually('every replica equals the server', () => {
      const behind = desks.filter((desk) => standAt(desk) !== wanted).length
      return behind === 0 || `${behind} of ${DESKS} differ`
    })
    const levelMs = Math.round(performance.now() - quietAt)

    // All lines stand now, and the heads are compared every half minute only: what comes sooner has come by a notice.
    const [here, there] = [await replica(() => living()[0] ?? ''), await replica(() => living()[1] ?? '')]
    desks.push(here, there)
    await eventually('both are level', () => [here, there].every((desk) => standAt(desk) === wanted))
    const patient = aPatient({ id: testId('Patient', 900_000), revision: 0 })
    const toldAt = performance.now()
    await here.push('patients', [asPush({ collection: 'patients', document: patient })])
    await eventually(
      'a desk at another instance has it',
      () => there.documents.get('patients')?.has(patient.id) === true,
    )
    const noticeMs = Math.round(performance.now() - toldAt)

    const lines = desks.reduce((sum, { connections }) => sum + connections, 0)
    console.info(
      `${acknowledged.length} rows acknowledged over ${KILLS} kills, ${lines - desks.length} reconnects; level ${levelMs} ms after ` +
        `the last write, at another instance after ${noticeMs} ms`,
    )
    expect(await findNotOnce(database, acknowledged)).toEqual([])
    expect(await verifyBookings(database, clinic.clinicId)).toEqual([])
    expect(await verifyAudit(database, clinic.clinicId)).toEqual([])
    // Too tame a run proves nothing.
    expect(acknowledged.length).toBeGreaterThan(KILLS * WRITERS)
    expect(lines - desks.length).toBeGreaterThan(DESKS / INSTANCES)
    await database.close()
  },
  10 * 60_000,
)

/** Ids and counts of writes of what the desk of a clinic sees. */
async function standOf(database: Database, clinicId: ClinicId): Promise<string> {
  const rows = await database.read(async (tx) => {
    const of = (name: (typeof COLLECTIONS)[number]) =>
      sql<{ id: string; revision: number }>`
        select distinct d.id, d.revision from ${sql.table(name)} d
        join document_views v on v.clinic_id = d.clinic_id and v.collection = ${name} and v.document_id = d.id
        where d.clinic_id = ${clinicId} and v.visible = 1 and v.audience like 'clinic:%'`.execute(tx)
    return [...(await of('appointments')).rows, ...(await of('patients')).rows]
  })
  return standFrom(rows)
}

const standAt = (desk: LeanReplica): string =>
  standFrom(COLLECTIONS.flatMap((name) => [...(desk.documents.get(name)?.values() ?? [])]) as never)

const standFrom = (rows: readonly { readonly id: string; readonly revision: number }[]): string =>
  rows
    .map(({ id, revision }) => `${id} ${revision}`)
    .sort()
    .join()
