/** A document that moves to another audience between the reading of who sees it and the reading of what it says. */
import { type KyselyPlugin, sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { aPullDevice } from '#tests/support/pull-device.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let fixture: Fixture
afterEach(() => fixture.close())

const store = (document: Appointment, before: WireDocument<'appointments'> | null = null) =>
  fixture.writer.submit<WireDocument<'appointments'>>(fixture.clinic.clinicId, 'interactive', {
    subject: null,
    door: 'seed',
    run: async (ctx) => ({
      ok: true,
      value: await saveDocument(ctx, 'appointments', before, { ...document, _deleted: false }),
    }),
  })

/** Calls `happens` once it was read which documents are seen, and goes on when that has ended. */
function afterViews(happens: () => Promise<void>): KyselyPlugin {
  const asked = new WeakSet<object>()
  return {
    transformQuery: ({ node, queryId }) => {
      const text = JSON.stringify(node)
      if (text.includes('"document_views"') && text.includes('"visible"')) asked.add(queryId)
      return node
    },
    transformResult: async ({ result, queryId }) => {
      if (asked.has(queryId)) await happens()
      return result
    },
  }
}

/** What a doctor pulls while their visit moves to a colleague who writes into it; `isTorn` reads without one state for all. */
async function pulledMeanwhile(isTorn: boolean): Promise<string> {
  const before = await store(
    anAppointment({ id: testId('Appointment', 1), doctorId: testId('Doctor', 1), note: 'mine' }),
  )
  const [read, moved] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let moves = 0
  const happens = (): Promise<void> => {
    moves += 1
    read.resolve()
    return moved.promise
  }
  // Outside the reading: inside it no other transaction may be opened.
  const moving = read.promise.then(async () => {
    await store({ ...before, doctorId: testId('Doctor', 2), note: 'words of another doctor' }, before)
    moved.resolve()
  })
  const { database } = fixture
  const torn = async (tx: Tx) => void (isTorn && (await sql`rollback`.execute(tx)))
  const watched: Database = {
    ...database,
    read: (work) =>
      database.read(async (tx) => {
        await torn(tx)
        return work(tx.withPlugin(afterViews(happens)))
      }),
  }
  const subject = subjectOf(fixture.clinic, 'doctor')
  const device = aPullDevice({ database: watched, clock: fixture.clock }, 'appointments')
  await device.pull(subject)
  await moving
  expect(moves).toBeGreaterThan(0)
  const received = JSON.stringify(device.received)
  const later = aPullDevice(fixture, 'appointments')
  later.checkpoint = device.checkpoint
  await later.pull(subject)
  expect(later.live()).toEqual([])
  return received
}

describe.each(engines)('a document that moves between visibility and content of a pull on %s', (engine) => {
  test('brings no foreign byte', async () => {
    fixture = await aFixtureClinic(engine)
    const received = await pulledMeanwhile(false)
    expect(received).toContain('"note":"mine"')
    expect(received).not.toContain('words of another doctor')
  })

  test('would bring them without one state for all that a pull reads, and this test would see it', async () => {
    fixture = await aFixtureClinic(engine)
    expect(await pulledMeanwhile(true)).toContain('words of another doctor')
  })
})
