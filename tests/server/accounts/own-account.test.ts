/** Passwords and addresses: forgotten, changed, and never told to anybody else. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const AUTH = '/api/v1/auth'
const NEW_PASSWORD = 'another teapot on the moon'
const limits = { windowMs: minutes(60), triesPerAddress: 10_000, triesPerAccount: 1_000 }

describe.each(engines)('the own account on %s', (engine) => {
  let server: ServerUnderTest
  let count = 0
  /** A receptionist of their own for each test. */
  let email = ''
  beforeAll(async () => {
    const accountLimits = { mails: limits, password: { ...limits, triesPerAccount: 3 } }
    server = await aServer(engine, { logInLimits: limits, accountLimits })
  })
  beforeEach(async () => {
    count += 1
    email = await server.addAccount('receptionist', `person${count}@fixture.test`)
  })
  afterAll(() => server.stop())

  const post = (path: string, body: object, token?: string) =>
    server.request('POST', path, { body, ...(token !== undefined && { as: { token } }) })
  const logIn = async (password: string, address = email) =>
    (await post(`${AUTH}/login`, { email: address, password })).body.token as string
  const isSignedIn = async (token: string) =>
    (await server.request('GET', `${AUTH}/me`, { as: { token } })).status === 200
  const secretTo = async (address: string) => {
    const mail = (await server.mailsTo(address)).at(-1)
    return mail?.text.match(/#([\w-]{43})/)?.[1] ?? ''
  }
  const actionsOf = (userEmail: string) =>
    server.database.read((tx) =>
      tx
        .selectFrom('audit_log')
        .innerJoin('users', 'users.id', 'audit_log.user_id')
        .select('action')
        .where('users.email', '=', userEmail)
        .execute()
        .then((rows) => rows.map(({ action }) => action)),
    )

  describe('a forgotten password', () => {
    test('is replaced by the link in the e-mail, and every session ends', async () => {
      const [one, two] = [await logIn(FIXTURE_PASSWORD), await logIn(FIXTURE_PASSWORD)]
      const asked = await post(`${AUTH}/password-reset`, { email: email.toUpperCase() })
      expect([asked.status, asked.body]).toEqual([202, null])
      const token = await secretTo(email)
      expect((await post(`${AUTH}/password`, { token, password: NEW_PASSWORD })).status).toBe(204)
      expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([false, false])
      expect(await logIn(NEW_PASSWORD)).toBeTruthy()
      expect((await post(`${AUTH}/login`, { email, password: FIXTURE_PASSWORD })).status).toBe(401)
      expect((await server.mailsTo(email)).at(-1)?.subject).toBe('Your password was changed')
      await expect
        .poll(() => actionsOf(email))
        .toEqual(expect.arrayContaining(['password-reset-asked', 'password-reset']))
    })

    test('a link works once, for ten minutes, and only the newest one', async () => {
      await post(`${AUTH}/password-reset`, { email })
      const first = await secretTo(email)
      await post(`${AUTH}/password-reset`, { email })
      const second = await secretTo(email)
      const use = (token: string) => post(`${AUTH}/password`, { token, password: NEW_PASSWORD })
      expect((await use(first)).body).toMatchObject({ status: 403, code: 'link-invalid', field: 'token' })
      expect((await use(second)).status).toBe(204)
      expect((await use(second)).status).toBe(403)
      await post(`${AUTH}/password-reset`, { email })
      const third = await secretTo(email)
      server.clock.now += minutes(10)
      expect((await use(third)).status).toBe(403)
    })

    test('of two uses at once one counts', async () => {
      await post(`${AUTH}/password-reset`, { email })
      const token = await secretTo(email)
      const answers = await Promise.all(
        [1, 2, 3].map(() => post(`${AUTH}/password`, { token, password: NEW_PASSWORD })),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 403, 403])
    })

    test('a weak password does not use the link up', async () => {
      await post(`${AUTH}/password-reset`, { email })
      const token = await secretTo(email)
      const weak = await post(`${AUTH}/password`, { token, password: 'Password123456' })
      expect(weak.body).toMatchObject({ status: 400, code: 'weak-password', field: 'password' })
      expect((await post(`${AUTH}/password`, { token, password: NEW_PASSWORD })).status).toBe(204)
    })

    test('the link stands in no table', async () => {
      await post(`${AUTH}/password-reset`, { email })
      const token = await secretTo(email)
      const rows = await server.database.read((tx) => tx.selectFrom('account_tokens').selectAll().execute())
      expect(token).toHaveLength(43)
      expect(JSON.stringify(rows)).not.toContain(token)
    })

    test('says and does the same for an address that nobody has, and hashes nothing', async () => {
      const { passwords } = server.server
      const hash = vi.spyOn(passwords, 'hash')
      const seen = []
      for (const address of [email, 'nobody-at-all@fixture.test']) {
        // Mails of tests before, so that what is counted belongs to this request.
        await server.mailsTo(address)
        const before = await tokens()
        const answer = await post(`${AUTH}/password-reset`, { email: address })
        seen.push({
          status: answer.status,
          body: answer.body,
          headers: [...answer.headers.keys()].sort().join(),
          rows: (await tokens()) - before,
        })
      }
      expect(seen[1]).toEqual(seen[0])
      expect(seen[0]).toMatchObject({ status: 202, rows: 1 })
      expect(hash).not.toHaveBeenCalled()
      expect(await server.mailsTo('nobody-at-all@fixture.test')).toEqual([])
      vi.restoreAllMocks()
    })
    const tokens = async () =>
      (await server.database.read((tx) => tx.selectFrom('account_tokens').select('token_hash').execute())).length

    test('an account that is switched off gets no e-mail', async () => {
      await server.database.write((tx) =>
        tx.updateTable('users').set({ is_active: 0 }).where('email', '=', email).execute(),
      )
      expect((await post(`${AUTH}/password-reset`, { email })).status).toBe(202)
      expect(await server.mailsTo(email)).toEqual([])
    })
  })

  describe('changing the password', () => {
    test('needs the current one and ends every other session', async () => {
      const [here, elsewhere] = [await logIn(FIXTURE_PASSWORD), await logIn(FIXTURE_PASSWORD)]
      const change = (currentPassword: string, newPassword: string) =>
        post('/api/v1/me/password', { currentPassword, newPassword }, here)
      expect((await change('wrong', NEW_PASSWORD)).body).toMatchObject({
        status: 403,
        code: 'wrong-password',
        field: 'currentPassword',
      })
      expect((await change(FIXTURE_PASSWORD, 'Password123456')).body).toMatchObject({
        code: 'weak-password',
        field: 'newPassword',
      })
      expect((await change(FIXTURE_PASSWORD, FIXTURE_PASSWORD)).body.code).toBe('weak-password')
      expect((await change(FIXTURE_PASSWORD, NEW_PASSWORD)).status).toBe(204)
      expect([await isSignedIn(here), await isSignedIn(elsewhere)]).toEqual([true, false])
      expect(await logIn(NEW_PASSWORD)).toBeTruthy()
    })

    test('guesses of the current one are limited before anything is hashed', async () => {
      const token = await logIn(FIXTURE_PASSWORD)
      const check = vi.spyOn(server.server.passwords, 'isRight')
      const statuses = []
      for (let guess = 0; guess < 4; guess += 1) {
        const body = { currentPassword: `guess ${guess}`, newPassword: NEW_PASSWORD }
        statuses.push((await post('/api/v1/me/password', body, token)).status)
      }
      expect(statuses).toEqual([403, 403, 403, 429])
      expect(check).toHaveBeenCalledTimes(3)
      check.mockRestore()
    })
  })

  describe('changing the address', () => {
    const ask = async (wanted: string, password = FIXTURE_PASSWORD) =>
      post('/api/v1/me/email', { email: wanted, password }, await logIn(FIXTURE_PASSWORD))

    test('needs the password, and the link that went to the new address; the old one is told', async () => {
      const wanted = `new-${email}`
      expect((await ask(wanted, 'wrong')).body.code).toBe('wrong-password')
      expect((await ask(wanted)).status).toBe(202)
      const token = await secretTo(wanted)
      expect(await logIn(FIXTURE_PASSWORD)).toBeTruthy()
      expect((await post(`${AUTH}/email`, { token })).status).toBe(204)
      expect((await post(`${AUTH}/email`, { token })).status).toBe(403)
      expect((await post(`${AUTH}/login`, { email, password: FIXTURE_PASSWORD })).status).toBe(401)
      expect(await logIn(FIXTURE_PASSWORD, wanted)).toBeTruthy()
      expect((await server.mailsTo(email)).at(-1)?.subject).toBe('Your e-mail address was changed')
    })

    test('to one that has an account answers the same and does nothing', async () => {
      const before = (await server.mailsTo(FIXTURE_EMAILS.admin)).length
      expect((await ask(FIXTURE_EMAILS.admin)).status).toBe(202)
      expect(await server.mailsTo(FIXTURE_EMAILS.admin)).toHaveLength(before)
    })

    test('a link is worth nothing once the address has been taken', async () => {
      const wanted = `contested-${email}`
      await ask(wanted)
      const token = await secretTo(wanted)
      await server.addAccount('patient', wanted)
      expect((await post(`${AUTH}/email`, { token })).body.code).toBe('link-invalid')
    })
  })

  describe('somebody in two clinics', () => {
    test('is asked which, after the password alone, and may sign in to each', async () => {
      const other = '636c696e-0000-7000-8000-000000000002' as typeof server.clinic.clinicId
      await addClinic(other)
      const choose = await post(`${AUTH}/login`, { email, password: FIXTURE_PASSWORD })
      expect(choose.body).toMatchObject({
        status: 409,
        code: 'choose-clinic',
        field: 'clinicId',
        clinics: [{ name: 'Fixture Clinic' }, { id: other, name: 'Other Clinic' }],
      })
      expect((await post(`${AUTH}/login`, { email, password: 'wrong' })).body.code).toBe('wrong-credentials')
      const answer = await post(`${AUTH}/login`, { email, password: FIXTURE_PASSWORD, clinicId: other })
      expect(answer.body.user).toMatchObject({ clinic: { id: other }, roles: [], grants: [] })
      const foreign = { email, password: FIXTURE_PASSWORD, clinicId: '636c696e-0000-7000-8000-000000000077' }
      expect((await post(`${AUTH}/login`, foreign)).body.code).toBe('choose-clinic')
    })

    async function addClinic(id: typeof server.clinic.clinicId): Promise<void> {
      const { createClinic } = await import('#server/operations/create-clinic.ts')
      const { insertClinicUser } = await import('#server/repositories/clinic-users.ts')
      const { clock, database, server: parts } = server
      await database.write(async (tx) => {
        const clinic = { id, name: 'Other Clinic', zone: 'Europe/London' }
        await createClinic({ now: () => clock.now, newId: parts.newId }, tx, clinic)
        const { id: userId } = await tx
          .selectFrom('users')
          .select('id')
          .where('email', '=', email)
          .executeTakeFirstOrThrow()
        await insertClinicUser(tx, id, userId, clock.now)
      })
    }
  })

  test('a session outlives nothing it should not', async () => {
    const token = await logIn(FIXTURE_PASSWORD)
    server.clock.now += hours(12)
    expect(await isSignedIn(token)).toBe(false)
  })
})
