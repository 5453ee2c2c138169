// The headline promise: nobody's time, no room, no equipment and no group beyond what there is of it, whatever happens at once. The naive version, a
// check before the insert without the clinic's lock, goes red here on MariaDB.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { REJECTION_REASONS } from '#domain/sync/rejection-reasons.ts'
import type { Engine } from '#server/database/dialect.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import { aFixtureClinic, type Fixture } from '#tests/support/fixture-clinic.ts'
import { createLoneRacer, createRacer, type RaceResult, type Racer } from '#tests/support/race.ts'
import { addResources } from '#tests/support/resources.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const RACERS = 16
const ROUNDS = 25
const numbers = Array.from({ length: RACERS }, (_, number) => number)

async function aRaceClinic(engine: Engine): Promise<Fixture> {
  const fixture = await aFixtureClinic(engine)
  await addResources(fixture)
  return fixture
}

/** Round by round, so that all want the same time at the same moment. */
async function run(racers: readonly Racer[]): Promise<RaceResult[]> {
  for (let round = 0; round < ROUNDS; round += 1) await Promise.all(racers.map(({ step }) => step(round)))
  return racers.map(({ result }) => result())
}

/** What must hold after any race, whoever ran in it. */
async function expectOrder(fixture: Fixture, results: readonly RaceResult[], tries: number): Promise<void> {
  const { database, clinic } = fixture
  expect(await verifyBookings(database, clinic.clinicId)).toEqual([])

  const sum = (pick: (result: RaceResult) => number) => results.reduce((total, result) => total + pick(result), 0)
  const refusals = results.flatMap(({ refusals }) => refusals)
  const accepted = sum(({ booked, moved, cancelled }) => booked + moved + cancelled)
  expect(accepted + sum(({ kept }) => kept) + refusals.length).toBe(tries)
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

/** What a race is about: a doctor's time, a room, the scanner, places in a group. */
const PRIZES = ['slot-taken', 'room-taken', 'equipment-taken', 'group-full']

const foughtFor = (results: readonly RaceResult[]): string[] => {
  const refusals = new Set(results.flatMap(({ refusals }) => refusals))
  return PRIZES.filter((reason) => refusals.has(reason))
}

/** Each with a seed of its own; the first is the one printed, so that a race that failed can be run alone. */
const RUNS = Array.from({ length: process.env.SOAK ? 100 : 10 }, (_, run) => TEST_SEED + run * 1_000)

describe.each(engines)('400 tries of 16 who book, move and cancel at once on %s', (engine) => {
  const fought = new Set<string>()

  test.each(RUNS)('each with connections and a writer of their own, seed %i', async (raceSeed) => {
    const fixture = await aRaceClinic(engine)
    const { url, clinic } = fixture
    const racers = numbers.map((number) => createLoneRacer(url, { clinic, raceSeed, number }))
    const results = await run(racers)
    await expectOrder(fixture, results, RACERS * ROUNDS)
    for (const prize of foughtFor(results)) fought.add(prize)
    await Promise.all(racers.map(({ close }) => close()))
    await fixture.close()
  })

  test('the races were fought for doctors, rooms, equipment and groups', () => {
    expect([...fought].sort()).toEqual([...PRIZES].sort())
  })

  test('all through one writer', async () => {
    const fixture = await aRaceClinic(engine)
    const { writer, clinic } = fixture
    const results = await run(numbers.map((number) => createRacer({ writer, clinic, raceSeed: TEST_SEED, number })))
    await expectOrder(fixture, results, RACERS * ROUNDS)
    expect(foughtFor(results).length).toBeGreaterThanOrEqual(3)
    await fixture.close()
  })

  test('in four processes on one database', async () => {
    const fixture = await aRaceClinic(engine)
    const program = join(import.meta.dirname, '../../support/race-process.ts')
    const rounds = 60
    const results = await Promise.all(
      numbers.slice(0, 4).map(async (number) => {
        const task = { url: fixture.url, clinic: fixture.clinic, raceSeed: TEST_SEED, number, rounds }
        const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(task)])
        return JSON.parse(stdout) as RaceResult
      }),
    )
    await expectOrder(fixture, results, 4 * rounds)
    await fixture.close()
  })
})
