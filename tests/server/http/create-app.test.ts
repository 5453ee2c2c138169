import type { FastifyBaseLogger } from 'fastify'
import Type from 'typebox'
import { afterEach, describe, expect, test } from 'vitest'
import type { App } from '#server/http/app.ts'
import { type AppOptions, createApp } from '#server/http/create-app.ts'
import { createLog } from '#server/http/create-log.ts'
import { registerHealth } from '#server/http/health.ts'
import { createOriginRule } from '#server/http/origins.ts'
import { createSessionCookie } from '#server/http/session-cookie.ts'
import { registerStaticTwin } from '#server/http/static-twin.ts'

const SECRET = 'a secret of at least 32 characters'
const opened: App[] = []
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close()
})

async function anApp(options: Partial<AppOptions> & { checkReady?: () => Promise<void> } = {}) {
  const { checkReady = async () => undefined, ...rest } = options
  const lines: string[] = []
  let requests = 0
  const { app, routes } = await createApp({
    log: createLog('debug', { write: (line) => lines.push(line) }) as FastifyBaseLogger,
    newRequestId: () => {
      requests += 1
      return `request-${requests}`
    },
    findRevocation: async () => null,
    findSession: async () => null,
    originRule: createOriginRule(null),
    cookie: createSessionCookie(false, 4180, SECRET),
    isBehindTls: false,
    noteRefusal: async () => undefined,
    ...rest,
  })
  opened.push(app)
  registerHealth(app, checkReady)
  await registerStaticTwin(app, 'no-such-folder')
  return { app, routes, lines }
}

const body = Type.Object(
  { name: Type.String({ maxLength: 20 }), count: Type.Optional(Type.Integer()) },
  { additionalProperties: false },
)

async function anAppWithForm(options: Partial<AppOptions> = {}) {
  const parts = await anApp(options)
  parts.app.post(
    '/api/v1/forms',
    { config: { permission: 'public' }, schema: { body } },
    async (request) => request.body,
  )
  parts.app.get('/api/v1/broken', { config: { permission: 'public' } }, async () => {
    throw Object.assign(new Error("Duplicate entry 'Maria Marker' for key"), { code: 'ER_DUP_ENTRY', errno: 1062 })
  })
  await parts.app.ready()
  return parts
}

describe('a route', () => {
  test('without a declared permission stops the start', async () => {
    const { app } = await anApp()
    app.get('/api/v1/forgotten', async () => 'open to all')
    await expect(app.ready()).rejects.toThrow('GET /api/v1/forgotten')
  })

  test('that declares a permission nobody knows stops the start', async () => {
    const { app } = await anApp()
    app.get('/api/v1/odd', { config: { permission: 'fly' as never } }, async () => '')
    await expect(app.ready()).rejects.toThrow('GET /api/v1/odd')
  })
})

describe('a body', () => {
  test.each([
    ['a number sent as text', { name: 'a', count: '5' }, 'invalid-field', 'count'],
    ['an unknown field', { name: 'a', isAdmin: true }, 'unknown-field', 'isAdmin'],
    ['a missing field', { count: 1 }, 'missing-field', 'name'],
    ['a text that is too long', { name: 'a'.repeat(21) }, 'invalid-field', 'name'],
    ['a list instead of an object', [], 'invalid-field', 'body'],
  ])('with %s is refused and the field is named', async (_, payload, code, field) => {
    const { app } = await anAppWithForm()
    const answer = await app.inject({ method: 'POST', url: '/api/v1/forms', payload: payload as object })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code, field, requestId: 'request-1' })
    expect(answer.json().detail).toMatch(/\.$/)
  })

  test.each([
    ['no JSON', '{"name": ', 400, 'malformed-json'],
    ['nothing', '', 400, 'malformed-json'],
    ['a prototype', '{"name":"a","__proto__":{"isAdmin":true}}', 400, 'malformed-json'],
    ['more than the server takes', JSON.stringify({ name: 'a'.repeat(70_000) }), 413, 'body-too-large'],
  ])('that holds %s is refused', async (_, payload, status, code) => {
    const { app } = await anAppWithForm()
    const headers = { 'content-type': 'application/json' }
    const answer = await app.inject({ method: 'POST', url: '/api/v1/forms', headers, payload })
    expect(answer.statusCode).toBe(status)
    expect(answer.json().code).toBe(code)
  })

  test('that is no JSON by its type is refused', async () => {
    const { app } = await anAppWithForm()
    const headers = { 'content-type': 'text/plain' }
    const answer = await app.inject({ method: 'POST', url: '/api/v1/forms', headers, payload: 'name=a' })
    expect([answer.statusCode, answer.json().code]).toEqual([415, 'unsupported-media-type'])
  })
})

describe('an unexpected error', () => {
  test('is answered without detail and logged without its message', async () => {
    const { app, lines } = await anAppWithForm()
    const answer = await app.inject({ method: 'GET', url: '/api/v1/broken?name=Maria%20Marker' })
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal-error'])
    expect(answer.body).not.toContain('Marker')
    expect(lines.join()).not.toContain('Marker')
    const failure = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request failed')
    expect(failure.err).toMatchObject({ type: 'Error', code: 'ER_DUP_ENTRY', errno: 1062 })
    expect(failure.err.at[0]).toContain('create-app.test.ts')
  })

  test('that is logged alone keeps its message to itself too', () => {
    const lines: string[] = []
    createLog('info', { write: (line) => lines.push(line) }).error(new Error('Maria Marker'))
    expect(lines.join()).not.toContain('Marker')
  })
})

