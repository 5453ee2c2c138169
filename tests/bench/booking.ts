/**
 * Bookings per second of sixteen authors in one clinic, through the operation of every door, beside the rate at which the same
 * database commits two durable inserts for sixteen writers. Budget 0.25 of that; and the same beside ten times the appointments.
 */
import { sql } from 'kysely'
import { minutes } from '#domain/time/instant.ts'
import { connect } from '#server/database/connections.ts'
import { databaseOn } from '#server/database/database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { at, book, placed } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture } from '#tests/support/fixture-clinic.ts'
import { addDoctors, addVisits, DOCTORS } from './bench-clinic.ts'
import type { Bench, BenchRow } from './bench-row.ts'

const AUTHORS = 16
const BOOKINGS = 1_500
const WARM_UP = 600
const BUDGET = 0.25
const DAYS_OF_VISITS = 30

export const booking: Bench = async (engine) => {
  const fixture = await aFixtureClinic(engine)
  try {
    await addDoctors(fixture)
    let made = 0
    const bookOne = (through: Fixture = fixture) => {
      made += 1
      return bookNumber(through, made)
    }
    await bySixteen(WARM_UP, bookOne)
    const ours = await bySixteen(BOOKINGS, bookOne)
    const floor = await floorOf(fixture)
    const statements = await statementsOf(fixture, (counted) => bySixteen(WARM_UP, () => bookOne(counted)))
    await addVisits(fixture, DAYS_OF_VISITS, DAYS_OF_VISITS * 4)
    const grown = await bySixteen(BOOKINGS, bookOne)
    const visits = DOCTORS * DAYS_OF_VISITS * 3 * 16
    return [
      rowOf(engine, `${BOOKINGS} bookings by ${AUTHORS} authors`, ours, ['durable commits', floor], BUDGET),
      { ...shown(engine, `statements per booking, the batch's included`), ours: statements / WARM_UP, unit: 'each' },
      rowOf(engine, `the same beside ${visits} visits`, grown, ['without them', ours], null),
    ]
  } finally {
    await fixture.close()
  }
}

/** Each takes a time of its own: a quarter of an hour of one of the doctors, and a patient who is free then. */
async function bookNumber(fixture: Fixture, number: number): Promise<void> {
  const doctor = number % DOCTORS
  const quarter = Math.floor(number / DOCTORS)
  const start = at(1 + Math.floor(quarter / 32)) + minutes(15 * (quarter % 32))
  const patientId = testId('Patient', doctor + 1)
  placed(await book(fixture, { doctorId: testId('Doctor', doctor + 1), patientId, start }))
}

/** BEGIN, two inserts, COMMIT, per second, by as many writers on the same database. */
async function floorOf({ database }: Fixture): Promise<number> {
  await database.write((tx) => sql`create table bench_floor (id integer primary key, content varchar(600))`.execute(tx))
  const content = 'x'.repeat(500)
  let id = 0
  const commit = () => {
    id += 2
    const [first, second] = [id, id + 1]
    return database.write(async (tx) => {
      await sql`insert into bench_floor values (${first}, ${content})`.execute(tx)
      await sql`insert into bench_floor values (${second}, ${content})`.execute(tx)
    })
  }
  await bySixteen(WARM_UP, commit)
  return bySixteen(BOOKINGS, commit)
}

/** How many statements some bookings take, from BEGIN to COMMIT. */
async function statementsOf(fixture: Fixture, bookThrough: (counted: Fixture) => Promise<unknown>): Promise<number> {
  let statements = 0
  const { now, newId } = fixture
  const connections = connect({ url: fixture.url, writers: 1, readers: 1 })
  const writer = connections.writer.withPlugin({
    transformQuery: ({ node }) => {
      statements += 1
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const database = databaseOn({ ...connections, writer })
  const counted = { ...fixture, database, writer: createClinicWriter({ database, now, newId }) }
  await bookThrough(counted)
  await counted.writer.close()
  await database.close()
  return statements
}

/** How often the work was done per second, by sixteen who each begin again when they are done. */
async function bySixteen(count: number, work: () => Promise<void>): Promise<number> {
  let left = count
  const author = async () => {
    while (left > 0) {
      left -= 1
      await work()
    }
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: AUTHORS }, author))
  return count / ((performance.now() - begin) / 1_000)
}

function rowOf(
  engine: string,
  work: string,
  ours: number,
  [name, value]: readonly [string, number],
  budget: number | null,
): BenchRow {
  const ratio = ours / value
  const ok = budget === null || ratio >= budget
  return { ...shown(engine, work), ours, unit: '/s', against: [{ name, value }], ratio, budget, ok }
}

const shown = (engine: string, work: string) =>
  ({ name: 'booking', work, engine, against: [], ratio: null, budget: null, ok: true }) as const
