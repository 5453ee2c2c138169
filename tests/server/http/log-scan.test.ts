/** What a patient says must not be found in the log, however a request goes. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'

const MARKER = 'Zyx-Marker'
const PATH = '/api/v1/appointments'

let server: ServerUnderTest
beforeAll(async () => {
  server = await aServer('sqlite')
})
afterAll(() => server.stop())

test('no name, note, address, password, token or query of a request stands in the log', async () => {
  const booking = {
    doctorId: testId('Doctor', 1),
    patientId: testId('Patient', 1),
    typeId: server.clinic.types.consultation.id,
    start: NINE_O_CLOCK,
    reason: MARKER,
    note: MARKER,
  }
  const as = 'receptionist'
  const { body } = await server.request('POST', PATH, { as, body: booking })
  const { id } = body.appointment
  await server.request('POST', PATH, { as, body: booking })
  await server.request('POST', PATH, { as, body: { ...booking, [MARKER]: 1 } })
  await server.request('POST', PATH, { as, body: { ...booking, start: MARKER } })
  await server.request('POST', PATH, { as, body: `{"note": "${MARKER}` })
  await server.request('POST', PATH, { as, body: { ...booking, note: MARKER.repeat(10_000) } })
  await server.request('POST', `${PATH}/${id}/cancel`, { as, body: { reason: MARKER, revision: 1 } })
  await server.request('GET', `${PATH}?from=${MARKER}&to=2026-10-14`, { as })
  await server.request('GET', `/${MARKER}?name=${MARKER}`, { headers: { accept: 'text/html', referer: MARKER } })
  await server.request('GET', `${PATH}/${MARKER}`, { as, headers: { 'user-agent': MARKER, 'x-request-id': MARKER } })
  const patient = `/api/v1/patients/${testId('Patient', 1)}`
  await server.request('POST', `${patient}/legal-holds`, { as: 'admin', body: { reason: MARKER } })
  await server.request('GET', `${patient}/legal-holds`, { as: 'admin' })
  await server.request('GET', `${patient}/erasure`, { as: 'admin' })
  await server.request('POST', `${patient}/erasure`, { as: 'admin', body: { reason: MARKER, confirmation: MARKER } })
  await server.request('GET', `${patient}/export`, { as: 'admin' })
  await server.request('GET', `/api/v1/activity?action=${MARKER}&cursor=${MARKER}`, { as: 'admin' })
  await server.server.housekeeping.look()
  const login = { email: `${MARKER}@fixture.test`, password: MARKER, device: { id: testId('Device'), name: MARKER } }
  await server.request('POST', '/api/v1/auth/login', { body: login })
  await server.request('GET', '/api/v1/auth/me', { as: { token: MARKER } })

  // A database error carries the row it failed on.
  await server.database.write((tx) => tx.schema.alterTable('appointments').renameTo('appointments_away').execute())
  const failed = await server.request('POST', PATH, { as, body: { ...booking, start: NINE_O_CLOCK + 3_600_000 } })
  await server.database.write((tx) =>
    tx.schema
      .alterTable('appointments_away' as 'appointments')
      .renameTo('appointments')
      .execute(),
  )
  expect(failed.status).toBe(500)

  const log = server.logLines.join('')
  expect(log).toContain('"statusCode":500')
  expect(log).toContain('ERR_SQLITE_ERROR')
  expect(log.toLowerCase()).not.toContain(MARKER.toLowerCase())
  expect(log).not.toContain('Patient Number')
  expect(log).not.toContain(FIXTURE_PASSWORD)
  expect(log).not.toContain('@fixture.test')
  expect(log).not.toContain(await server.logIn('admin'))
  expect(failed.body.detail).not.toContain('no such table')
})