describe('answers', () => {
  test('carry the security headers and are not cached', async () => {
    const { app } = await anAppWithForm()
    const { headers } = await app.inject({ method: 'POST', url: '/api/v1/forms', payload: { name: 'a' } })
    expect(headers['content-security-policy']).toContain("script-src 'self';")
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-request-id': 'request-1',
    })
  })

  test('say that the server is no longer ready when a part it needs does not answer', async () => {
    const { app } = await anApp({ checkReady: () => Promise.reject(new Error('gone')) })
    expect((await app.inject('/healthz')).statusCode).toBe(200)
    const answer = await app.inject('/readyz')
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'busy'])
  })

  test('stop when one address asks too much, and say when to come back', async () => {
    const { app } = await anApp({ limits: { perAddress: 3, perSession: 3 } })
    const statuses = []
    for (let count = 0; count < 4; count += 1) statuses.push((await app.inject('/healthz')).statusCode)
    expect(statuses).toEqual([200, 200, 200, 429])
    const answer = await app.inject('/healthz')
    expect(answer.json().code).toBe('too-many-requests')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(answer.headers['ratelimit-policy']).toBe('"address";q=3;w=60')
    expect(answer.headers.ratelimit).toMatch(/^"address";r=0;t=\d+$/)
  })
})

describe('one session that asks too much', () => {
  test('is slowed down, and nobody else at the same address', async () => {
    const sessionOf = (token: string) =>
      ({ sessionId: token, transport: 'token', subject: () => Promise.reject(new Error('not asked for')) }) as never
    const { app } = await anApp({
      limits: { perAddress: 100, perSession: 2 },
      findSession: async (token) => sessionOf(token),
    })
    app.get('/api/v1/mine', { config: { permission: 'signed-in' } }, async () => 'mine')
    const ask = async (token: string) =>
      (await app.inject({ url: '/api/v1/mine', headers: { authorization: `Bearer ${token}` } })).statusCode
    expect([await ask('busy'), await ask('busy'), await ask('busy'), await ask('quiet')]).toEqual([200, 200, 429, 200])
    const { headers } = await app.inject({ url: '/api/v1/mine', headers: { authorization: 'Bearer quiet' } })
    expect(headers).toMatchObject({ 'ratelimit-policy': '"session";q=2;w=60', ratelimit: '"session";r=0;t=60' })
  })
})

describe('an app that is closing', () => {
  test('sends whoever still asks away, says when to come back, and keeps no connection open', async () => {
    const { app } = await anApp()
    const late: Response[] = []
    let url = ''
    app.addHook('preClose', async () => {
      late.push(await fetch(`${url}/healthz`))
    })
    url = await app.listen({ host: '127.0.0.1', port: 0 })
    await app.close()
    expect(late[0]?.status).toBe(503)
    expect(Object.fromEntries(late[0]?.headers ?? [])).toMatchObject({ connection: 'close', 'retry-after': '5' })
    expect(await late[0]?.json()).toMatchObject({ code: 'shutting-down', retryAfterSeconds: 5 })
  })
})

describe('a page of another origin', () => {
  test('is refused', async () => {
    const { app } = await anAppWithForm()
    const headers = { origin: 'https://evil.example' }
    const answer = await app.inject({ method: 'POST', url: '/api/v1/forms', headers, payload: { name: 'a' } })
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'origin-not-allowed'])
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  test('may be the desktop, which gets a preflight answer for its token and nothing else', async () => {
    const { app } = await anAppWithForm()
    const headers = { origin: 'app://clinic', 'access-control-request-method': 'POST' }
    const answer = await app.inject({ method: 'OPTIONS', url: '/api/v1/forms', headers })
    expect(answer.statusCode).toBe(204)
    expect(answer.headers['access-control-allow-origin']).toBe('app://clinic')
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
    expect(answer.headers['access-control-allow-headers']).not.toContain('csrf')
  })
})

describe('the rule of origins', () => {
  const rule = createOriginRule('https://clinic.example')
  test.each([
    [undefined, 'none'],
    ['app://clinic', 'desktop'],
    ['https://clinic.example', 'own'],
    ['http://127.0.0.1:4180', 'own'],
    ['http://localhost:4180', 'own'],
    ['http://[::1]:4180', 'own'],
    ['http://127.0.0.1:4181', 'foreign'],
    ['http://clinic.example', 'foreign'],
    ['https://clinic.example.evil.example', 'foreign'],
    ['http://localhost.evil.example:4180', 'foreign'],
    ['https://localhost:4180', 'foreign'],
    ['null', 'foreign'],
    ['', 'foreign'],
  ])('takes %s as %s', (origin, kind) => {
    expect(rule(origin, 4180)).toBe(kind)
  })
})
