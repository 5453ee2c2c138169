import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import { testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { openWire } from '#tests/support/wire-client.ts'

describe.each(engines)('a device whose access is taken away, on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  /** Signs in on a machine and opens its socket. */
  async function openOn(device: { readonly id: string; readonly name: string }) {
    const body = { email: FIXTURE_EMAILS.receptionist, password: FIXTURE_PASSWORD, device }
    const { token } = (await server.request('POST', '/api/v1/auth/login', { body })).body
    const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
    wire.send({ id: 'hello', collection: '', method: 'auth', params: [{ authorization: `Bearer ${token}` }] })
    await wire.ask('rooms', 'masterChangesSince', [null, 5])
    return { wire, token }
  }

  test('loses its socket and its session at once, and no other machine does', async () => {
    const lost = await openOn({ id: testId('Device', 1), name: 'Lost laptop' })
    const kept = await openOn({ id: testId('Device', 2), name: 'Front desk' })
    const answer = await server.request('DELETE', `/api/v1/devices/${testId('Device', 1)}`, { as: 'admin' })
    expect(answer.status).toBe(204)
    expect([CLOSE.revoked, CLOSE.unauthenticated]).toContain((await lost.wire.closed).code)
    const me = (token: string) => server.request('GET', '/api/v1/auth/me', { as: { token } })
    const told = await me(lost.token)
    expect([told.status, told.body.code]).toEqual([403, 'device-revoked'])
    const sessions = await server.request('GET', '/api/v1/auth/sessions', { as: { token: lost.token } })
    expect(sessions.status).toBe(401)
    expect((await me(kept.token)).status).toBe(200)
    expect((await kept.wire.ask('rooms', 'masterChangesSince', [null, 5])).error).toBeUndefined()
    kept.wire.close()
  })
})
