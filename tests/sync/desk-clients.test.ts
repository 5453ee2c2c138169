import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, AppointmentTypeId, PatientId } from '#domain/ids.ts'
import {
  bookLocally,
  cancelLocally,
  checkInLocally,
  confirmLocally,
  editWordsLocally,
  moveLocally,
  placeLocally,
} from '#renderer/local-db/appointments-store.ts'
import { alternativesLocally, nextFreeLocally } from '#renderer/local-db/free-times-local.ts'
import { dismissRejection } from '#renderer/local-db/patients-store.ts'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { aDeskClient, type DeskClient } from '#tests/support/desk-client.ts'

// The whole way: two desks with their own data and network, and the real server with its demo clinic.
let server: DemoServer
let a: DeskClient
let b: DeskClient

beforeAll(async () => {
  server = await startDemoServer()
  ;[a, b] = await Promise.all([aDeskClient(server), aDeskClient(server)])
  await Promise.all([a.level(), b.level()])
})
afterAll(async () => {
  await Promise.all([a.close(), b.close()])
  await server.remove()
})
afterEach(async () => {
  // Each test leaves both desks online and level.
  await Promise.all([a.level(), b.level()])
})

const visit = async ({ desk }: DeskClient, id: AppointmentId) =>
  (await desk.database.appointments.findOne(id).exec())?.toJSON() as Appointment | undefined
/** Waits until a desk has a visit in the wanted state. */
const sees = (client: DeskClient, id: AppointmentId, wanted: Partial<Appointment>) =>
  vi.waitFor(
    async () => {
      const found = await visit(client, id)
      expect(found).toMatchObject(wanted)
      return found as Appointment
    },
    { timeout: 20_000, interval: 20 },
  )
const everywhere = (id: AppointmentId, wanted: Partial<Appointment>) =>
  Promise.all([sees(a, id, wanted), sees(b, id, wanted)])

const used = new Set<number>()
/** A free time that no other test has, and two patients nobody else books. */
async function aFreeTime(): Promise<{
  typeId: AppointmentTypeId
  patients: [PatientId, PatientId]
  free: Alternative
}> {
  const { database } = a.desk
  const types = await database.appointment_types.find().exec()
  const type = types.find(({ doctorIds, isActive }) => isActive && doctorIds.length === 0) ?? types[0]
  // Whoever has nothing ahead is nowhere else, whatever the demo clinic's dice have said.
  const ahead = await database.appointments.find({ selector: { start: { $gt: Date.now() } } }).exec()
  const busy = new Set<string>(ahead.map(({ patientId }) => patientId))
  const idle = (await database.patients.find().exec()).filter(({ id }) => !busy.has(id))
  const patients = idle.slice(2 * used.size, 2 * used.size + 2)
  const offered = await nextFreeLocally(a.desk, {
    typeId: type?.id as AppointmentTypeId,
    notBefore: Date.now() + 2 * 86_400_000,
    limit: 500,
  })
  // Two hours apart, so that no test's visits stand in the way of another's.
  const free = offered.find(({ start }) => [...used].every((taken) => Math.abs(taken - start) >= 7_200_000))
  used.add(free?.start ?? 0)
  const [first, second] = patients.map(({ id }) => id)
  if (!type || !first || !second || !free) throw new Error('the demo clinic has no free time')
  return { typeId: type.id, patients: [first, second], free }
}
async function booked(
  client: DeskClient,
  time: Awaited<ReturnType<typeof aFreeTime>>,
  patient = 0,
): Promise<Appointment> {
  const { typeId, patients, free } = time
  const result = await bookLocally(client.desk, {
    typeId,
    patientId: patients[patient] as PatientId,
    doctorId: free.doctorId,
    start: free.start,
  })
  if (!result.ok) throw new Error(JSON.stringify(result))
  return result.appointment
}

describe('two desks online', () => {
  it('hold the same clinic after the first download', async () => {
    for (const name of ['doctors', 'patients', 'appointments', 'schedule_templates', 'appointment_types'] as const) {
      const counts = await Promise.all([a, b].map(({ desk }) => desk.database[name].count().exec()))
      expect({ name, same: counts[0] === counts[1], some: (counts[0] ?? 0) > 0 }).toEqual({
        name,
        same: true,
        some: true,
      })
    }
  })

  it('see each other’s booking with what the server made of it, and the server has it', async () => {
    const { id } = await booked(a, await aFreeTime())
    const [here, there] = await everywhere(id, { revision: 1, status: 'pending', origin: 'desk' })
    expect(here).toEqual(there)
    const day = here.localDay
    const listed = await a.api.listAppointments({ from: day, to: day })
    expect(listed.ok && listed.value.find((one) => one.id === id)).toEqual({
      ...here,
      date: day,
      time: here.localStart,
    })
  })

  it('confirm, check in and call off, each visible at the other desk', async () => {
    const { id } = await booked(a, await aFreeTime())
    await sees(b, id, { revision: 1 })
    await confirmLocally(b.desk, id)
    await everywhere(id, { status: 'confirmed' })
    await cancelLocally(a.desk, id, 'ill')
    await everywhere(id, { status: 'cancelled', cancelReason: 'ill' })
  })
})

