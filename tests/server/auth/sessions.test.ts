import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours, minutes, seconds } from '#domain/time/instant.ts'
import { redeemSocketTicket } from '#server/operations/redeem-socket-ticket.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const AUTH = '/api/v1/auth'
const right = { email: FIXTURE_EMAILS.receptionist, password: FIXTURE_PASSWORD }

describe.each(engines)('sessions on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())
  const me = (token: string) => server.request('GET', `${AUTH}/me`, { as: { token } })

  test('without a token, with a wrong one or with another scheme nobody is signed in', async () => {
    const tries = [
      {},
      { authorization: 'Bearer nonsense' },
      { authorization: 'Basic YTpi' },
      { authorization: 'Bearer' },
    ]
    for (const headers of tries) {
      const answer = await server.request('GET', `${AUTH}/me`, { headers })
      expect([answer.status, answer.body.code]).toEqual([401, 'not-signed-in'])
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  test('logging out ends the session at once', async () => {
    const token = await server.logIn('receptionist')
    expect((await me(token)).status).toBe(200)
    expect((await server.request('POST', `${AUTH}/logout`, { as: { token } })).status).toBe(204)
    expect((await me(token)).status).toBe(401)
  })

  test('a session ends twelve hours after the log-in, used or not', async () => {
    const token = await server.logIn('receptionist')
    const start = server.clock.now
    server.clock.now = start + hours(12) - 1
    expect((await me(token)).status).toBe(200)
    server.clock.now = start + hours(12)
    expect((await me(token)).status).toBe(401)
    server.clock.now = start
  })

  test('a person ends another of their sessions, and nobody else’s', async () => {
    const mine = await server.logIn('receptionist')
    const elsewhere = await server.logIn('receptionist')
    const rows = (await server.request('GET', `${AUTH}/sessions`, { as: { token: elsewhere } })).body.sessions
    const { id } = rows.find((row: { isCurrent: boolean }) => row.isCurrent)

    const foreign = await server.request('DELETE', `${AUTH}/sessions/${id}`, { as: 'admin' })
    expect([foreign.status, foreign.body.code]).toEqual([404, 'not-found'])
    expect((await me(elsewhere)).status).toBe(200)

    expect((await server.request('DELETE', `${AUTH}/sessions/${id}`, { as: { token: mine } })).status).toBe(204)
    expect((await me(elsewhere)).status).toBe(401)
    expect((await server.request('DELETE', `${AUTH}/sessions/${id}`, { as: { token: mine } })).status).toBe(404)
  })

  test('an account that is switched off loses its sessions', async () => {
    const email = await server.addAccount('receptionist', 'leaving@fixture.test')
    const { body } = await server.request('POST', `${AUTH}/login`, { body: { email, password: FIXTURE_PASSWORD } })
    await server.database.write((tx) =>
      tx.updateTable('users').set({ is_active: 0 }).where('email', '=', email).execute(),
    )
    expect((await me(body.token)).status).toBe(401)
  })

  test('a role that is taken away stops working within five seconds', async () => {
    const email = await server.addAccount('receptionist', 'demoted@fixture.test')
    const { body } = await server.request('POST', `${AUTH}/login`, { body: { email, password: FIXTURE_PASSWORD } })
    const list = () =>
      server.request('GET', '/api/v1/appointments?from=2026-10-14&to=2026-10-14', { as: { token: body.token } })
    expect((await list()).status).toBe(200)
    await server.database.write((tx) => tx.deleteFrom('model_has_roles').where('model_id', '=', body.user.id).execute())
    server.clock.now += seconds(5)
    expect((await list()).status).toBe(403)
  })

  test('when somebody was last seen is kept to a few minutes', async () => {
    const token = await server.logIn('admin')
    server.clock.now += minutes(6)
    await me(token)
    const { body } = await server.request('GET', `${AUTH}/sessions`, { as: { token } })
    expect(body.sessions.find((row: { isCurrent: boolean }) => row.isCurrent).lastSeenAt).toBe(server.clock.now)
  })
})

describe.each(engines)('the cookie of the twin on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  const own = () => ({ origin: server.url })
  const open = async () => {
    const body = { ...right, transport: 'cookie' }
    const answer = await server.request('POST', `${AUTH}/login`, { body, headers: own() })
    const [cookie = ''] = answer.headers.getSetCookie()
    return { answer, cookie, pair: cookie.split(';')[0] ?? '', csrf: answer.body.csrfToken as string }
  }

  test('is out of reach for scripts and other sites, and the token stands nowhere else', async () => {
    const { answer, cookie, pair } = await open()
    expect(cookie).toMatch(/^session-0=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(answer.body.token).toBeUndefined()
    expect(JSON.stringify(answer.body)).not.toContain(pair.split('=')[1])
  })

  test('reads without more, and gets its CSRF token again after a reload', async () => {
    const { pair, csrf } = await open()
    const answer = await server.request('GET', `${AUTH}/me`, { headers: { cookie: pair } })
    expect([answer.status, answer.body.csrfToken]).toEqual([200, csrf])
  })

  test('changes nothing without the CSRF token of this very session', async () => {
    const { pair } = await open()
    const other = await open()
    for (const token of [undefined, '', 'nonsense', other.csrf]) {
      const headers = { ...own(), cookie: pair, ...(token !== undefined && { 'x-csrf-token': token }) }
      const answer = await server.request('POST', `${AUTH}/logout`, { headers })
      expect([answer.status, answer.body.code]).toEqual([403, 'csrf-refused'])
    }
    expect((await server.request('GET', `${AUTH}/me`, { headers: { cookie: pair } })).status).toBe(200)
  })

  test('changes nothing from a page of another origin, or from none', async () => {
    const { pair, csrf } = await open()
    for (const origin of ['https://evil.example', 'http://127.0.0.1:1', 'null', 'app://clinic', undefined]) {
      const headers = { cookie: pair, 'x-csrf-token': csrf, ...(origin !== undefined && { origin }) }
      const answer = await server.request('POST', `${AUTH}/logout`, { headers })
      expect([origin, answer.status, answer.body.code]).toEqual([origin, 403, 'origin-not-allowed'])
    }
  })

  test('ends with the log-out', async () => {
    const { pair, csrf } = await open()
    const headers = { ...own(), cookie: pair, 'x-csrf-token': csrf }
    const answer = await server.request('POST', `${AUTH}/logout`, { headers })
    expect(answer.status).toBe(204)
    expect(answer.headers.getSetCookie()[0]).toMatch(/^session-0=; .*Expires=Thu, 01 Jan 1970/)
    expect((await server.request('GET', `${AUTH}/me`, { headers: { cookie: pair } })).status).toBe(401)
  })

  test('counts only where cookies come from: as a bearer token it is nothing, and a bearer token is no cookie', async () => {
    const { pair } = await open()
    const [name, token = ''] = pair.split('=')
    expect((await server.request('GET', `${AUTH}/me`, { as: { token } })).status).toBe(401)
    const bearer = await server.logIn('receptionist')
    expect((await server.request('GET', `${AUTH}/me`, { headers: { cookie: `${name}=${bearer}` } })).status).toBe(401)
  })

  test('is given to pages of this server only', async () => {
    const body = { ...right, transport: 'cookie' }
    for (const headers of [{}, { origin: 'app://clinic' }, { origin: 'https://evil.example' }]) {
      const answer = await server.request('POST', `${AUTH}/login`, { body, headers })
      expect([answer.status, answer.body.code]).toEqual([403, 'origin-not-allowed'])
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  })
})

describe('behind TLS', () => {
  test('the cookie is Secure and bound to the host, and the browser is told to stay with TLS', async () => {
    const server = await aServer('sqlite', { publicUrl: 'https://clinic.example' })
    try {
      const answer = await server.request('POST', `${AUTH}/login`, {
        body: { ...right, transport: 'cookie' },
        headers: { origin: 'https://clinic.example' },
      })
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^__Host-session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      )
      expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
    } finally {
      await server.stop()
    }
  })
})

describe.each(engines)('the ticket of the sync socket on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  const issue = async (token: string, origin: string | null = 'app://clinic') => {
    const headers: Record<string, string> = origin === null ? {} : { origin }
    const { body } = await server.request('POST', `${AUTH}/socket-ticket`, { as: { token }, headers })
    return body as { ticket: string; expiresAt: number }
  }
  const redeem = (ticket: string, origin: string | null = 'app://clinic') => {
    const { database, clock } = server
    const notAsked = () => Promise.reject(new Error('not asked for'))
    const loadSubject = Object.assign(notAsked, { forget: () => undefined })
    return redeemSocketTicket({ database, now: () => clock.now, loadSubject }, ticket, origin)
  }

  test('opens the session it was given to, once', async () => {
    const { ticket, expiresAt } = await issue(await server.logIn('doctor'))
    expect(expiresAt).toBe(server.clock.now + seconds(30))
    expect(await redeem(ticket)).toMatchObject({
      userId: server.clinic.userIds.doctor,
      clinicId: server.clinic.clinicId,
    })
    expect(await redeem(ticket)).toBeNull()
  })

  test('opens one socket of many that try at the same moment', async () => {
    const { ticket } = await issue(await server.logIn('doctor'))
    const sessions = await Promise.all(Array.from({ length: 8 }, () => redeem(ticket)))
    expect(sessions.filter((session) => session !== null)).toHaveLength(1)
  })

  test('is worth nothing from another origin, and is used up by the try', async () => {
    const { ticket } = await issue(await server.logIn('doctor'))
    expect(await redeem(ticket, server.url)).toBeNull()
    expect(await redeem(ticket)).toBeNull()
  })

  test('is worth nothing after thirty seconds', async () => {
    const { ticket } = await issue(await server.logIn('doctor'))
    server.clock.now += seconds(30)
    expect(await redeem(ticket)).toBeNull()
  })

  test('is worth nothing once its session has ended', async () => {
    const token = await server.logIn('doctor')
    const { ticket } = await issue(token)
    await server.request('POST', `${AUTH}/logout`, { as: { token } })
    expect(await redeem(ticket)).toBeNull()
  })

  test('is stored as a hash only, and is nobody’s session token', async () => {
    const { ticket } = await issue(await server.logIn('doctor'))
    const rows = await server.database.read((tx) => tx.selectFrom('one_time_tokens').selectAll().execute())
    expect(JSON.stringify(rows)).not.toContain(ticket)
    expect((await server.request('GET', `${AUTH}/me`, { as: { token: ticket } })).status).toBe(401)
    expect(await redeem('')).toBeNull()
    expect(await redeem('x'.repeat(300))).toBeNull()
  })
})
