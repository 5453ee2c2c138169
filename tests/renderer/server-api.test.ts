import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Type from 'typebox'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorAnswer } from '#domain/api/error-schema.ts'
import { createServerApi, type SessionTransport } from '#renderer/server-api/server-api.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { aSignedInUser } from '#tests/support/local-desk.ts'

type Seen = { method: string; path: string; headers: IncomingMessage['headers']; body: unknown }
let seen: Seen[]
let answer: (response: ServerResponse, request: Seen) => void
let origin: string
let close: () => void

const json = (status: number, value: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
const aProblem = (part: Partial<ErrorAnswer>): ErrorAnswer => ({
  type: '/api/v1/problems#code',
  title: 'No.',
  status: 400,
  detail: 'No.',
  code: 'code',
  requestId: 'r',
  ...part,
})
/** An appointment as the server answers it. */
const aView = () => ({ ...anAppointment(), date: anAppointment().localDay, time: anAppointment().localStart })
const signedIn = { user: aSignedInUser(), serverTime: 5 }

beforeEach(async () => {
  seen = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const text = Buffer.concat(parts).toString()
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, body: text === '' ? null : JSON.parse(text) }
    seen.push(one)
    answer(response, one)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => {
    server.closeAllConnections()
    server.close()
  }
})
afterEach(() => close())

const api = (transport: SessionTransport = 'bearer', more: object = {}) =>
  createServerApi({ origin, transport, isOnline: () => true, timeoutMs: 2_000, ...more })

describe('signing in', () => {
  const credentials = { email: 'a@b.test', password: 'secret' }

  it('on the desktop keeps the token and sends it as a bearer', async () => {
    const client = api()
    answer = json(200, { ...signedIn, token: 't1' })
    expect(await client.login(credentials)).toEqual({ ok: true, value: { ...signedIn, token: 't1' } })
    expect(seen[0]?.body).toEqual({ ...credentials, transport: 'token' })
    answer = json(200, { ticket: 'x', expiresAt: 1 })
    await client.socketTicket()
    expect(seen[1]?.headers.authorization).toBe('Bearer t1')
    answer = (response) => response.writeHead(204).end()
    expect(await client.logout()).toEqual({ ok: true, value: null })
    answer = json(200, signedIn)
    await client.me()
    expect(seen[3]?.headers.authorization).toBeUndefined()
  })

  it('in the browser asks for a cookie and returns the CSRF token with every write', async () => {
    const client = api('cookie')
    answer = json(200, { ...signedIn, csrfToken: 'c1' })
    await client.login(credentials)
    expect(seen[0]?.body).toMatchObject({ transport: 'cookie' })
    answer = json(200, { appointment: aView() })
    await client.confirm(testId('Appointment'), 1)
    expect(seen[1]?.headers).toMatchObject({ 'x-csrf-token': 'c1' })
    expect(seen[1]?.headers.authorization).toBeUndefined()
    answer = json(200, signedIn)
    await client.me()
    expect(seen[2]?.headers['x-csrf-token']).toBeUndefined()
  })

  it('takes up the CSRF token again after a reload, and a token kept from an earlier start', async () => {
    const twin = api('cookie')
    answer = json(200, { ...signedIn, csrfToken: 'c2' })
    await twin.me()
    answer = (response) => response.writeHead(204).end()
    await twin.endSession(testId('Session'))
    expect(seen[1]).toMatchObject({ method: 'DELETE', headers: { 'x-csrf-token': 'c2' } })
    const desktop = api()
    desktop.useToken('kept')
    answer = json(200, signedIn)
    await desktop.me()
    expect(seen[2]?.headers.authorization).toBe('Bearer kept')
  })

  it('takes an answer without a body for what it is, where the status says so', async () => {
    const ask = { method: 'POST', path: '/auth/password-reset', schema: Type.Unknown(), pick: () => 'asked' } as const
    answer = (response) => response.writeHead(202, { 'content-length': '0' }).end()
    expect(await api().call(ask)).toEqual({ ok: true, value: 'asked' })
    answer = (response) => response.writeHead(200, { 'content-length': '0' }).end()
    expect(await api().call(ask)).toMatchObject({ ok: false, kind: 'offline' })
  })

  it('tells a wrong password by its code and sentence', async () => {
    answer = json(401, aProblem({ status: 401, code: 'wrong-credentials', requestId: 'r1', retryAfterSeconds: 3 }))
    expect(await api().login(credentials)).toEqual({
      ok: false,
      kind: 'refused',
      status: 401,
      code: 'wrong-credentials',
      message: 'No.',
      requestId: 'r1',
      retryAfterSeconds: 3,
    })
  })
})

