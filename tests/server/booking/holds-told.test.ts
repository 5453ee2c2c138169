// Boards show the times that others keep: their sockets are told of each change, and read without opening a record.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import { at } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { openWire, type WireClient } from '#tests/support/wire-client.ts'

const DAYS = 'from=2026-10-14&to=2026-10-20'
const MINE = testId('Doctor', 1)
const OTHER = testId('Doctor', 2)

describe.each(engines)('what boards hear of holds on %s', (engine) => {
  let server: ServerUnderTest
  const wires: WireClient[] = []
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(async () => {
    for (const wire of wires) wire.close()
    await server.stop()
  })

  /** A socket that has asked for pokes about holds; a pull that was answered says that it is heard. */
  async function listener(as: ShippedRole): Promise<{ readonly pokes: () => number }> {
    const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
    wires.push(wire)
    const authorization = `Bearer ${await server.logIn(as)}`
    wire.send({ id: 'hello', collection: '', method: 'auth', params: [{ authorization }] })
    wire.send({ id: 'stream', collection: 'holds', method: 'masterChangeStream$', params: [] })
    await wire.ask('rooms', 'masterChangesSince', [null, 1])
    return {
      pokes: () => wire.received.filter(({ id, collection }) => id === 'stream' && collection === 'holds').length,
    }
  }
  const hold = async (start: number, part: object = {}, as: ShippedRole = 'receptionist'): Promise<string> => {
    const body = { doctorId: OTHER, typeId: server.clinic.types.consultation.id, start, ...part }
    const answer = await server.request('POST', '/api/v1/holds', { as, body })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return answer.body.hold.id
  }
  const book = (start: number, part: object = {}) =>
    server.request('POST', '/api/v1/appointments', {
      as: 'receptionist',
      body: {
        doctorId: OTHER,
        patientId: testId('Patient', 3),
        typeId: server.clinic.types.consultation.id,
        start,
        ...part,
      },
    })

  test('a time that is kept, given free, replaced or booked is told to those who see the doctor, and to nobody else', async () => {
    const [desk, doctor, patient] = [await listener('admin'), await listener('doctor'), await listener('patient')]
    let told = 0
    const isTold = async (deed: () => Promise<unknown>): Promise<void> => {
      await deed()
      told += 1
      await expect.poll(desk.pokes).toBe(told)
    }
    let id = ''
    await isTold(async () => {
      id = await hold(at(1, '09:00'))
    })
    await isTold(() => server.request('DELETE', `/api/v1/holds/${id}`, { as: 'receptionist' }))
    await isTold(async () => {
      id = await hold(at(1, '09:15'))
    })
    await isTold(async () => {
      id = await hold(at(1, '09:30'), { replaces: id })
    })
    await isTold(async () => expect((await book(at(1, '09:30'), { holdId: id })).status).toBe(201))
    const own = { patientId: testId('Patient', 1) }
    await isTold(() => hold(at(1, '10:00'), own, 'patient'))
    await isTold(() => hold(at(1, '10:30'), own, 'patient'))
    expect(patient.pokes()).toBe(0)
    expect(doctor.pokes()).toBe(0)
    await isTold(() => hold(at(1, '11:00'), { doctorId: MINE }))
    await expect.poll(doctor.pokes).toBe(1)
    expect(patient.pokes()).toBe(0)
  })

  test('a booking that redeems nothing tells nobody of holds', async () => {
    const desk = await listener('admin')
    expect((await book(at(2, '09:00'), { patientId: testId('Patient', 4) })).status).toBe(201)
    await hold(at(2, '10:00'))
    await expect.poll(desk.pokes).toBe(1)
  })

  test('a refused hold tells nobody of it', async () => {
    const desk = await listener('admin')
    await hold(at(3, '09:00'))
    await expect.poll(desk.pokes).toBe(1)
    const body = { doctorId: OTHER, typeId: server.clinic.types.consultation.id, start: at(3, '09:00') }
    expect((await server.request('POST', '/api/v1/holds', { as: 'admin', body })).status).toBe(409)
    await hold(at(3, '10:00'))
    await expect.poll(desk.pokes).toBe(2)
  })

  test('a list without patients names who holds, never for whom, and leaves no row in the audit', async () => {
    const patientId = testId('Patient', 1)
    await hold(at(4, '09:00'), { patientId })
    await hold(at(4, '10:00'), { patientId }, 'patient')
    const countRows = () =>
      server.database.read(async (tx) => (await tx.selectFrom('audit_log').select('seq').execute()).length)
    const listed = async (query: string) => {
      const before = await countRows()
      const { body } = await server.request('GET', `/api/v1/holds?${query}`, { as: 'admin' })
      const holds = (body.holds as { start: number; patientId: string | null; heldBy: string }[])
        .filter(({ start }) => start >= at(4) && start < at(5))
        .map((one) => [one.patientId, one.heldBy])
      return { holds, rows: (await countRows()) - before }
    }
    const staff = (
      await server.database.read((tx) =>
        tx
          .selectFrom('users')
          .select('name')
          .where('id', '=', server.clinic.userIds.receptionist)
          .executeTakeFirstOrThrow(),
      )
    ).name
    // The first look opens the admin's session, which is a row of its own.
    await listed(DAYS)
    expect(await listed(`${DAYS}&withPatients=false`)).toEqual({
      holds: [
        [null, staff],
        [null, ''],
      ],
      rows: 0,
    })
    expect(await listed(DAYS)).toEqual({
      holds: [
        [patientId, staff],
        [patientId, ''],
      ],
      rows: 1,
    })
  })

  test('as many days may be asked for as a board reaches, and no more', async () => {
    const status = async (to: string) =>
      (await server.request('GET', `/api/v1/holds?from=2026-10-14&to=${to}`, { as: 'admin' })).status
    expect(await status('2027-04-12')).toBe(200)
    expect(await status('2027-10-14')).toBe(400)
  })

  test('what is told of beside the collections can be neither pulled nor pushed', async () => {
    const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
    wires.push(wire)
    const authorization = `Bearer ${await server.logIn('admin')}`
    wire.send({ id: 'hello', collection: '', method: 'auth', params: [{ authorization }] })
    expect((await wire.ask('holds', 'masterWrite', [[]])).result).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  })
})