describe('one desk offline', () => {
  it('keeps its changes, counts them, and hands them over when the network returns', async () => {
    const time = await aFreeTime()
    await b.setOffline(true)
    const { id } = await booked(b, time)
    await editWordsLocally(b.desk, id, { note: 'booked in the dark' })
    expect(await b.sync.countWaiting()).toBe(1)
    await b.setOffline(false)
    await b.level()
    await everywhere(id, { note: 'booked in the dark', status: 'pending' })
  })

  it('loses a time that was taken meanwhile: both desks read why, and the other booking stands', async () => {
    const time = await aFreeTime()
    await b.setOffline(true)
    const winner = await booked(a, time, 0)
    await sees(a, winner.id, { revision: 1 })
    const loser = await booked(b, time, 1)
    await b.setOffline(false)
    await everywhere(winner.id, { status: 'pending', start: time.free.start })
    const [atA, atB] = await everywhere(loser.id, { status: 'unplaced' })
    expect(atA).toEqual(atB)
    expect(atA.unplaced).toMatchObject({ reason: 'slot-taken', takenBy: winner.createdByName })
    expect(atA.patientId).toBe(loser.patientId)
    await b.level()

    const offered = await b.api.alternatives(loser.id)
    if (!offered.ok) throw new Error(JSON.stringify(offered))
    expect(offered.value.length).toBeGreaterThanOrEqual(3)
    const local = await alternativesLocally(b.desk, atB, 3)
    expect(local).toHaveLength(3)
    const [chosen] = local
    if (!chosen) throw new Error('no time offered')
    expect((await placeLocally(b.desk, loser.id, chosen)).ok).toBe(true)
    await everywhere(loser.id, { status: 'pending', start: chosen.start, doctorId: chosen.doctorId, unplaced: null })
    await everywhere(winner.id, { status: 'pending', start: time.free.start })
  })

  it('keeps the old time of a visit it moved onto a taken one, and finds the attempt in its inbox', async () => {
    const [first, second] = [await aFreeTime(), await aFreeTime()]
    const moved = await booked(b, first)
    await everywhere(moved.id, { revision: 1 })
    await b.setOffline(true)
    const holder = await booked(a, second)
    await sees(a, holder.id, { revision: 1 })
    const result = await moveLocally(b.desk, moved.id, { start: second.free.start, doctorId: second.free.doctorId })
    expect(result.ok).toBe(true)
    await b.setOffline(false)
    await everywhere(moved.id, { start: first.free.start, doctorId: first.free.doctorId })
    const inbox = () => b.desk.database.rejected_changes.find().exec()
    const [refusal] = await vi.waitFor(
      async () => {
        const rows = await inbox()
        expect(rows).toHaveLength(1)
        return rows
      },
      { timeout: 20_000 },
    )
    expect(refusal).toMatchObject({ collectionName: 'appointments', documentId: moved.id, reason: 'slot-taken' })
    if (refusal) await dismissRejection(b.desk, refusal.id)
    await b.level()
    expect(await inbox()).toEqual([])
  })

  it('merges what both wrote about one visit', async () => {
    const { id } = await booked(a, await aFreeTime())
    await everywhere(id, { revision: 1 })
    await b.setOffline(true)
    await editWordsLocally(a.desk, id, { note: 'needs an interpreter' })
    await cancelLocally(a.desk, id, 'called off by phone')
    await sees(a, id, { status: 'cancelled', note: 'needs an interpreter' })
    await a.level()
    await editWordsLocally(b.desk, id, { note: 'brings x-rays' })
    await checkInLocally(b.desk, id)
    await b.setOffline(false)
    // Who came beats who was called off.
    await everywhere(id, { status: 'arrived', note: 'brings x-rays\nneeds an interpreter', cancelReason: '' })
  })
})

describe('the server', () => {
  it('killed and started again finds every change of both desks, once', async () => {
    const [first, second] = [await aFreeTime(), await aFreeTime()]
    await server.stop('SIGKILL')
    await Promise.all([a, b].map(({ until }) => until(({ connection }) => connection.phase === 'offline')))
    const [one, other] = [await booked(a, first), await booked(b, second)]
    await server.start()
    a.sync.kick()
    b.sync.kick()
    for (const { id } of [one, other]) await everywhere(id, { status: 'pending', revision: 1 })
    await Promise.all([a.level(), b.level()])
  })

  it('that ended the session leaves the data, asks for a log-in, and then takes what waits', async () => {
    const time = await aFreeTime()
    await a.api.logout()
    await a.until(({ connection }) => connection.phase === 'unauthenticated')
    const { id } = await booked(a, time)
    expect(await a.sync.countWaiting()).toBe(1)
    await a.logIn()
    await a.level()
    await everywhere(id, { revision: 1 })
  })
})
