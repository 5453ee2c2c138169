import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const LOGIN = '/api/v1/auth/login'
const right = { email: FIXTURE_EMAILS.receptionist, password: FIXTURE_PASSWORD }

describe.each(engines)('log-in on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  test('answers a token and who is signed in', async () => {
    const { status, body } = await server.request('POST', LOGIN, { body: right })
    expect(status).toBe(200)
    expect(body.token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(body.csrfToken).toBeUndefined()
    expect(body.serverTime).toBe(server.clock.now)
    expect(body.user).toMatchObject({
      email: right.email,
      roles: ['receptionist'],
      doctorId: null,
      patientIds: [],
      clinic: { name: 'Fixture Clinic', zone: 'Europe/London' },
    })
    expect(body.user.grants).toContainEqual({ permission: 'book-appointment', scope: 'clinic' })
  })

  test('knows which doctor and which patients a person is', async () => {
    const doctor = await server.request('GET', '/api/v1/auth/me', { as: 'doctor' })
    expect(doctor.body.user.doctorId).toBe(server.clinic.doctors[0]?.id)
    const patient = await server.request('GET', '/api/v1/auth/me', { as: 'patient' })
    expect(patient.body.user.patientIds).toEqual([server.clinic.patients[0]?.id])
  })

  test('takes the address in any case and with blanks around it', async () => {
    const body = { ...right, email: ` ${right.email.toUpperCase()} ` }
    expect((await server.request('POST', LOGIN, { body })).status).toBe(200)
  })

  test('stores the token as a hash only', async () => {
    const { body } = await server.request('POST', LOGIN, { body: right })
    const rows = await server.database.read((tx) => tx.selectFrom('sessions').selectAll().execute())
    expect(JSON.stringify(rows)).not.toContain(body.token)
    expect(rows.every(({ token_hash }) => /^[0-9a-f]{64}$/.test(token_hash))).toBe(true)
  })

  test('remembers the device, and names it in the list of sessions', async () => {
    const device = { id: 'dddddddd-0000-7000-8000-000000000001', name: 'Desk 1' }
    const { body } = await server.request('POST', LOGIN, { body: { ...right, device } })
    const list = await server.request('GET', '/api/v1/auth/sessions', { as: body })
    expect(list.body.sessions.find((row: { isCurrent: boolean }) => row.isCurrent)).toMatchObject({
      deviceName: 'Desk 1',
    })
    const again = await server.request('POST', LOGIN, { body: { ...right, device: { ...device, name: 'Desk one' } } })
    expect(again.status).toBe(200)
    const rows = await server.database.read((tx) => tx.selectFrom('devices').selectAll().execute())
    expect(rows).toMatchObject([{ id: device.id, name: 'Desk one', clinic_id: server.clinic.clinicId }])
  })

  test('is noted in the audit log, a refused one too', async () => {
    await server.request('POST', LOGIN, { body: { ...right, password: 'wrong' } })
    await expect
      .poll(() =>
        server.database.read((tx) =>
          tx.selectFrom('audit_log').select('action').where('action', '=', 'log-in-refused').execute(),
        ),
      )
      .not.toHaveLength(0)
    const rows = await server.database.read((tx) =>
      tx.selectFrom('audit_log').selectAll().where('action', '=', 'logged-in').execute(),
    )
    expect(rows.map(({ user_id }) => user_id)).toContain(server.clinic.userIds.receptionist)
  })

  test('says the same to an unknown address, a wrong password and an account that is switched off', async () => {
    await server.addAccount('receptionist', 'gone@fixture.test')
    await server.database.write((tx) =>
      tx.updateTable('users').set({ is_active: 0 }).where('email', '=', 'gone@fixture.test').execute(),
    )
    const tries = [
      { email: 'nobody@fixture.test', password: FIXTURE_PASSWORD },
      { ...right, password: 'not the password' },
      { email: 'gone@fixture.test', password: FIXTURE_PASSWORD },
    ]
    const answers = []
    for (const body of tries) answers.push(await server.request('POST', LOGIN, { body }))
    const texts = answers.map(({ status, body }) => ({ ...body, status, requestId: '' }))
    expect(new Set(texts.map((text) => JSON.stringify(text))).size).toBe(1)
    expect(texts[0]).toMatchObject({ status: 401, code: 'wrong-credentials' })
    const headers = answers.map((answer) => [...answer.headers.keys()].sort().join())
    expect(new Set(headers).size).toBe(1)
  })

  test('does the same work for an unknown address and a wrong password, so that time does not tell either', async () => {
    const { passwords } = server.server
    const check = vi.spyOn(passwords, 'isRight')
    for (const email of ['nobody@fixture.test', right.email]) {
      check.mockClear()
      await server.request('POST', LOGIN, { body: { email, password: 'not the password' } })
      expect(check).toHaveBeenCalledTimes(1)
    }
    check.mockRestore()
    const known = await server.database.read((tx) =>
      tx.selectFrom('users').select('password_hash').where('email', '=', right.email).executeTakeFirstOrThrow(),
    )
    // What stands in for an account that does not exist is checked, and at the cost of one that does.
    expect(passwords.costOfNobody()).toBe(known.password_hash?.split('$').slice(0, 4).join('$'))
    expect(await passwords.isRight('the password of nobody', null)).toBe(false)
  })

  test('refuses unknown fields and wrong types by name', async () => {
    const extra = await server.request('POST', LOGIN, { body: { ...right, role: 'admin' } })
    expect([extra.status, extra.body.field]).toEqual([400, 'role'])
    const wrong = await server.request('POST', LOGIN, { body: { ...right, password: 5 } })
    expect([wrong.status, wrong.body.field]).toEqual([400, 'password'])
    const device = await server.request('POST', LOGIN, { body: { ...right, device: { id: 'x', name: 'y' } } })
    expect([device.status, device.body.field]).toEqual([400, 'device.id'])
  })
})

describe.each(engines)('guessing passwords on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine, { logInLimits: { windowMs: minutes(15), triesPerAccount: 4, triesPerAddress: 9 } })
  })
  afterAll(() => server.stop())

  const guess = (email: string) => server.request('POST', LOGIN, { body: { email, password: 'a guess' } })

  test('one account is refused after some tries, even with the right password, known or not', async () => {
    for (const email of [right.email, 'nobody@fixture.test']) {
      const statuses = []
      for (let count = 0; count < 4; count += 1) statuses.push((await guess(email)).status)
      expect(statuses).toEqual([401, 401, 401, 401])
      const { status, body, headers } = await server.request('POST', LOGIN, {
        body: { email, password: FIXTURE_PASSWORD },
      })
      expect([status, body.code]).toEqual([429, 'too-many-attempts'])
      expect(Number(headers.get('retry-after'))).toBe(15 * 60)
      expect(body.retryAfterSeconds).toBe(15 * 60)
    }
  })

  test('one address is refused after some tries on many accounts', async () => {
    const statuses = []
    for (let count = 0; count < 4; count += 1) statuses.push((await guess(`guess${count}@fixture.test`)).status)
    expect(statuses).toEqual([401, 429, 429, 429])
  })

  test('may go on when the time is over, and a success takes the count of the account back', async () => {
    server.clock.now += minutes(15)
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 2; count += 1) expect((await guess(right.email)).status).toBe(401)
      expect((await server.request('POST', LOGIN, { body: right })).status).toBe(200)
    }
  })

  test('tries at the same moment cannot pass the limit together', async () => {
    server.clock.now += minutes(15)
    const answers = await Promise.all(Array.from({ length: 12 }, () => guess(FIXTURE_EMAILS.admin)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(4)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(8)
  })
})
