// Replicas that went wrong behind the protocol's back: found by their sums, and read anew.
import { afterEach, describe, expect, test } from 'vitest'
import type { AppointmentId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { bookLocally } from '#renderer/local-db/appointments-store.ts'
import { type Clock, deviceClock } from '#renderer/local-db/clock.ts'
import { createMetrics } from '#server/metrics/metrics.ts'
import { systemState } from '#server/operations/system-state.ts'
import { findDocument, updateDocument } from '#server/repositories/documents.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aSyncHarness, type HarnessClient, type SyncHarness } from '#tests/support/sync-harness.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let harness: SyncHarness
afterEach(() => harness.close())

/** What waits for minutes comes when the test says so. */
class PatientClock implements Clock {
  readonly #waiting = new Set<() => void>()
  readonly now = deviceClock.now
  readonly setTimeout = (action: () => void, milliseconds: number): unknown => {
    // Longer than the pause between two looks is what has nothing to do with them.
    if (milliseconds < 4 * 60_000 || milliseconds >= 10 * 60_000) return deviceClock.setTimeout(action, milliseconds)
    this.#waiting.add(action)
    return action
  }
  readonly clearTimeout = (handle: unknown): void => {
    if (!this.#waiting.delete(handle as () => void)) deviceClock.clearTimeout(handle)
  }
  get waiting(): number {
    return this.#waiting.size
  }
  letMinutesPass(): void {
    for (const action of [...this.#waiting]) {
      this.#waiting.delete(action)
      action()
    }
  }
}

async function book(client: HarnessClient, patient: number, hours: number): Promise<AppointmentId> {
  const answer = await bookLocally(client.desk, {
    patientId: testId<'Patient'>('Patient', patient),
    doctorId: testId<'Doctor'>('Doctor', 1),
    typeId: testId<'AppointmentType'>('AppointmentType', 9),
    start: NINE_O_CLOCK + minutes(60 * hours),
  })
  if (!answer.ok) throw new Error(`not booked: ${answer.reason}`)
  return answer.appointment.id
}

const notesOf = async (client: HarnessClient, ids: readonly AppointmentId[]) => {
  const all = await client.all('appointments')
  return ids.map((id) => all.get(id)?.note ?? 'not there')
}
const asked = () => harness.server.logLines.filter((line) => line.includes('a replica held something else')).length

describe.each(engines)('a replica on %s', (engine) => {
  test('that holds too old a document, and one that its person may no longer see, is put right at the second look', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const clock = new PatientClock()
    const desk = await harness.addClient('receptionist', clock)
    await eventually('the first sync is done', () => desk.sync.getStatus().initialSync.done)
    const ids = [await book(desk, 2, 0), await book(desk, 3, 1), await book(desk, 4, 2)]
    const [stale, hidden] = ids as [AppointmentId, AppointmentId]
    await eventually('all is level', async () => {
      const { connection, waiting, initialSync } = desk.sync.getStatus()
      const revisions = [...(await desk.all('appointments')).values()].map(({ revision }) => revision)
      return (
        (connection.phase === 'ready' && waiting === 0 && initialSync.done && revisions.join() === '1,1,1') || revisions
      )
    })
    const look = async () => {
      await eventually('the next look is planned', () => clock.waiting > 0)
      clock.letMinutesPass()
      await eventually('it is over', () => clock.waiting > 0)
    }
    await look()
    expect(asked()).toBe(0)

    // Written past the numbers by which replicas are told.
    const { database } = harness.server
    await database.write(async (tx) => {
      const found = await findDocument(tx, 'appointments', stale)
      if (found) await updateDocument(tx, 'appointments', { ...found, note: 'written past it', revision: 2 }, 1)
      await tx.updateTable('document_views').set({ visible: 0 }).where('document_id', '=', hidden).execute()
    })
    await look()
    expect(await notesOf(desk, ids)).toEqual(['', '', ''])
    await look()
    await eventually('the replica is as the server has it', async () => {
      const notes = (await notesOf(desk, ids)).join()
      return notes === 'written past it,not there,' || notes
    })
    expect(asked()).toBe(1)
    await look()
    await look()
    expect(asked()).toBe(1)
    const { differedReplicas, events } = harness.server.server
    const now = () => harness.server.clock.now
    const state = () => systemState({ database, now }, events.bus)
    const metrics = createMetrics({ role: 'all', now, socketCount: () => 1, differedReplicas, state })
    expect(await metrics.text()).toMatch(
      /^appointments_sync_replicas_differed\{collection="appointments",role="all"\} 1$/m,
    )
  })
})
