/** How patients come to accounts: by themselves, by a code of the desk, by invitation. An e-mail address never decides whose record it is. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import { testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/registrations'
const LOGIN = '/api/v1/auth/login'
const PASSWORD = 'another teapot on the moon'
const wide = { windowMs: minutes(60), triesPerAddress: 10_000, triesPerAccount: 1_000 }

describe.each(engines)('accounts of patients on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine, { logInLimits: wide, accountLimits: { mails: wide } })
  })
  afterAll(() => server.stop())

  const post = (
    path: string,
    body?: object,
    as?: 'receptionist' | 'doctor' | 'patient' | 'admin' | { token: string },
  ) => server.request('POST', path, { ...(body && { body }), ...(as && { as }) })
  const ada = (email: string) => ({
    clinicId: server.clinic.clinicId,
    name: 'Ada Lovelace',
    birthDate: '1990-12-10',
    email,
    password: PASSWORD,
  })
  const secretTo = async (address: string) =>
    (await server.mailsTo(address)).at(-1)?.text.match(/#([\w-]{43})/)?.[1] ?? ''
  const register = async (email: string, part: object = {}) => {
    await post(PATH, { ...ada(email), ...part })
    return post(`${PATH}/confirm`, { token: await secretTo(email) })
  }
  const patientsOf = (email: string) =>
    server.database.read((tx) =>
      tx
        .selectFrom('patients')
        .innerJoin('users', 'users.id', 'patients.user_id')
        .select(['patients.id', 'patients.name', 'patients.birth_date'])
        .where('users.email', '=', email)
        .execute(),
    )

  describe('registration', () => {
    test('is offered where the clinic takes it', async () => {
      const { body } = await server.request('GET', PATH)
      expect(body).toEqual({ clinics: [{ id: server.clinic.clinicId, name: 'Fixture Clinic' }] })
    })

    test('makes nothing before the link is opened, then an account with a new patient', async () => {
      const email = 'ada@patients.test'
      const asked = await post(PATH, ada(email))
      expect([asked.status, asked.body]).toEqual([202, null])
      expect((await post(LOGIN, { email, password: PASSWORD })).status).toBe(401)
      const token = await secretTo(email)
      expect((await post(`${PATH}/confirm`, { token })).status).toBe(204)
      expect((await post(`${PATH}/confirm`, { token })).body).toMatchObject({ status: 403, code: 'link-invalid' })
      const { body } = await post(LOGIN, { email, password: PASSWORD })
      expect(body.user).toMatchObject({ name: 'Ada Lovelace', roles: ['patient'] })
      const own = await patientsOf(email)
      expect(own).toMatchObject([{ name: 'Ada Lovelace', birth_date: '1990-12-10' }])
      expect(body.user.patientIds).toEqual([own[0]?.id])
    })

    test('a link is good for a day', async () => {
      const email = 'late@patients.test'
      await post(PATH, ada(email))
      const token = await secretTo(email)
      server.clock.now += hours(24)
      expect((await post(`${PATH}/confirm`, { token })).status).toBe(403)
      server.clock.now -= hours(24)
      expect(await patientsOf(email)).toEqual([])
    })

    test('answers an address that has an account the same, after the same work; its owner is told by e-mail', async () => {
      const { passwords } = server.server
      const seen = []
      for (const email of ['fresh@patients.test', FIXTURE_EMAILS.receptionist]) {
        const hash = vi.spyOn(passwords, 'hash')
        const answer = await post(PATH, ada(email))
        seen.push({ status: answer.status, body: answer.body, hashes: hash.mock.calls.length })
        hash.mockRestore()
      }
      expect(seen).toEqual([
        { status: 202, body: null, hashes: 1 },
        { status: 202, body: null, hashes: 1 },
      ])
      const mail = (await server.mailsTo(FIXTURE_EMAILS.receptionist)).at(-1)
      expect(mail?.subject).toBe('You already have an account at Fixture Clinic')
      expect(mail?.text).not.toContain('#')
    })

    test('two links for one address make one account', async () => {
      const email = 'twice@patients.test'
      await post(PATH, ada(email))
      const first = await secretTo(email)
      await post(PATH, { ...ada(email), name: 'Mallory' })
      const second = await secretTo(email)
      const answers = await Promise.all([first, second].map((token) => post(`${PATH}/confirm`, { token })))
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 403])
      expect(await patientsOf(email)).toHaveLength(1)
    })

    test('neither name, password nor link can be read in the tables before it is confirmed', async () => {
      await post(PATH, { ...ada('secret@patients.test'), name: 'Zyx Marker' })
      const rows = await server.database.read(async (tx) => [
        await tx.selectFrom('account_tokens').selectAll().execute(),
        await tx.selectFrom('account_mails').selectAll().execute(),
      ])
      expect(JSON.stringify(rows)).not.toMatch(/Zyx|argon2|secret@patients/)
    })

    test.each<[string, object, number, string, string?]>([
      ['a weak password', { password: 'Lovelace1990' }, 400, 'weak-password', 'password'],
      ['no name', { name: '   ' }, 400, 'invalid-field', 'name'],
      ['a day that is none', { birthDate: '1990-13-01' }, 400, 'invalid-field', 'birthDate'],
      ['no address', { email: 'nobody' }, 400, 'invalid-field', 'email'],
      ['a role', { role: 'admin' }, 400, 'unknown-field', 'role'],
      ['a clinic that is none', { clinicId: testId('Clinic', 99) }, 404, 'not-found'],
    ])('with %s is refused', async (_, part, status, code, field) => {
      const answer = await post(PATH, { ...ada('bad@patients.test'), ...part })
      expect([answer.status, answer.body.code, answer.body.field]).toEqual([status, code, field])
    })

    test('is refused where the clinic has closed it, and no longer offered', async () => {
      const setRegistration = (registration: string) =>
        server.database.write((tx) =>
          tx
            .updateTable('clinics')
            .set({ policies: JSON.stringify({ registration }) })
            .execute(),
        )
      await setRegistration('closed')
      expect((await post(PATH, ada('closed@patients.test'))).body.code).toBe('registration-closed')
      expect((await server.request('GET', PATH)).body.clinics).toEqual([])
      await setRegistration('open')
    })
  })

  describe('people who may be in the list twice', () => {
    test('are shown to the desk, merged by nobody, and taken off when somebody has looked', async () => {
      const born = { birthDate: '1985-01-02' }
      await register('grace@patients.test', { ...born, name: 'Grace Hopper' })
      await register('grace2@patients.test', { ...born, name: 'Hopper, Grase' })
      await register('other@patients.test', { ...born, name: 'Alan Turing' })
      const list = await server.request('GET', '/api/v1/patients/likely-duplicates', { as: 'receptionist' })
      const pairs = list.body.duplicates.filter((pair: { birthDate: string }) => pair.birthDate === born.birthDate)
      expect(pairs).toMatchObject([{ patientName: 'Hopper, Grase', otherName: 'Grace Hopper' }])
      const { patientId, otherId } = pairs[0]
      const settle = () => post('/api/v1/patients/likely-duplicates/settle', { patientId, otherId }, 'receptionist')
      expect((await settle()).status).toBe(204)
      expect((await settle()).status).toBe(404)
      const after = await server.request('GET', '/api/v1/patients/likely-duplicates', { as: 'receptionist' })
      expect(after.body.duplicates).not.toContainEqual(pairs[0])
      expect(await patientsOf('grace@patients.test')).toHaveLength(1)
    })

    test('the list is the desk’s alone', async () => {
      for (const as of ['doctor', 'patient'] as const) {
        expect((await server.request('GET', '/api/v1/patients/likely-duplicates', { as })).status).toBe(403)
      }
    })
  })

  describe('a code of the desk', () => {
    const codeFor = async (number: number) =>
      (await post(`/api/v1/patients/${testId('Patient', number)}/link-code`, undefined, 'receptionist')).body.code
    const redeem = (code: string, token: string) => post('/api/v1/me/patients', { code }, { token })
    const tokenOf = async (email: string, name: string) => {
      await register(email, { name, birthDate: '1970-01-01' })
      return (await post(LOGIN, { email, password: PASSWORD })).body.token as string
    }

    test('links a record to whoever types it in, once, in any case and without dashes', async () => {
      const token = await tokenOf('code@patients.test', 'Kode One')
      const other = await tokenOf('code2@patients.test', 'Kode Two')
      const code = await codeFor(5)
      expect(code).toMatch(/^[a-z2-9]{5}-[a-z2-9]{5}$/)
      const linked = await redeem(` ${code.toUpperCase().replace('-', '')} `, token)
      expect([linked.status, linked.body]).toEqual([201, { patientId: testId('Patient', 5) }])
      expect((await redeem(code, other)).body).toMatchObject({ status: 403, code: 'code-invalid', field: 'code' })
      const me = await server.request('GET', '/api/v1/auth/me', { as: { token } })
      expect(me.body.user.patientIds).toContain(testId('Patient', 5))
      const again = await post(`/api/v1/patients/${testId('Patient', 5)}/link-code`, undefined, 'receptionist')
      expect([again.status, again.body.code]).toEqual([409, 'already-linked'])
    })

    test('only the newest works, and for a day', async () => {
      const token = await tokenOf('code3@patients.test', 'Kode Three')
      const [old, fresh] = [await codeFor(6), await codeFor(6)]
      expect((await redeem(old, token)).status).toBe(403)
      server.clock.now += hours(24)
      const renewed = (await post(LOGIN, { email: 'code3@patients.test', password: PASSWORD })).body.token
      expect((await redeem(fresh, renewed)).status).toBe(403)
      server.clock.now -= hours(24)
    })

    test('guesses are limited', async () => {
      const token = await tokenOf('guess@patients.test', 'Kode Guess')
      const statuses = []
      for (let guess = 0; guess < 9; guess += 1) statuses.push((await redeem(`aaaaa-aaaa${guess}`, token)).status)
      expect(statuses).toEqual([...Array.from({ length: 8 }, () => 403), 429])
    })

    test('is not in the tables, and is for patients of the own clinic', async () => {
      const code = await codeFor(7)
      const rows = await server.database.read((tx) => tx.selectFrom('account_tokens').selectAll().execute())
      expect(JSON.stringify(rows)).not.toContain(code)
      const nobody = await post(`/api/v1/patients/${testId('Patient', 99)}/link-code`, undefined, 'receptionist')
      expect([nobody.status, nobody.body.code]).toEqual([404, 'not-found'])
      const doctor = await post(`/api/v1/patients/${testId('Patient', 7)}/link-code`, undefined, 'doctor')
      expect(doctor.status).toBe(403)
    })
  })

  describe('an invitation by the desk', () => {
    const invite = (number: number, email: string) =>
      post(`/api/v1/patients/${testId('Patient', number)}/invitation`, { email }, 'receptionist')

    test('makes an account for the invited record when a password is chosen', async () => {
      const email = 'invited@patients.test'
      expect((await invite(8, email)).status).toBe(202)
      const token = await secretTo(email)
      expect((await post('/api/v1/auth/password', { token, password: PASSWORD })).status).toBe(204)
      const { body } = await post(LOGIN, { email, password: PASSWORD })
      expect(body.user).toMatchObject({ patientIds: [testId('Patient', 8)], roles: ['patient'] })
      expect((await post('/api/v1/auth/password', { token, password: PASSWORD })).status).toBe(403)
    })

    test('to an address that has an account sends a code instead, and links nothing by itself', async () => {
      const email = await server.addAccount('patient', 'has-account@patients.test')
      const answer = await invite(9, email)
      expect([answer.status, answer.body]).toEqual([202, null])
      expect(await patientsOf(email)).toEqual([])
      const mail = (await server.mailsTo(email)).at(-1)
      const code = mail?.text.match(/^[a-z2-9]{5}-[a-z2-9]{5}$/m)?.[0] ?? ''
      const { body } = await post(LOGIN, { email, password: FIXTURE_PASSWORD })
      expect((await post('/api/v1/me/patients', { code }, { token: body.token })).status).toBe(201)
      expect(await patientsOf(email)).toMatchObject([{ id: testId('Patient', 9) }])
    })

    test('an accepted one shows the person their visits', async () => {
      const views = await server.database.read((tx) =>
        tx
          .selectFrom('document_views')
          .innerJoin('users', (join) => join.on('users.email', '=', 'invited@patients.test'))
          .select(['audience', 'users.id'])
          .where('document_id', '=', testId('Patient', 8))
          .where('collection', '=', 'patients')
          .execute(),
      )
      expect(views.map(({ audience }) => audience)).toContain(`user:${views[0]?.id}`)
    })
  })
})
