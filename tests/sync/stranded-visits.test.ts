import { afterEach, describe, expect, test } from 'vitest'
import type { AppointmentId } from '#domain/ids.ts'
import { parseStrandedVisits } from '#domain/sync/stranded-visits.ts'
import { minutes } from '#domain/time/instant.ts'
import { bookLocally, cancelLocally } from '#renderer/local-db/appointments-store.ts'
import { aSchedule, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aSyncHarness, type HarnessClient, type SyncHarness } from '#tests/support/sync-harness.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let harness: SyncHarness
afterEach(() => harness.close())

const synced = (client: HarnessClient) =>
  eventually(`${client.name} is level with the server`, () => {
    const { connection, waiting, initialSync } = client.sync.getStatus()
    return (connection.phase === 'ready' && waiting === 0 && initialSync.done) || { connection, waiting, initialSync }
  })

async function book(client: HarnessClient, patient: number, minute: number): Promise<AppointmentId> {
  const answer = await bookLocally(client.desk, {
    patientId: testId('Patient', patient),
    doctorId: testId('Doctor', 1),
    typeId: testId('AppointmentType', 9),
    start: NINE_O_CLOCK + minutes(minute),
  })
  if (!answer.ok) throw new Error(`not booked: ${answer.reason}`)
  return answer.appointment.id
}

async function listOf(client: HarnessClient) {
  const rows = [...(await client.all('rejected_changes')).values()]
  return rows.map((row) => parseStrandedVisits(row)?.visits.map(({ id }) => id))
}

describe.each(engines)('leave entered offline over booked visits on %s', (engine) => {
  test('gives its author the list, leaves the visits alone, and refuses new bookings; withdrawn, the list goes', async () => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const [desk, doctor] = [await harness.addClient('receptionist'), await harness.addClient('doctor')]
    await Promise.all([synced(desk), synced(doctor)])
    const booked = [await book(desk, 2, 0), await book(desk, 3, 15), await book(desk, 4, 180)]
    const visitsAt = async (client: HarnessClient) =>
      [...(await client.all('appointments')).values()]
        .map(({ id, start, status }) => ({ id, start, status }))
        .sort((a, b) => a.start - b.start)
    await synced(desk)
    await eventually('the doctor has them', async () => (await visitsAt(doctor)).length === 3 || 'no')
    const before = await visitsAt(desk)

    doctor.proxy.setOffline(true)
    const leave = aSchedule({ id: testId('Schedule', 5), startTime: '08:00', endTime: '10:00', revision: 0 })
    await doctor.database.schedules.insert(leave)
    // The desk has not heard of it, and books into it meanwhile.
    const late = await book(desk, 5, 30)
    await synced(desk)
    doctor.proxy.setOffline(false)
    doctor.sync.kick()

    await eventually('the doctor is told', async () => {
      const list = await listOf(doctor)
      return JSON.stringify(list) === JSON.stringify([[booked[0], booked[1], late]]) || list
    })
    await eventually('the desk knows of the leave', async () => (await desk.all('schedules')).has(leave.id) || 'no')
    expect((await visitsAt(desk)).filter(({ id }) => id !== late)).toEqual(before)
    expect(await listOf(desk)).toEqual([])
    expect(await bookLocally(desk.desk, wishAt(45))).toMatchObject({ ok: false, reason: 'outside-hours' })
    const online = await desk.api.alternatives(late)
    expect(online.ok && online.value.every(({ start }) => start >= NINE_O_CLOCK + minutes(60))).toBe(true)

    await cancelLocally(desk.desk, late, 'the doctor is away')
    const withdrawn = await doctor.database.schedules.findOne(leave.id).exec()
    await withdrawn?.remove()
    await eventually('the list is gone', async () => (await listOf(doctor)).length === 0 || 'no')
    expect((await visitsAt(desk)).filter(({ id }) => id !== late)).toEqual(before)
  })
})

const wishAt = (minute: number) => ({
  patientId: testId<'Patient'>('Patient', 6),
  doctorId: testId<'Doctor'>('Doctor', 1),
  typeId: testId<'AppointmentType'>('AppointmentType', 9),
  start: NINE_O_CLOCK + minutes(minute),
})
