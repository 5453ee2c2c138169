// A backup is put back under clients that have seen more: nothing they hold is lost in silence.
import { firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, test } from 'vitest'
import type { AppointmentId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { bookLocally, editWordsLocally, moveLocally } from '#renderer/local-db/appointments-store.ts'
import { overruledChanges$ } from '#renderer/local-db/overruled-changes.ts'
import { createSealKey } from '#server/operations/audit-seal.ts'
import { beginNewHistory } from '#server/operations/begin-new-history.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { putBack, takeBackup } from '#tests/support/database-backup.ts'
import { eventually } from '#tests/support/eventually.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { SECRET_KEY } from '#tests/support/server-under-test.ts'
import { aSyncHarness, type HarnessClient, type SyncHarness } from '#tests/support/sync-harness.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let harness: SyncHarness
afterEach(() => harness.close())

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

const synced = (client: HarnessClient) =>
  eventually(`${client.name} is level with the server`, () => {
    const { connection, waiting, initialSync } = client.sync.getStatus()
    return (connection.phase === 'ready' && waiting === 0 && initialSync.done) || { connection, waiting, initialSync }
  })

const stored = (id: AppointmentId) => harness.server.database.read((tx) => findDocument(tx, 'appointments', id))

const overruled = (client: HarnessClient) => firstValueFrom(overruledChanges$(client.database))

async function restored(backup: Awaited<ReturnType<typeof takeBackup>>): Promise<void> {
  const { database, clock } = harness.server
  await putBack(database, backup)
  await beginNewHistory({ database, now: () => clock.now, newId: newIdSource(() => clock.now) })
}

/** Cuts the line and lets the client dial again. */
function reconnect(client: HarnessClient): void {
  client.proxy.setOffline(true)
  client.proxy.setOffline(false)
  client.sync.kick()
}

describe.each(engines)('a restored backup on %s', (engine) => {
  test('gets back from the devices what was booked and changed after it, unsent edits too', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const [a, b] = [await harness.addClient('receptionist'), await harness.addClient('admin')]
    await Promise.all([synced(a), synced(b)])
    const before = await book(a, 2, 0)
    await synced(a)
    const backup = await takeBackup(harness.server.database)
    const after = await book(a, 3, 1)
    await editWordsLocally(a.desk, before, { note: 'bring x-rays' })
    await synced(a)
    await eventually('the other desk has both', async () => {
      const all = await b.all('appointments')
      return all.has(after) && all.get(before)?.note === 'bring x-rays'
    })
    a.proxy.setOffline(true)
    b.proxy.setOffline(true)
    // Made while the server is away, of a visit that the backup does not know.
    await editWordsLocally(b.desk, after, { note: 'sent by nobody yet' })
    await restored(backup)
    expect(await stored(after)).toBeUndefined()
    expect((await stored(before))?.note).not.toContain('x-rays')

    for (const client of [a, b]) reconnect(client)
    await eventually('the server has it all again', async () => {
      const [one, two] = [await stored(before), await stored(after)]
      return (one?.note.includes('x-rays') && two?.note === 'sent by nobody yet') || { one, two }
    })
    await Promise.all([synced(a), synced(b)])
    for (const client of [a, b]) {
      await eventually('every desk shows it', async () => {
        const all = await client.all('appointments')
        const seen = [all.get(before)?.note, all.get(after)?.note].join()
        return seen === 'bring x-rays,sent by nobody yet' || seen
      })
      expect((await client.all('rejected_changes')).size).toBe(0)
    }
    const { database, clinic } = harness.server
    expect(await verifyBookings(database, clinic.clinicId)).toEqual([])
    expect(await verifyAudit(database, clinic.clinicId, createSealKey(SECRET_KEY))).toEqual([])
  })

  test('leaves a change made since the restore, and tells whoever holds the state that was lost', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const [a, b] = [await harness.addClient('receptionist'), await harness.addClient('admin')]
    await Promise.all([synced(a), synced(b)])
    const id = await book(a, 2, 0)
    await synced(a)
    await eventually('the other desk has it', async () => (await b.all('appointments')).has(id))
    b.proxy.setOffline(true)
    const backup = await takeBackup(harness.server.database)
    expect(await moveLocally(a.desk, id, { start: NINE_O_CLOCK + minutes(60) })).toMatchObject({ ok: true })
    await editWordsLocally(a.desk, id, { reason: 'Cough' })
    await synced(a)
    await eventually('the first desk has heard of both writes', async () => {
      const revision = (await a.all('appointments')).get(id)?.revision
      return revision === 3 || revision
    })
    a.proxy.setOffline(true)
    await restored(backup)
    harness.server.clock.now += minutes(10)
    reconnect(b)
    await synced(b)
    expect(await moveLocally(b.desk, id, { start: NINE_O_CLOCK + minutes(120) })).toMatchObject({ ok: true })
    await synced(b)
    reconnect(a)
    await eventually('the first desk shows the later move', async () => {
      const start = (await a.all('appointments')).get(id)?.start
      return start === NINE_O_CLOCK + minutes(120) || start
    })
    await synced(a)
    expect(await stored(id)).toMatchObject({ start: NINE_O_CLOCK + minutes(120) })
    expect(await overruled(a)).toMatchObject([{ documentId: id, fields: expect.arrayContaining(['start', 'reason']) }])
  })
})
