import { afterEach, describe, expect, test } from 'vitest'
import type { AppointmentId, ClinicId, UserId } from '#domain/ids.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'
import { bookLocally, editWordsLocally, moveLocally } from '#renderer/local-db/appointments-store.ts'
import { dismissRejection } from '#renderer/local-db/patients-store.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aSyncHarness, type HarnessClient, type SyncHarness } from '#tests/support/sync-harness.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let harness: SyncHarness
afterEach(() => harness.close())

const wish = (patient: number) => ({
  patientId: testId<'Patient'>('Patient', patient),
  doctorId: testId<'Doctor'>('Doctor', 1),
  typeId: testId<'AppointmentType'>('AppointmentType', 9),
  start: NINE_O_CLOCK,
})

const aRefusal = (n: number, clinicId: ClinicId, userId: UserId): RejectedChange => ({
  id: testId('RejectedChange', n),
  clinicId,
  userId,
  collectionName: 'appointments',
  documentId: testId('Appointment', n),
  reason: 'not-allowed',
  field: '',
  takenBy: '',
  takenAt: null,
  attempted: '{}',
  base: null,
  at: n,
  revision: 0,
})

async function book(client: HarnessClient, patient: number): Promise<AppointmentId> {
  const answer = await bookLocally(client.desk, wish(patient))
  if (!answer.ok) throw new Error(`not booked: ${answer.reason}`)
  return answer.appointment.id
}

const synced = (client: HarnessClient) =>
  eventually(`${client.name} is level with the server`, () => {
    const { connection, waiting, initialSync } = client.sync.getStatus()
    return (connection.phase === 'ready' && waiting === 0 && initialSync.done) || { connection, waiting, initialSync }
  })

const statusAt = async (client: HarnessClient, id: AppointmentId) => (await client.all('appointments')).get(id)?.status