describe('appointments', () => {
  it('are booked with a key that makes a repeat harmless', async () => {
    answer = json(201, { appointment: aView() })
    const body = {
      doctorId: testId('Doctor'),
      patientId: testId('Patient'),
      typeId: testId('AppointmentType'),
      start: 60_000,
    }
    expect(await api().book(body, 'key-1')).toEqual({ ok: true, value: aView() })
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/api/v1/appointments', body })
    expect(seen[0]?.headers['idempotency-key']).toBe('key-1')
  })

  it('are moved, called off, listed and offered other times', async () => {
    answer = json(200, { appointment: aView() })
    const id = testId('Appointment')
    await api().move(id, { start: 1, revision: 2 })
    await api().cancel(id, { reason: 'ill', revision: 2 })
    answer = (response, { path }) =>
      json(200, { appointments: [aView()], nextCursor: path.includes('cursor') ? null : 'more' })(response)
    expect(await api().listAppointments({ from: '2026-10-14', to: '2026-10-15' })).toEqual({
      ok: true,
      value: [aView(), aView()],
    })
    const alternatives = [{ doctorId: testId('Doctor'), start: 1, end: 2 }]
    answer = json(200, { alternatives })
    expect(await api().alternatives(id)).toEqual({ ok: true, value: alternatives })
    expect(seen.map(({ path }) => path)).toEqual([
      `/api/v1/appointments/${id}/move`,
      `/api/v1/appointments/${id}/cancel`,
      '/api/v1/appointments?from=2026-10-14&to=2026-10-15&limit=500',
      '/api/v1/appointments?from=2026-10-14&to=2026-10-15&limit=500&cursor=more',
      `/api/v1/appointments/${id}/alternatives`,
    ])
  })
})

it('takes an answer that says more than it knows, from a newer server', async () => {
  answer = json(200, { ...signedIn, user: { ...signedIn.user, theme: 'dark' }, news: 1 })
  expect(await api().me()).toEqual({ ok: true, value: signedIn })
  answer = json(409, { ...aProblem({ status: 409, code: 'stale' }), hint: 'x' })
  expect(await api().confirm(testId('Appointment'), 1)).toMatchObject({ kind: 'refused', code: 'stale' })
})

describe('when nobody answers', () => {
  const unreachable = { ok: false, kind: 'offline', reason: 'server-unreachable' }

  it('a server that is gone is told from a device without network', async () => {
    close()
    expect(await api().me()).toEqual(unreachable)
    expect(await api('bearer', { isOnline: () => false }).me()).toEqual({ ...unreachable, reason: 'no-network' })
  })

  it('a server that never answers counts as unreachable', async () => {
    answer = () => {}
    expect(await api('bearer', { timeoutMs: 50 }).me()).toEqual(unreachable)
  })

  it('a captive portal or a gateway counts as unreachable, never as an answer', async () => {
    answer = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to the hotel')
    expect(await api().me()).toEqual(unreachable)
    answer = json(200, { user: 'nobody' })
    expect(await api().me()).toEqual(unreachable)
    answer = (response) => response.writeHead(502).end('Bad Gateway')
    expect(await api().me()).toEqual(unreachable)
  })
})
