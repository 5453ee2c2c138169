import { afterEach, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import type { Wish } from '#renderer/local-db/appointments-store.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { untilLevel } from '#tests/support/replica-check.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aSyncHarness, type HarnessDesk, type SyncHarness } from '#tests/support/sync-harness.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const CLIENTS = 20
const SLOTS = 10
/** Starting twenty threads takes a busy machine a while. */
const PATIENCE_MS = 120_000

const STARTS: readonly number[] = Array.from({ length: SLOTS }, (_, slot) => NINE_O_CLOCK + minutes(15 * slot))

let harness: SyncHarness
afterEach(() => harness.close())

/** Every desk wants all of them, one after another, each for a patient of its own. */
const wishesOf = (desk: number, starts = STARTS): readonly Wish[] =>
  starts.map((start) => ({
    patientId: testId<'Patient'>('Patient', desk + 1),
    doctorId: testId<'Doctor'>('Doctor', 1),
    typeId: testId<'AppointmentType'>('AppointmentType', 9),
    start,
  }))

async function twentyDesks({ server, addDesk }: SyncHarness): Promise<readonly HarnessDesk[]> {
  const numbers = Array.from({ length: CLIENTS }, (_, number) => number)
  const emails = await Promise.all(numbers.map((n) => server.addAccount('receptionist', `desk-${n}@fixture.test`)))
  const desks = await Promise.all(emails.map((email) => addDesk('receptionist', email)))
  const isReady = async ({ status }: HarnessDesk) => (await status()).initialSync.done
  const areReady = async () => (await Promise.all(desks.map(isReady))).every(Boolean)
  await eventually('the first sync', areReady, PATIENCE_MS)
  return desks
}

/** All lose the server, book all of the times, and come back together. */
async function bookOffline({ server }: SyncHarness, desks: readonly HarnessDesk[], starts: readonly number[]) {
  for (const { proxy } of desks) proxy.setOffline(true)
  const isOffline = async ({ status }: HarnessDesk) => (await status()).connection.phase === 'offline'
  await eventually('all are offline', async () => (await Promise.all(desks.map(isOffline))).every(Boolean))
  const booked = await Promise.all(desks.map((desk, number) => desk.book(wishesOf(number, starts))))
  expect(booked.flat().filter((id) => !/^[0-9a-f-]{36}$/.test(id))).toEqual([])
  for (const { proxy } of desks) proxy.setOffline(false)
  await Promise.all(desks.map(({ kick }) => kick()))
  return { booked, tookMs: await untilLevel(server.database, desks, ['appointments', 'rejected_changes']) }
}

test.each(engines)(
  'twenty desks book the same ten times offline and reconnect together: ten hold them, and the authors of the others are told, on %s',
  async (engine) => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const { server } = harness
    const desks = await twentyDesks(harness)
    const { booked, tookMs } = await bookOffline(harness, desks, STARTS)

    const replicas = await Promise.all(desks.map((desk) => desk.all('appointments')))
    for (const [number, visits] of replicas.entries()) {
      const holders = [...visits.values()].filter(({ status }) => status === 'pending')
      const losers = [...visits.values()].filter(({ status }) => status === 'unplaced')
      expect([visits.size, holders.length, losers.length]).toEqual([200, SLOTS, CLIENTS * SLOTS - SLOTS])
      expect(new Set(holders.map(({ start }) => start)).size).toBe(SLOTS)
      // Each author finds all own wishes, and at those that were lost why, and to whom.
      const own = booked[number]?.map((id) => visits.get(id)) ?? []
      const { user } = desks[number] as HarnessDesk
      expect(own.map((visit) => visit?.createdBy)).toEqual(Array(SLOTS).fill(user.id))
      const told = own.flatMap((visit) => (visit?.unplaced ? [visit] : []))
      expect(told.length).toBe(own.filter((visit) => visit?.status === 'unplaced').length)
      for (const { start, unplaced } of told) {
        const winner = holders.find((holder) => holder.start === start)
        expect(unplaced).toMatchObject({ reason: 'slot-taken', takenBy: winner?.createdByName })
      }
    }
    const winners = replicas[0] ? [...replicas[0].values()].filter(({ status }) => status === 'pending') : []
    console.info(
      `${engine}: ${CLIENTS} desks, ${booked.flat().length} bookings offline: ${winners.length} hold a time (${new Set(winners.map(({ createdBy }) => createdBy)).size} desks have some), ${200 - winners.length} unplaced, the same at all desks ${tookMs} ms after the first could dial`,
    )
    expect(await verifyBookings(server.database, server.clinic.clinicId)).toEqual([])
  },
)

test.each(engines)(
  'of the same ten times those that a desk had leased are its own, whoever comes back first, and the others go as before, on %s',
  async (engine) => {
    harness = await aSyncHarness(engine, TEST_SEED)
    const { server } = harness
    const desks = await twentyDesks(harness)
    const doctorId = testId<'Doctor'>('Doctor', 1)
    const holders = new Map<number, string>()
    for (const desk of desks) {
      const own = (await desk.lease()).filter((lease) => lease.doctorId === doctorId && lease.start >= NINE_O_CLOCK)
      for (const { start } of own) holders.set(start, desk.user.id)
    }
    expect([holders.size, new Set(holders.values()).size]).toEqual([4, 2])
    const starts = [...holders.keys(), ...STARTS.filter((start) => !holders.has(start))].slice(0, SLOTS)
    const { booked } = await bookOffline(harness, desks, starts)

    for (const [number, desk] of desks.entries()) {
      const visits = await desk.all('appointments')
      const placed = [...visits.values()].filter(({ status }) => status === 'pending')
      expect([visits.size, placed.length]).toEqual([CLIENTS * SLOTS, SLOTS])
      expect(new Set(placed.map(({ start }) => start))).toEqual(new Set(starts))
      for (const [start, userId] of holders) {
        expect(placed.find((visit) => visit.start === start)?.createdBy).toBe(userId)
      }
      const own = booked[number]?.map((id) => visits.get(id)?.status) ?? []
      expect(own.every((status) => status === 'pending' || status === 'unplaced')).toBe(true)
    }
    const leased = await server.database.read((tx) => tx.selectFrom('allotments').selectAll().execute())
    const ofDay = leased.filter((row) => row.doctor_id === doctorId && row.start_at >= NINE_O_CLOCK)
    expect(ofDay.map(({ status }) => status)).toEqual(['used', 'used', 'used', 'used'])
    expect(await verifyBookings(server.database, server.clinic.clinicId)).toEqual([])
  },
)
