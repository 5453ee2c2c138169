/** The second factor: set up, asked for, taken once, and never slipped past. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { minutes, seconds } from '#domain/time/instant.ts'
import { codeAt } from '#server/operations/accounts/totp.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const AUTH = '/api/v1/auth'
const FACTOR = '/api/v1/me/second-factor'
const wide = { windowMs: minutes(60), triesPerAddress: 10_000, triesPerAccount: 1_000 }

describe.each(engines)('the second factor on %s', (engine) => {
  let server: ServerUnderTest
  let count = 0
  let email = ''
  beforeAll(async () => {
    const accountLimits = { mails: wide, password: wide, secondFactor: { ...wide, triesPerAccount: 7 } }
    server = await aServer(engine, { logInLimits: wide, accountLimits })
  })
  beforeEach(async () => {
    count += 1
    email = await server.addAccount('receptionist', `factor${count}@fixture.test`)
  })
  afterAll(() => server.stop())

  const post = (path: string, body: object, token?: string) =>
    server.request('POST', path, { body, ...(token !== undefined && { as: { token } }) })
  const logIn = (password = FIXTURE_PASSWORD) => post(`${AUTH}/login`, { email, password })
  const answer = (challenge: string, code: string) => post(`${AUTH}/second-factor`, { challenge, code })
  const nowCode = (secret: string) => codeAt(secret, server.clock.now)
  const nextStep = () => {
    server.clock.now += seconds(30)
  }
  /** Sets the factor of the test's person up, and moves the clock past the code that did it. */
  const enrol = async () => {
    const { token } = (await logIn()).body
    const { secret } = (await post(FACTOR, { password: FIXTURE_PASSWORD }, token)).body
    const { recoveryCodes } = (await post(`${FACTOR}/confirm`, { code: nowCode(secret) }, token)).body
    nextStep()
    return { secret, token, recoveryCodes } as { secret: string; token: string; recoveryCodes: string[] }
  }
  const demand = (twoFactor: 'off' | 'staff') =>
    server.database.write((tx) =>
      tx
        .updateTable('clinics')
        .set({ policies: JSON.stringify({ twoFactor }) })
        .execute(),
    )

  test('is set up with the password and a first code, and from then on asked for', async () => {
    const { token } = (await logIn()).body
    expect((await post(FACTOR, { password: 'wrong' }, token)).body.code).toBe('wrong-password')
    const { secret, uri } = (await post(FACTOR, { password: FIXTURE_PASSWORD }, token)).body
    expect(uri).toContain('otpauth://totp/Fixture%20Clinic:')
    expect((await post(`${FACTOR}/confirm`, { code: '000000' }, token)).body).toMatchObject({
      status: 403,
      code: 'wrong-code',
    })
    // Not confirmed is not asked for.
    expect((await logIn()).status).toBe(200)
    const done = await post(`${FACTOR}/confirm`, { code: nowCode(secret) }, token)
    expect(new Set(done.body.recoveryCodes).size).toBe(10)
    nextStep()
    const asked = await logIn()
    expect(asked.body).toMatchObject({ status: 401, code: 'second-factor-required', isEnrolment: false })
    expect(asked.body.token).toBeUndefined()
    const passed = await answer(asked.body.challenge, ` ${nowCode(secret).slice(0, 3)} ${nowCode(secret).slice(3)} `)
    expect(passed.body).toMatchObject({ user: { email } })
    expect((await server.request('GET', `${AUTH}/me`, { as: { token: passed.body.token } })).status).toBe(200)
    expect((await post(FACTOR, { password: FIXTURE_PASSWORD }, token)).body.code).toBe('already-enrolled')
  })

  test('says of itself whether it is there, whether it is asked for, and how many codes are left', async () => {
    const stateFor = async (token: string) => (await server.request('GET', FACTOR, { as: { token } })).body
    const { token: before } = (await logIn()).body
    expect(await stateFor(before)).toEqual({ isOn: false, isDemanded: false, codesLeft: 0 })
    const { token, recoveryCodes } = await enrol()
    expect(await stateFor(token)).toEqual({ isOn: true, isDemanded: false, codesLeft: 10 })
    const { challenge } = (await logIn()).body
    expect((await answer(challenge, recoveryCodes[0] ?? '')).status).toBe(200)
    expect(await stateFor(token)).toMatchObject({ codesLeft: 9 })
  })

  test('a wrong password never reaches it', async () => {
    await enrol()
    expect((await logIn('wrong')).body.code).toBe('wrong-credentials')
  })

  test('a code is taken once, and none older than one that was taken', async () => {
    const { secret } = await enrol()
    const old = nowCode(secret)
    nextStep()
    const fresh = nowCode(secret)
    expect((await answer((await logIn()).body.challenge, fresh)).status).toBe(200)
    expect((await answer((await logIn()).body.challenge, fresh)).body.code).toBe('wrong-code')
    expect((await answer((await logIn()).body.challenge, old)).body.code).toBe('wrong-code')
  })

  test('of two uses of one code at once one counts', async () => {
    const { secret } = await enrol()
    const challenges = [(await logIn()).body.challenge, (await logIn()).body.challenge]
    const answers = await Promise.all(challenges.map((challenge) => answer(challenge, nowCode(secret))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
  })

  test('a challenge opens one session, for five minutes, and not after five wrong codes', async () => {
    const { secret } = await enrol()
    const { challenge } = (await logIn()).body
    expect((await answer(challenge, nowCode(secret))).status).toBe(200)
    nextStep()
    expect((await answer(challenge, nowCode(secret))).body.code).toBe('link-invalid')
    const late = (await logIn()).body.challenge
    server.clock.now += minutes(5)
    expect((await answer(late, nowCode(secret))).body.code).toBe('link-invalid')
    const guessed = (await logIn()).body.challenge
    for (let guess = 0; guess < 5; guess += 1) expect((await answer(guessed, '000000')).body.code).toBe('wrong-code')
    expect((await answer(guessed, nowCode(secret))).body.code).toBe('link-invalid')
  })

  test('guesses are limited across challenges', async () => {
    await enrol()
    const statuses = []
    for (let guess = 0; guess < 8; guess += 1)
      statuses.push((await answer((await logIn()).body.challenge, '000000')).status)
    expect(statuses).toEqual([...Array.from({ length: 7 }, () => 403), 429])
  })

  test('a recovery code stands in once', async () => {
    const { recoveryCodes } = await enrol()
    const [code = ''] = recoveryCodes
    expect((await answer((await logIn()).body.challenge, code.toUpperCase())).status).toBe(200)
    expect((await answer((await logIn()).body.challenge, code)).body.code).toBe('wrong-code')
  })

  test('neither secret nor recovery codes can be read in the tables', async () => {
    const { secret, recoveryCodes } = await enrol()
    const rows = await server.database.read(async (tx) => [
      await tx.selectFrom('second_factors').selectAll().execute(),
      await tx.selectFrom('recovery_codes').selectAll().execute(),
      await tx.selectFrom('account_tokens').selectAll().execute(),
    ])
    const text = JSON.stringify(rows)
    for (const hidden of [secret, ...recoveryCodes]) expect(text).not.toContain(hidden)
  })

  test('a new password by link does not get anybody past it', async () => {
    const { secret, token } = await enrol()
    await post(`${AUTH}/password-reset`, { email })
    const link = (await server.mailsTo(email)).at(-1)?.text.match(/#([\w-]{43})/)?.[1] ?? ''
    const password = 'another teapot on the moon'
    expect((await post(`${AUTH}/password`, { token: link, password })).status).toBe(204)
    expect((await server.request('GET', `${AUTH}/me`, { as: { token } })).status).toBe(401)
    const asked = await logIn(password)
    expect(asked.body.code).toBe('second-factor-required')
    expect((await answer(asked.body.challenge, nowCode(secret))).status).toBe(200)
  })

  test('is removed with password and code, or by an administrator who holds as much', async () => {
    const { secret, token } = await enrol()
    const remove = (code: string) => post(`${FACTOR}/remove`, { password: FIXTURE_PASSWORD, code }, token)
    expect((await remove('000000')).body.code).toBe('wrong-code')
    expect((await remove(nowCode(secret))).status).toBe(204)
    const again = (await logIn()).body
    expect(again.token).toBeTruthy()
    await enrol()
    const { id } = again.user
    const path = `/api/v1/users/${id}/second-factor`
    expect((await server.request('DELETE', path, { as: { token: await server.logIn('admin') } })).status).toBe(204)
    expect((await logIn()).body.token).toBeTruthy()
    expect((await server.mailsTo(email)).at(-1)?.subject).toBe('Your second factor was changed')
  })

  describe('where the clinic asks it of staff', () => {
    test('the first log-in sets it up, and the code that confirms it signs in', async () => {
      await demand('staff')
      const asked = await logIn()
      expect(asked.body).toMatchObject({ code: 'second-factor-required', isEnrolment: true })
      const { challenge } = asked.body
      expect((await answer(challenge, '123456')).body.code).toBe('wrong-code')
      const { secret } = (await post(`${AUTH}/second-factor/enrolment`, { challenge })).body
      const passed = await answer(challenge, nowCode(secret))
      expect(passed.body.recoveryCodes).toHaveLength(10)
      nextStep()
      const body = { password: FIXTURE_PASSWORD, code: nowCode(secret) }
      expect((await post(`${FACTOR}/remove`, body, passed.body.token)).body.code).toBe('second-factor-demanded')
      const next = await logIn()
      expect(next.body.isEnrolment).toBe(false)
      expect((await post(`${AUTH}/second-factor/enrolment`, { challenge: next.body.challenge })).body.code).toBe(
        'link-invalid',
      )
      await demand('off')
    })

    test('a patient is not asked', async () => {
      await demand('staff')
      const patient = await server.addAccount('patient', `no-staff${count}@fixture.test`)
      expect((await post(`${AUTH}/login`, { email: patient, password: FIXTURE_PASSWORD })).status).toBe(200)
      await demand('off')
    })
  })
})
