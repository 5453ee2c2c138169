/** Personal access tokens: a program does what the person may do and the token names, and nothing of the person's account. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/tokens'
const APPOINTMENTS = '/api/v1/appointments'
const wide = { windowMs: minutes(60), triesPerAddress: 10_000, triesPerAccount: 1_000 }

describe.each(engines)('access tokens on %s', (engine) => {
  let server: ServerUnderTest
  let owner = ''
  beforeAll(async () => {
    server = await aServer(engine, { logInLimits: wide, accountLimits: { password: wide } })
    owner = await server.logIn('receptionist')
  })
  afterAll(() => server.stop())

  const create = (abilities: string[], part: object = {}, token = owner) => {
    const body = { name: 'Phone system', abilities, expiresInDays: 30, password: FIXTURE_PASSWORD, ...part }
    return server.request('POST', PATH, { as: { token }, body })
  }
  const tokenWith = async (...abilities: string[]) => (await create(abilities)).body.token as string
  const list = (token: string) =>
    server
      .request('GET', `${APPOINTMENTS}?from=2026-10-14&to=2026-10-14`, { as: { token } })
      .then(({ status }) => status)

  test('is shown once, kept as a hash, and listed without its text', async () => {
    const { status, body } = await create(['view-appointments'])
    expect(status).toBe(201)
    expect(body.token).toMatch(/^hat_[\w-]{43}$/)
    const listed = await server.request('GET', PATH, { as: { token: owner } })
    expect(listed.body.tokens).toContainEqual(body.accessToken)
    const rows = await server.database.read((tx) => tx.selectFrom('access_tokens').selectAll().execute())
    expect(JSON.stringify([rows, listed.body])).not.toContain(body.token)
  })

  test('does what its abilities name, and no more', async () => {
    const reader = await tokenWith('view-appointments')
    expect(await list(reader)).toBe(200)
    const booking = {
      doctorId: testId('Doctor', 1),
      patientId: testId('Patient', 1),
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK,
    }
    const book = (token: string) => server.request('POST', APPOINTMENTS, { as: { token }, body: booking })
    expect((await book(reader)).body).toMatchObject({ status: 403, code: 'not-allowed' })
    expect((await book(await tokenWith('book-appointment', 'view-appointments'))).status).toBe(201)
  })

  test('never does more than its owner may', async () => {
    expect((await create(['view-activity'])).body).toMatchObject({
      status: 403,
      code: 'not-allowed',
      field: 'abilities',
    })
    expect((await create(['manage-users'], {}, await server.logIn('admin'))).status).toBe(400)
    const email = await server.addAccount('receptionist', 'demoted@fixture.test')
    const login = await server.request('POST', '/api/v1/auth/login', { body: { email, password: FIXTURE_PASSWORD } })
    const { token } = (await create(['view-appointments'], {}, login.body.token)).body
    expect(await list(token)).toBe(200)
    const path = `/api/v1/users/${login.body.user.id}`
    await server.request('PATCH', path, { as: 'admin', body: { roleIds: [] } })
    expect(await list(token)).toBe(403)
    await server.request('PATCH', path, { as: 'admin', body: { isActive: false } })
    expect(await list(token)).toBe(401)
  })

  test('ends on its day, and at once when it is revoked', async () => {
    const { body } = await create(['view-appointments'], { expiresInDays: 1 })
    const start = server.clock.now
    server.clock.now = start + hours(24) - 1
    expect(await list(body.token)).toBe(200)
    server.clock.now = start + hours(24)
    expect(await list(body.token)).toBe(401)
    server.clock.now = start
    const revoke = (token: string) =>
      server.request('DELETE', `${PATH}/${body.accessToken.id}`, { as: { token } }).then(({ status }) => status)
    expect(await revoke(await server.logIn('admin'))).toBe(404)
    expect(await revoke(owner)).toBe(204)
    expect(await list(body.token)).toBe(401)
  })

  test('reaches nothing of the account, no socket, and no other token', async () => {
    const token = await tokenWith('view-appointments')
    const routes = server.server.routes.filter(({ permission }) => permission === 'own-account')
    expect(routes.length).toBeGreaterThan(10)
    for (const { method, url } of routes.filter((route) => route.method !== 'HEAD')) {
      const path = url.replace(/:\w+/, testId('Session', 9))
      const answer = await server.request(method, path, { as: { token }, ...(method !== 'GET' && { body: {} }) })
      expect([method, url, answer.status, answer.body.code]).toEqual([method, url, 403, 'not-allowed'])
    }
    expect((await server.request('GET', '/api/v1/auth/me', { as: { token } })).body.user.email).toBe(
      FIXTURE_EMAILS.receptionist,
    )
  })

  test('is noted as the door of what it did', async () => {
    await list(await tokenWith('view-appointments'))
    const doors = await server.database.read((tx) =>
      tx.selectFrom('audit_log').select('detail').where('action', '=', 'token-created').execute(),
    )
    expect(doors.length).toBeGreaterThan(0)
  })

  test.each<[string, object, string]>([
    ['without a name', { name: ' ' }, 'name'],
    ['without an end', { expiresInDays: 0 }, 'expiresInDays'],
    ['for longer than a year', { expiresInDays: 366 }, 'expiresInDays'],
    ['without an ability', { abilities: [] }, 'abilities'],
  ])('%s there is none', async (_, part, field) => {
    const answer = await create(['view-appointments'], part)
    expect([answer.status, answer.body.field]).toEqual([400, field])
  })

  test('needs the password', async () => {
    expect((await create(['view-appointments'], { password: 'wrong' })).body.code).toBe('wrong-password')
  })
})