describe.each(engines)('two desks on %s', (engine) => {
  test('a visit booked at one appears at the other', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const [a, b] = [await harness.addClient('receptionist'), await harness.addClient('admin')]
    await Promise.all([synced(a), synced(b)])
    const id = await book(a, 2)
    await eventually('the visit arrives', async () => (await statusAt(b, id)) === 'pending' || 'not there')
    await eventually('both hold the server’s document', async () => {
      const [here, there] = [(await a.all('appointments')).get(id), (await b.all('appointments')).get(id)]
      return (here?.revision === 1 && canonicalText(here) === canonicalText(there)) || { here, there }
    })
  })

  test('both book the same time while one is offline: one holds it, the other is unplaced, with a way on', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const [a, b] = [await harness.addClient('receptionist'), await harness.addClient('admin')]
    await Promise.all([synced(a), synced(b)])
    b.proxy.setOffline(true)
    const [won, lost] = [await book(a, 2), await book(b, 3)]
    await synced(a)
    expect(await statusAt(b, lost)).toBe('pending')
    b.proxy.setOffline(false)
    b.sync.kick()
    for (const client of [a, b]) {
      await eventually('both screens agree', async () => {
        const seen = [await statusAt(client, won), await statusAt(client, lost)].join()
        return seen === 'pending,unplaced' || seen
      })
    }
    const unplaced = (await b.all('appointments')).get(lost)
    expect(unplaced?.unplaced).toMatchObject({ reason: 'slot-taken', at: harness.server.clock.now })
    for (const { api } of [a, b]) {
      const answer = await api.alternatives(lost)
      expect(answer.ok && answer.value.length).toBe(5)
    }
    expect(await verifyBookings(harness.server.database, harness.server.clinic.clinicId)).toEqual([])
    const rows = await harness.server.database.read((tx) =>
      tx.selectFrom('appointments').select(['id', 'status', 'holds_time']).orderBy('created_at').execute(),
    )
    expect(rows.map((row) => [row.id, row.status, row.holds_time]).sort()).toEqual(
      [
        [won, 'pending', 1],
        [lost, 'unplaced', 0],
      ].sort(),
    )
    const audited = await harness.server.database.read((tx) =>
      tx.selectFrom('audit_log').select('document_ids').where('action', '=', 'created').execute(),
    )
    for (const id of [won, lost]) expect(audited.some(({ document_ids }) => document_ids.includes(id))).toBe(true)
    expect(harness.server.logLines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([])
  })

  test('a refused edit returns to the server’s state, leaves one row in the inbox, and is pushed no more', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const [desk, doctor] = [await harness.addClient('receptionist'), await harness.addClient('doctor')]
    await Promise.all([synced(desk), synced(doctor)])
    const id = await book(desk, 2)
    await eventually('the doctor sees it', async () => (await statusAt(doctor, id)) === 'pending' || 'no')
    const document = await doctor.database.appointments.findOne(id).exec()
    // Past every check of the client, as a changed or outdated one would do it.
    await document?.incrementalPatch({ patientId: testId('Patient', 5) })
    await eventually('the refusal is in the inbox', async () => (await doctor.all('rejected_changes')).size === 1)
    await synced(doctor)
    expect((await doctor.all('appointments')).get(id)).toMatchObject({ patientId: testId('Patient', 2) })
    const pushes = () => harness.server.database.read((tx) => tx.selectFrom('rejected_changes').selectAll().execute())
    expect(await pushes()).toHaveLength(1)
    const counter = () =>
      harness.server.database.read((tx) => tx.selectFrom('change_batches').select('batch_id').execute())
    const before = await counter()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await counter()).toEqual(before)
    const [row] = [...(await doctor.all('rejected_changes')).values()]
    expect(row).toMatchObject({ reason: 'not-allowed', field: 'patientId', documentId: id })
    expect((await desk.all('rejected_changes')).size).toBe(0)
    if (row) await dismissRejection(doctor.desk, row.id)
    await synced(doctor)
    await eventually('the row is gone', async () => (await pushes())[0]?.is_deleted === 1)
  })

  test('an inbox larger than one page arrives whole', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const { server } = harness
    const { clinicId, userIds } = server.clinic
    const client = await harness.addClient('doctor')
    await synced(client)
    client.proxy.setOffline(true)
    await server.server.writer.submit(clinicId, 'bulk', {
      subject: null,
      door: 'seed',
      run: async (ctx) => {
        for (let n = 0; n < 50; n++) {
          await saveDocument(ctx, 'rejected_changes', null, {
            ...aRefusal(n, clinicId, userIds.doctor),
            _deleted: false,
          })
        }
        return { ok: true, value: undefined }
      },
    })
    client.proxy.setOffline(false)
    client.sync.kick()
    await eventually('all of them are there', async () => {
      const { size } = await client.all('rejected_changes')
      return size === 50 || size
    })
  })

  test('two desks that edit different fields at once both keep their words', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const [a, b] = [await harness.addClient('receptionist'), await harness.addClient('admin')]
    await Promise.all([synced(a), synced(b)])
    const id = await book(a, 2)
    await synced(a)
    await eventually('the visit arrives', async () => (await statusAt(b, id)) === 'pending' || 'no')
    for (const client of [a, b]) client.proxy.setOffline(true)
    await editWordsLocally(a.desk, id, { note: 'from a' })
    await editWordsLocally(b.desk, id, { reason: 'from b', note: 'from b' })
    for (const client of [a, b]) {
      client.proxy.setOffline(false)
      client.sync.kick()
    }
    for (const client of [a, b]) {
      await eventually('both notes are there', async () => {
        const visit = (await client.all('appointments')).get(id)
        return (visit?.reason === 'from b' && visit.note === 'from a\nfrom b') || visit
      })
    }
  })

  test('a doctor’s visit moved to another doctor while an edit waits offline: the edit is kept and shown, the visit leaves', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const [desk, doctor] = [await harness.addClient('receptionist'), await harness.addClient('doctor')]
    await Promise.all([synced(desk), synced(doctor)])
    const id = await book(desk, 2)
    await eventually('the doctor sees it', async () => (await statusAt(doctor, id)) === 'pending' || 'no')
    doctor.proxy.setOffline(true)
    await editWordsLocally(doctor.desk, id, { note: 'written offline' })
    await moveLocally(desk.desk, id, { start: NINE_O_CLOCK, doctorId: testId('Doctor', 2) })
    await synced(desk)
    doctor.proxy.setOffline(false)
    doctor.sync.kick()
    await eventually('the visit has left', async () => !(await doctor.all('appointments')).has(id))
    await eventually('the edit is shown', async () => (await doctor.all('rejected_changes')).size === 1)
    const [row] = [...(await doctor.all('rejected_changes')).values()]
    expect(row).toMatchObject({ reason: 'not-found', documentId: id, base: null })
    expect(row?.attempted).toContain('written offline')
    expect(row?.attempted).not.toContain(testId('Patient', 2))
    expect((await desk.all('appointments')).get(id)).toMatchObject({ doctorId: testId('Doctor', 2), note: '' })
  })

  test('a role lost empties the device within seconds, and granted again fills it', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const { server } = harness
    const client = await harness.addClient('receptionist')
    await synced(client)
    const id = await book(client, 2)
    await synced(client)
    const { clinicId, userIds } = server.clinic
    const roleRow = { clinic_id: clinicId, model_type: 'user' as const, model_id: userIds.receptionist }
    const role = await server.database.read((tx) =>
      tx
        .selectFrom('model_has_roles')
        .selectAll()
        .where('model_id', '=', userIds.receptionist)
        .executeTakeFirstOrThrow(),
    )
    await server.database.write((tx) =>
      tx.deleteFrom('model_has_roles').where('model_id', '=', userIds.receptionist).execute(),
    )
    server.clock.now += 5_000
    client.proxy.play('reset')
    client.sync.kick()
    await eventually('the device is empty', async () => (await client.all('appointments')).size === 0)
    await eventually('patients too', async () => (await client.all('patients')).size === 0)
    await server.database.write((tx) =>
      tx
        .insertInto('model_has_roles')
        .values({ ...roleRow, role_id: role.role_id })
        .execute(),
    )
    server.clock.now += 5_000
    client.proxy.play('reset')
    client.sync.kick()
    await eventually('the visit is back', async () => (await statusAt(client, id)) === 'pending' || 'no')
    await eventually('patients too', async () => (await client.all('patients')).size === 20)
  })
})
