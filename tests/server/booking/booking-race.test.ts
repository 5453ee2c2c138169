// The headline promise: no two visits in one doctor's or one patient's time, whatever happens at once. The naive version, a
// check before the insert without the clinic's lock, goes red here on MariaDB.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { REJECTION_REASONS } from '#domain/sync/rejection-reasons.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import { aFixtureClinic, type Fixture } from '#tests/support/fixture-clinic.ts'
import { type RaceResult, race, raceWith } from '#tests/support/race.ts'
import { TEST_SEED, testRandom } from '#tests/support/seeded.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const RACERS = 16
const TRIES_EACH = 25

/** What must hold after any race, whoever ran in it. */
async function expectOrder(fixture: Fixture, results: readonly RaceResult[], tries: number): Promise<void> {
  const { database, clinic } = fixture
  expect(await verifyBookings(database, clinic.clinicId)).toEqual([])

  const sum = (pick: (result: RaceResult) => number) => results.reduce((total, result) => total + pick(result), 0)
  const refusals = results.flatMap(({ refusals }) => refusals)
  const accepted = sum(({ booked, moved, cancelled }) => booked + moved + cancelled)
  expect(accepted + refusals.length).toBe(tries)
  for (const reason of refusals) expect(REJECTION_REASONS).toContain(reason)
  console.info(
    `booked ${sum((r) => r.booked)}, moved ${sum((r) => r.moved)}, cancelled ${sum((r) => r.cancelled)}, refused ${refusals.length}`,
  )

  const answered = new Map(results.flatMap(({ held }) => held))
  const found = await database.read((tx) => findDocuments(tx, 'appointments', [...answered.keys()]))
  expect(new Map(found.map(({ id, revision }) => [id, revision]))).toEqual(answered)

  const places = await database.read(async (tx) => ({
    counter: await findCounter(tx, clinic.clinicId),
    highest: await tx
      .selectFrom('document_views')
      .select(({ fn }) => fn.max('seq').as('seq'))
      .executeTakeFirst(),
    revisions: await tx
      .selectFrom('appointment_revisions')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirst(),
  }))
  expect(places.counter?.value).toBe(places.highest?.seq)
  expect(Number(places.revisions?.count)).toBe(accepted)
  expect(await verifyAudit(database, clinic.clinicId)).toEqual([])
}

describe('400 tries of 16 who book, move and cancel at once', () => {
  test.runIf(engines.includes('mysql'))('on MariaDB, each with connections and a writer of their own', async () => {
    const fixture = await aFixtureClinic('mysql')
    const results = await Promise.all(
      Array.from({ length: RACERS }, (_, racer) =>
        race(fixture.url, fixture.clinic, { seed: TEST_SEED + racer, tries: TRIES_EACH }),
      ),
    )
    await expectOrder(fixture, results, RACERS * TRIES_EACH)
    await fixture.close()
  })

  test.each(engines)('on %s, all through one writer', async (engine) => {
    const fixture = await aFixtureClinic(engine)
    const results = await Promise.all(
      Array.from({ length: RACERS }, (_, racer) =>
        raceWith({ writer: fixture.writer, clinic: fixture.clinic, random: testRandom(racer), tries: TRIES_EACH }),
      ),
    )
    await expectOrder(fixture, results, RACERS * TRIES_EACH)
    await fixture.close()
  })

  test.each(engines)('on %s, in four processes on one database', async (engine) => {
    const fixture = await aFixtureClinic(engine)
    const program = join(import.meta.dirname, '../../support/race-process.ts')
    const results = await Promise.all(
      Array.from({ length: 4 }, async (_, racer) => {
        const task = { url: fixture.url, clinic: fixture.clinic, seed: TEST_SEED + 100 + racer, tries: 100 }
        const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(task)])
        return JSON.parse(stdout) as RaceResult
      }),
    )
    await expectOrder(fixture, results, 400)
    await fixture.close()
  })
})
