// Times that devices keep: how many, for whom, against whom; and that what a device books into one stands.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import type { AllotmentList } from '#domain/api/allotment-api.ts'
import type { AppointmentId, DoctorId, PatientId } from '#domain/ids.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { verifyClinic } from '#server/operations/verify-clinic.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { at } from '#tests/support/bookings.ts'
import { anAllotment, anAppointment, aSchedule, TEST_ZONE, testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS, seedDocuments } from '#tests/support/fixture-clinic.ts'
import { aServer, FIXTURE_PASSWORD, SECRET_KEY, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

type Device = { readonly token: string; readonly deviceId: string }
const DOCTORS = [1, 2, 3].map((number) => testId('Doctor', number))
const TODAY = '2026-10-13'
const TOMORROW = '2026-10-14'

describe.each(engines)('allotments on %s', (engine) => {
  let server: ServerUnderTest
  let made = 0
  beforeEach(async () => {
    made = 0
    server = await aServer(engine)
  })
  afterEach(() => server.stop())

  async function signIn(number: number, role: ShippedRole = 'receptionist'): Promise<Device> {
    const device = { id: testId('Device', number), name: `Desk ${number}` }
    const body = { email: FIXTURE_EMAILS[role], password: FIXTURE_PASSWORD, device }
    const answer = await server.request('POST', '/api/v1/auth/login', { body })
    return { token: answer.body.token, deviceId: device.id }
  }
  const ask = (device: Device, method: string, path: string, body?: unknown) =>
    server.request(method, path.startsWith('/sync') ? path : `/api/v1${path}`, {
      as: { token: device.token },
      ...(body !== undefined && { body }),
    })
  const lease = async (device: Device): Promise<readonly Allotment[]> => {
    const answer = await ask(device, 'POST', '/allotments')
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return (answer.body as AllotmentList).allotments
  }
  /** Of the second doctor, whom nobody here is, the first of tomorrow. */
  const oneOf = (leases: readonly Allotment[], doctorId: DoctorId = testId('Doctor', 2)): Allotment => {
    const found = leases.find((each) => each.doctorId === doctorId && each.date === TOMORROW)
    if (!found) throw new Error('nothing leased')
    return found
  }
  type Place = { readonly doctorId: DoctorId; readonly start: number; readonly end?: number }
  const visitAt = ({ doctorId, start, end = start + minutes(15) }: Place, part = {}) => {
    made += 1
    const id = testId('Appointment', made) as AppointmentId
    const patientId = testId('Patient', 1 + (made % 20)) as PatientId
    return {
      ...anAppointment({ id, doctorId, patientId, start, end, status: 'pending', revision: 0, ...part }),
      _deleted: false,
    }
  }
  type Visit = ReturnType<typeof visitAt>
  const push = async (device: Device, ...visits: Visit[]) => {
    const rows = visits.map((newDocumentState) => ({ newDocumentState }))
    const answer = await ask(device, 'POST', '/sync/appointments/1/push', rows)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  }
  const statusOf = async ({ id }: Visit) =>
    (await server.database.read((tx) => findDocument(tx, 'appointments', id)))?.status ?? 'not stored'
  const stored = (id: string) => server.database.read((tx) => findDocument(tx, 'allotments', id))
  const book = (device: Device, { doctorId, start }: Place) => {
    made += 1
    const body = {
      doctorId,
      patientId: testId('Patient', 1 + (made % 20)),
      typeId: testId('AppointmentType', 9),
      start,
    }
    return ask(device, 'POST', '/appointments', body)
  }
  const expectOrder = async () => {
    const deps = { database: server.database, now: () => server.clock.now, sealKey: SECRET_KEY as never }
    const problems = await verifyClinic(deps, server.clinic.clinicId)
    expect(problems.filter(({ check }) => check !== 'audit')).toEqual([])
  }
  const setPolicy = (allotmentOneIn: number) =>
    server.request('PATCH', '/api/v1/clinic', {
      as: 'admin',
      body: { policies: { allotmentOneIn } },
      headers: { 'if-match': '*' },
    })

  test('a device keeps one in eight of each doctor’s times at most, half of that for itself, and asked again nothing more', async () => {
    const [first, second, third] = [await signIn(1), await signIn(2), await signIn(3)]
    const own = await lease(first)
    expect(await lease(first)).toEqual(own)
    const all = [...own, ...(await lease(second)), ...(await lease(third))]
    // 32 times of a quarter of an hour a day; today it is noon, and the rest of the day is looked at.
    for (const doctorId of DOCTORS) {
      for (const date of [TODAY, TOMORROW]) {
        expect(own.filter((one) => one.doctorId === doctorId && one.date === date)).toHaveLength(2)
        expect(all.filter((one) => one.doctorId === doctorId && one.date === date)).toHaveLength(4)
      }
    }
    expect(all.every(({ start, date }) => start > server.clock.now && localDayOf(start, TEST_ZONE) === date)).toBe(true)
    expect(own[0]).toMatchObject({ deviceId: first.deviceId, deviceName: 'Desk 1', heldByName: 'Fixture receptionist' })
    await expectOrder()
  })

  test('a doctor keeps times of their own column, a patient none, and a session without a device none', async () => {
    const doctor = await lease(await signIn(1, 'doctor'))
    expect(new Set(doctor.map(({ doctorId }) => doctorId))).toEqual(new Set([testId('Doctor', 1)]))
    const patient = await signIn(2, 'patient')
    expect((await ask(patient, 'POST', '/allotments')).status).toBe(403)
    const bare = await server.request('POST', '/api/v1/allotments', { as: 'receptionist' })
    expect([bare.status, bare.body]).toEqual([200, { allotments: [] }])
  })

  test('the policy bounds what is kept, and 0 keeps nothing', async () => {
    await setPolicy(0)
    const device = await signIn(1)
    expect(await lease(device)).toEqual([])
    await setPolicy(16)
    expect((await lease(device)).filter(({ date }) => date === TOMORROW)).toHaveLength(3)
  })

  test('what is kept can neither be booked, held, moved to nor found by others, and by its own device it can', async () => {
    const [own, other] = [await signIn(1), await signIn(2)]
    const kept = oneOf(await lease(own))
    const typeId = testId('AppointmentType', 9)
    expect(await book(other, kept)).toMatchObject({ status: 409, body: { code: 'held' } })
    const hold = { doctorId: kept.doctorId, typeId, start: kept.start }
    expect(await ask(other, 'POST', '/holds', hold)).toMatchObject({ status: 409, body: { code: 'held' } })
    const elsewhere = await book(other, { doctorId: testId('Doctor', 3), start: at(3) })
    const { id, revision } = elsewhere.body.appointment
    const move = { doctorId: kept.doctorId, start: kept.start, revision }
    expect(await ask(other, 'POST', `/appointments/${id}/move`, move)).toMatchObject({ status: 409 })
    const query = `typeId=${typeId}&doctorId=${kept.doctorId}&from=${TOMORROW}&to=${TOMORROW}&limit=200&step=15`
    const slots = (await ask(other, 'GET', `/slots?${query}`)).body.slots as { start: number }[]
    expect(slots.length).toBeGreaterThan(20)
    expect(slots.map(({ start }) => start)).not.toContain(kept.start)
    const late = visitAt(kept)
    await push(other, late)
    expect(await statusOf(late)).toBe('unplaced')
    expect(await book(own, kept)).toMatchObject({ status: 201 })
    expect(await stored(kept.id)).toMatchObject({ status: 'used' })
    await expectOrder()
  })

  test('what its device books into it offline stands, whatever came meanwhile, and the lease is used', async () => {
    const own = await signIn(1)
    const kept = oneOf(await lease(own))
    // Leave that is entered meanwhile, and a visit that is put beside it on purpose.
    const beside = visitAt(kept, { overbookReason: 'Emergency' })
    await push(await signIn(2), beside)
    expect(await statusOf(beside)).toBe('pending')
    const leave = {
      ...aSchedule({ doctorId: kept.doctorId, startTime: '00:00', endTime: '23:59' }),
      isAvailable: false,
    }
    await seedDocuments(server.server.writer, 'schedules', [leave])
    const [inside, twice] = [visitAt(kept), visitAt(kept)]
    await push(own, inside)
    await push(own, inside, twice)
    expect([await statusOf(inside), await statusOf(twice)]).toEqual(['pending', 'unplaced'])
    expect(await stored(kept.id)).toMatchObject({ status: 'used', endedAt: server.clock.now })
    await expectOrder()
  })

  test('a booking that is longer than the lease is judged like any other, and the lease makes way for it', async () => {
    const own = await signIn(1)
    const kept = oneOf(await lease(own))
    const long = { end: kept.start + minutes(30), typeId: testId('AppointmentType', 2), status: 'pending' }
    const free = visitAt(kept, long)
    await push(own, free)
    expect(await statusOf(free)).toBe('pending')
    expect(await stored(kept.id)).toMatchObject({ status: 'returned' })
    const other = oneOf(
      (await lease(own)).filter(({ id }) => id !== kept.id),
      testId('Doctor', 3),
    )
    await book(await signIn(2), { ...other, start: other.start + minutes(15) })
    const taken = visitAt(other, { ...long, end: other.start + minutes(30) })
    await push(own, taken)
    expect(await statusOf(taken)).toBe('unplaced')
    expect(await stored(other.id)).toMatchObject({ status: 'open' })
    await expectOrder()
  })

  test('neither the same person on another device nor another person on it has the lease', async () => {
    const own = await signIn(1)
    const kept = oneOf(await lease(own))
    const sameDevice = await signIn(1, 'admin')
    const visits = [visitAt(kept), visitAt(kept)] as const
    await push(await signIn(2), visits[0])
    await push(sameDevice, visits[1])
    expect(await Promise.all(visits.map(statusOf))).toEqual(['unplaced', 'unplaced'])
    expect(await stored(kept.id)).toMatchObject({ status: 'open' })
  })

  test('at its start it is over: others may book, and a late booking of its device stands where nobody did', async () => {
    const own = await signIn(1)
    const leases = (await lease(own)).filter(
      ({ doctorId, date }) => doctorId === testId('Doctor', 2) && date === TOMORROW,
    )
    const [first, second] = leases as [Allotment, Allotment]
    const [early, late] = first.start < second.start ? [first, second] : [second, first]
    // The night lies between: who comes back signs in again, on the same device.
    server.clock.now = early.start
    const other = await signIn(2)
    expect((await book(other, early)).status).toBe(201)
    server.clock.now = late.start + minutes(240)
    const visits = [visitAt(early), visitAt(late)] as const
    await push(await signIn(1), ...visits)
    expect(await Promise.all(visits.map(statusOf))).toEqual(['unplaced', 'pending'])
    await expectOrder()
  })

  test('a device hands back its own and nobody else’s', async () => {
    const [own, other] = [await signIn(1), await signIn(2)]
    const kept = oneOf(await lease(own))
    const body = { allotmentIds: [kept.id] }
    await ask(other, 'POST', '/allotments/hand-back', body)
    expect(await stored(kept.id)).toMatchObject({ status: 'open' })
    const left = (await ask(own, 'POST', '/allotments/hand-back', body)).body.allotments as Allotment[]
    expect(left.map(({ id }) => id)).not.toContain(kept.id)
    expect(await stored(kept.id)).toMatchObject({ status: 'returned', endedByName: '' })
    expect((await book(other, kept)).status).toBe(201)
  })

  test('the desk takes one back, told since when its device was not heard of, and its late booking is unplaced', async () => {
    const [own, other, doctor] = [await signIn(1), await signIn(2), await signIn(3, 'doctor')]
    const kept = oneOf(await lease(own))
    const heardAt = server.clock.now
    server.clock.now += minutes(90)
    const shown = await ask(other, 'GET', `/allotments/${kept.id}`)
    expect(shown.body).toMatchObject({ allotment: { deviceName: 'Desk 1' }, lastContactAt: heardAt })
    expect((await ask(doctor, 'POST', `/allotments/${kept.id}/take-back`)).status).toBe(403)
    const taken = await ask(other, 'POST', `/allotments/${kept.id}/take-back`)
    expect(taken.body.allotment).toMatchObject({ status: 'taken-back', endedByName: 'Fixture receptionist' })
    expect((await ask(other, 'POST', `/allotments/${kept.id}/take-back`)).status).toBe(200)
    expect((await book(other, kept)).status).toBe(201)
    const late = visitAt(kept)
    await push(own, late)
    expect(await statusOf(late)).toBe('unplaced')
    expect((await ask(other, 'POST', `/allotments/${testId('Allotment', 99)}/take-back`)).status).toBe(404)
    await expectOrder()
  })

  test('a revoked device keeps nothing', async () => {
    const kept = oneOf(await lease(await signIn(1)))
    await server.request('DELETE', `/api/v1/devices/${kept.deviceId}`, { as: 'admin' })
    expect(await stored(kept.id)).toMatchObject({ status: 'taken-back' })
    expect((await book(await signIn(2), kept)).status).toBe(201)
  })

  test('however many lease and book at once, nothing is leased twice and nothing is booked that is leased', async () => {
    await setPolicy(1)
    const devices = await Promise.all(Array.from({ length: 8 }, (_, index) => signIn(index + 1)))
    const starts = Array.from({ length: 16 }, (_, index) => at(0) + minutes(30 * index))
    const deeds = devices.flatMap((device, index) => [
      () => ask(device, 'POST', '/allotments'),
      ...starts.slice(index, index + 4).map((start) => () => book(device, { doctorId: testId('Doctor', 2), start })),
      () => ask(device, 'POST', '/allotments'),
    ])
    const answers = await Promise.all(deeds.map((deed) => deed()))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 201, 409]))
    await expectOrder()
    const open = await server.database.read((tx) => tx.selectFrom('allotments').selectAll().execute())
    expect(new Set(open.map((row) => `${row.doctor_id} ${row.start_at}`)).size).toBe(open.length)
  })

  test('the nightly look finds leases of one time and a visit in one', async () => {
    const part = { doctorId: testId('Doctor', 2), typeId: testId('AppointmentType', 9) }
    const rows = [
      anAllotment({ ...part, id: testId('Allotment', 1) }),
      anAllotment({ ...part, id: testId('Allotment', 2) }),
    ]
    await seedDocuments(server.server.writer, 'allotments', rows)
    await seedDocuments(server.server.writer, 'appointments', [anAppointment({ doctorId: part.doctorId })])
    const deps = { database: server.database, now: () => server.clock.now, sealKey: SECRET_KEY as never }
    const problems = await verifyClinic(deps, server.clinic.clinicId)
    expect(problems.filter(({ sentence }) => sentence.startsWith('The allotment'))).toHaveLength(3)
  })
})
