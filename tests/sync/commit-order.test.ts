import { afterEach, describe, expect, test } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import { minutes } from '#domain/time/instant.ts'
import { openDatabase } from '#server/database/database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { pullChanges } from '#server/operations/pull-changes.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import type { Job } from '#server/operations/write-context.ts'
import { anAppointment, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { TEST_SEED, testRandom } from '#tests/support/seeded.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let fixture: Fixture
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  await fixture.close()
})

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Another instance of the server on the same database. */
function anotherWriter() {
  const database = openDatabase({ url: fixture.url })
  const writer = createClinicWriter({ database, now: () => fixture.clock.now, newId: fixture.newId })
  ends.push(async () => {
    await writer.close()
    await database.close()
  })
  return writer
}

const numbered = (n: number): Appointment =>
  anAppointment({
    id: testId('Appointment', n),
    patientId: testId('Patient', 1 + (n % 20)),
    start: NINE_O_CLOCK + minutes(15 * n),
    end: NINE_O_CLOCK + minutes(15 * n + 15),
  })

/** Stores a document and then holds the transaction open. */
const slowly = (n: number, hold: () => Promise<void>): Job<void> => ({
  subject: null,
  door: 'seed',
  run: async (ctx) => {
    await saveDocument(ctx, 'appointments', null, { ...numbered(n), _deleted: false })
    await hold()
    return { ok: true, value: undefined }
  },
})

function aPuller() {
  const seen = new Set<string>()
  let checkpoint: WireCheckpoint | null = null
  return {
    seen,
    pull: async () => {
      const deps = { database: fixture.database, now: () => fixture.clock.now, noteAccess: async () => undefined }
      const subject = subjectOf(fixture.clinic, 'receptionist')
      const answer = await pullChanges(deps, subject, 'appointments', checkpoint, 3)
      if (!answer.ok) throw new Error(answer.message)
      checkpoint = answer.result.checkpoint
      for (const { id, _deleted } of answer.result.documents) if (!_deleted) seen.add(id)
      return answer.result.documents.length
    },
  }
}

describe.each(engines)('on %s', (engine) => {
  test('a reader that comes between a slow commit and a fast one misses neither', async () => {
    fixture = await aFixtureClinic(engine)
    const fast = anotherWriter()
    const { seen, pull } = aPuller()
    await pull()
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let isInside: () => void = () => undefined
    const inside = new Promise<void>((resolve) => {
      isInside = resolve
    })
    const { clinicId } = fixture.clinic
    const slow = fixture.writer.submit(
      clinicId,
      'interactive',
      slowly(1, () => {
        isInside()
        return held
      }),
    )
    await inside
    const second = fast.submit(
      clinicId,
      'interactive',
      slowly(2, async () => undefined),
    )
    // With numbers in any other order than that of commits, the second would be visible now, and the reader past the first.
    await Promise.race([second, pause(300)])
    await pull()
    await pull()
    release()
    await Promise.all([slow, second])
    while ((await pull()) > 0);
    expect([...seen].sort()).toEqual([testId('Appointment', 1), testId('Appointment', 2)])
  })

  test(`a reader that never stops sees every document of three writers (seed ${TEST_SEED})`, async () => {
    fixture = await aFixtureClinic(engine)
    const random = testRandom(engine === 'sqlite' ? 1 : 2)
    const { seen, pull } = aPuller()
    const writers = [fixture.writer, anotherWriter(), anotherWriter()]
    const total = process.env.SOAK ? 600 : 90
    let isWriting = true
    const reading = (async () => {
      // SQLite answers without a turn of the event loop, in which the writers could go on.
      for (; isWriting; await pause(0)) await pull()
      while ((await pull()) > 0);
    })()
    const writing = Array.from({ length: total }, async (_, n) => {
      await pause(random.between(0, 10 * total))
      const hold = random.chance(0.2) ? () => pause(random.between(0, 30)) : async () => undefined
      await random.pick(writers).submit(fixture.clinic.clinicId, 'interactive', slowly(n, hold))
    })
    await Promise.all(writing)
    isWriting = false
    await reading
    expect([...seen].sort()).toEqual(Array.from({ length: total }, (_, n) => testId('Appointment', n)).sort())
  })
})
