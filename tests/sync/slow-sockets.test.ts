/** Sockets that stop reading: what the server keeps for them is bounded, and nobody else waits. */
import { hash } from '@node-rs/argon2'
import { afterEach, expect, test } from 'vitest'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import { openDatabase } from '#server/database/database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { aPatient, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { FIXTURE_NOW, seedDocuments, seedFixtureClinic } from '#tests/support/fixture-clinic.ts'
import { LeanReplica } from '#tests/support/lean-replica.ts'
import { signInStock } from '#tests/support/push-load.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { type ServedProcess, startServed } from '#tests/support/served-process.ts'
import { CHILD_PASSWORD, logInAt } from '#tests/support/server-processes.ts'
import { aDatabase, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'
import { openWire, type WireClient } from '#tests/support/wire-client.ts'

const READING = 450
const SLOW = 50
/** Replicas that are opened together. */
const AT_ONCE = 50
const CHANGES = 10
const PATIENTS = 500
const PAGES_ASKED = 30
const MIB = 1024 * 1024

let throwAway: ThrowAwayDatabase
let served: ServedProcess
const replicas: LeanReplica[] = []
const slow: WireClient[] = []
afterEach(async () => {
  for (const replica of replicas.splice(0)) replica.stop()
  for (const wire of slow.splice(0)) wire.socket.terminate()
  await served.kill()
  await throwAway.drop()
})

/** Asks for far more than it reads. */
async function aSlowSocket(url: string, token: string): Promise<WireClient> {
  const wire = await openWire(`${url.replace('http', 'ws')}/sync/v1`, { isStock: true })
  wire.send({ id: 'a', collection: 'patients', method: 'auth', params: [{ authorization: `Bearer ${token}` }] })
  wire.send({ id: 'stream', collection: 'patients', method: 'masterChangeStream$', params: [] })
  await wire.ask('patients', 'masterChangesSince', [null, 1])
  wire.socket.pause()
  for (let page = 0; page < PAGES_ASKED; page += 1) {
    wire.send({ id: `p${page}`, collection: 'patients', method: 'masterChangesSince', params: [null, PATIENTS] })
  }
  return wire
}

test(
  `${SLOW} sockets of ${SLOW + READING} that stop reading cost bounded memory and hold nobody up (seed ${TEST_SEED})`,
  async () => {
    throwAway = await aDatabase('sqlite')
    const database = openDatabase({ url: throwAway.url })
    const now = () => FIXTURE_NOW
    const newId = newIdSource(now)
    const writer = createClinicWriter({ database, now, newId })
    const passwordHash = await hash(CHILD_PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    await seedFixtureClinic(database, writer, { now, newId, passwordHash })
    const patients = Array.from({ length: PATIENTS }, (_, number) =>
      aPatient({ id: testId('Patient', 2_000 + number), note: 'n'.repeat(1_500) }),
    )
    await seedDocuments(writer, 'patients', patients)
    await writer.close()
    await database.close()

    served = await startServed({ kind: 'ours', databaseUrl: throwAway.url, now: FIXTURE_NOW, port: 0 })
    const url = `http://127.0.0.1:${served.port}`
    const token = await logInAt(url)
    const random = seededRandom(TEST_SEED)
    while (replicas.length < READING) {
      for (let count = 0; count < AT_ONCE; count += 1) {
        replicas.push(new LeanReplica({ collections: ['patients'], token, random, pickServer: () => url }))
      }
      await eventually('everybody is level', () => replicas.every((one) => one.isLevel()))
    }
    const before = (await served.cost()).bytes
    for (let number = 0; number < SLOW; number += 1) slow.push(await aSlowSocket(url, token))

    const waits: number[] = []
    const author = await signInStock(url, token)
    for (let change = 1; change <= CHANGES; change += 1) {
      const patient = { ...aPatient({ id: testId('Patient', 5_000 + change), revision: 0 }), _deleted: false }
      const begin = performance.now()
      await author.ask('patients', 'masterWrite', [[{ newDocumentState: patient }]])
      const waiting = new Set(replicas)
      await eventually(`change ${change} is everywhere`, () => {
        for (const one of waiting) {
          if (!one.documents.get('patients')?.has(patient.id)) continue
          waiting.delete(one)
          waits.push(performance.now() - begin)
        }
        return waiting.size === 0 || `${waiting.size} have not got it`
      })
    }
    author.close()
    const kept = ((await served.cost()).bytes - before) / MIB
    waits.sort((a, b) => a - b)
    console.info(
      `p50 ${waits[Math.floor(waits.length / 2)]?.toFixed(0)} ms, p99 ${waits[Math.floor(waits.length * 0.99)]?.toFixed(0)} ms ` +
        `to the readers; the server holds ${kept.toFixed(0)} MiB more`,
    )
    // A mebibyte and one page for each; everything that was asked for would be thirty such pages.
    expect(kept).toBeLessThan(SLOW * 8)
  },
  5 * 60_000,
)
