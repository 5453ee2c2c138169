import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClinic } from '#server/operations/create-clinic.ts'
import { insertLocation } from '#server/repositories/clinic-rows.ts'
import { NINE_O_CLOCK, TEST_ZONE, testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('the clinic itself over REST on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  const ask = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    server.request(method, `/api/v1${path}`, { as: 'admin', headers, ...(body && { body }) })
  const lastChange = async () => (await ask('GET', '/activity?limit=1&collection=clinics')).body.entries[0]

  test('its policies are shown with their defaults, changed one by one, and count at once', async () => {
    const shown = await ask('GET', '/clinic')
    expect(shown.body.clinic).toMatchObject({ name: 'Fixture Clinic', zone: TEST_ZONE, policies: { holdSeconds: 120 } })
    const etag = shown.headers.get('etag') ?? ''
    const changed = await ask('PATCH', '/clinic', { policies: { holdSeconds: 30 } }, { 'if-match': etag })
    expect(changed.body.clinic.policies).toEqual({ ...shown.body.clinic.policies, holdSeconds: 30 })
    expect(changed.headers.get('etag')).not.toBe(etag)
    expect(await lastChange()).toMatchObject({ action: 'changed', collection: 'clinics' })

    const hold = {
      doctorId: testId('Doctor', 1),
      typeId: server.clinic.types.consultation.id,
      patientId: testId('Patient', 3),
      start: NINE_O_CLOCK,
    }
    const { body } = await ask('POST', '/holds', hold)
    expect(body.hold.expiresAt).toBe(server.clock.now + 30_000)
  })

  test('a change that has not seen the last one is refused, and one that says nothing of what it saw', async () => {
    expect((await ask('PATCH', '/clinic', { name: 'X' }, { 'if-match': '"1"' })).body).toMatchObject({
      status: 412,
      code: 'stale-revision',
    })
    expect((await ask('PATCH', '/clinic', { name: 'X' })).body).toMatchObject({ code: 'revision-missing' })
  })

  test.each([
    [{ policies: { holdSeconds: 5 } }, 'policies.holdSeconds'],
    [{ policies: { colour: 'red' } }, 'policies.colour'],
    [{ zone: 'Asia/Tokyo' }, 'zone'],
    [{ name: '  ' }, 'name'],
  ])('%j is refused with its path', async (body, field) => {
    const answer = await ask('PATCH', '/clinic', body, { 'if-match': '*' })
    expect([answer.status, answer.body.field]).toEqual([400, field])
  })

  test('a place is added once, however often that is sent, shown to everybody and changed', async () => {
    const body = { id: testId('Location', 70), name: 'Harbour branch', zone: 'Europe/Lisbon' }
    const added = await ask('POST', '/locations', body)
    expect([added.status, added.body.location]).toMatchObject([201, { ...body, address: '', revision: 1 }])
    expect((await ask('POST', '/locations', body)).body).toEqual(added.body)
    expect((await ask('POST', '/locations', { ...body, name: 'Other' })).body).toMatchObject({ code: 'already-exists' })
    const path = `/locations/${body.id}`
    const changed = await ask('PATCH', path, { address: 'Pier 3' }, { 'if-match': '"1"' })
    expect(changed.body.location).toMatchObject({ address: 'Pier 3', revision: 2 })
    expect((await ask('PATCH', path, { zone: 'UTC' }, { 'if-match': '*' })).status).toBe(400)
    expect((await ask('POST', '/locations', { name: 'Nowhere', zone: 'Mars/Base' })).body).toMatchObject({
      code: 'unknown-zone',
      field: 'zone',
    })
    const seen = await server.request('GET', '/api/v1/locations', { as: 'patient' })
    expect(seen.body.locations).toContainEqual(changed.body.location)
  })

  test('equipment is added, limits visits to its units, and is not to be had when switched off', async () => {
    const { body } = await ask('POST', '/equipment', { name: 'Ultrasound', capacity: 1 })
    const { id } = body.equipment
    const created = await ask('POST', '/appointment-types', {
      code: 'US',
      name: 'Ultrasound',
      durationMinutes: 15,
      equipmentIds: [id],
    })
    const book = (doctor: number) =>
      ask('POST', '/appointments', {
        doctorId: testId('Doctor', doctor),
        patientId: testId('Patient', doctor + 5),
        typeId: created.body.appointmentType.id,
        start: NINE_O_CLOCK + 3_600_000,
      })
    expect((await book(1)).status).toBe(201)
    expect((await book(2)).body).toMatchObject({ status: 409, code: 'equipment-taken' })
    await ask('PATCH', `/equipment/${id}`, { capacity: 2 }, { 'if-match': '"1"' })
    expect((await book(2)).status).toBe(201)
    const off = await ask('PATCH', `/equipment/${id}`, { isActive: false }, { 'if-match': '"2"' })
    expect(off.body.equipment).toMatchObject({ isActive: false, revision: 3 })
    expect((await book(3)).body).toMatchObject({ code: 'equipment-taken' })
    expect((await ask('POST', '/equipment', { name: 'Lamp', locationId: testId('Location', 99) })).body).toMatchObject({
      code: 'unknown-reference',
      field: 'locationId',
    })
  })

  test('what another clinic has is not found, not taken over and not told', async () => {
    const other = testId('Clinic', 2)
    const id = testId('Location', 80)
    await server.database.write(async (tx) => {
      const { clock, server: parts } = server
      const deps = { now: () => clock.now, newId: parts.newId }
      await createClinic(deps, tx, { id: other, name: 'Other Clinic', zone: TEST_ZONE })
      await insertLocation(tx, { id, clinicId: other, name: 'Theirs', address: '', zone: null }, clock.now)
    })
    expect((await ask('PATCH', `/locations/${id}`, { name: 'Mine' }, { 'if-match': '*' })).status).toBe(404)
    const taken = await ask('POST', '/locations', { id, name: 'Mine' })
    expect([taken.status, taken.body.code]).toEqual([409, 'already-exists'])
    expect(JSON.stringify((await ask('GET', '/locations')).body)).not.toContain('Theirs')
  })
})
