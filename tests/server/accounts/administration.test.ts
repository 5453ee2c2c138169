/** Users, roles and rights: what an administrator may do, and what nobody may. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Permission } from '#domain/access/permissions.ts'
import type { UserId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { type Answer, aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const wide = { windowMs: minutes(60), triesPerAddress: 10_000, triesPerAccount: 1_000 }
const PASSWORD = 'another teapot on the moon'
type Role = 'patient' | 'doctor' | 'receptionist' | 'admin'
type Caller = Role | { readonly token: string }

describe.each(engines)('administration on %s', (engine) => {
  let server: ServerUnderTest
  let roles: Record<string, string> = {}
  let count = 0
  beforeAll(async () => {
    server = await aServer(engine, { logInLimits: wide, accountLimits: { mails: wide } })
    const { body } = await server.request('GET', '/api/v1/roles', { as: 'admin' })
    roles = Object.fromEntries(body.roles.map((role: { name: string; id: string }) => [role.name, role.id]))
  })
  afterAll(() => server.stop())

  const call = (method: string, path: string, as: Caller, body?: object): Promise<Answer> =>
    server.request(method, `/api/v1${path}`, { as, ...(body && { body }) })
  const change = (id: string, body: object, as: Caller = 'admin') => call('PATCH', `/users/${id}`, as, body)
  const clinicGrants = (...permissions: Permission[]) =>
    permissions.map((permission) => ({ permission, scope: 'clinic' }))
  const logIn = async (email: string, password = FIXTURE_PASSWORD) => {
    const { body } = await server.request('POST', '/api/v1/auth/login', { body: { email, password } })
    return body as { token: string; user: { id: UserId } }
  }
  /** Somebody new with a role, signed in. */
  const somebody = async (role: Role) => {
    count += 1
    const email = await server.addAccount(role, `worker${count}@fixture.test`)
    const { token, user } = await logIn(email)
    return { email, token, id: user.id }
  }
  /** Somebody who has nothing but some permissions for the clinic. */
  const holderOf = async (...permissions: Permission[]) => {
    const person = await somebody('patient')
    await change(person.id, { roleIds: [], grants: clinicGrants(...permissions) })
    return person
  }
  const isAdmin = { roleIds: () => [roles.admin as string] }
  const list = (token: string) =>
    call('GET', '/appointments?from=2026-10-14&to=2026-10-14', { token }).then(({ status }) => status)

  describe('users', () => {
    test('are listed by name, a page at a time, and found by part of name or address', async () => {
      for (let number = 0; number < 3; number += 1) await somebody('receptionist')
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const { body } = await call('GET', `/users?limit=2${query}`, 'admin')
        expect(body.users.length).toBeLessThanOrEqual(2)
        seen.push(...body.users.map(({ name }: { name: string }) => name))
        cursor = body.nextCursor
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toEqual(expect.arrayContaining(['Fixture admin', 'Fixture patient', 'worker1@fixture.test']))
      const found = await call('GET', '/users?search=RECEPTION@', 'admin')
      expect(found.body.users).toMatchObject([
        { email: FIXTURE_EMAILS.receptionist, roles: [{ name: 'receptionist' }] },
      ])
      expect((await call('GET', '/users?search=%25', 'admin')).status).toBe(200)
      expect((await call('GET', '/users?cursor=nonsense', 'admin')).body).toMatchObject({
        status: 400,
        field: 'cursor',
      })
    })

    test('a change of roles acts at once, both ways, and is counted and noted', async () => {
      const person = await somebody('receptionist')
      expect(await list(person.token)).toBe(200)
      const { body } = await change(person.id, { roleIds: [] })
      expect(body.user).toMatchObject({ roles: [], grants: [] })
      expect(await list(person.token)).toBe(403)
      await change(person.id, { roleIds: [roles.receptionist, roles.doctor] })
      expect(await list(person.token)).toBe(200)
      const row = await server.database.read((tx) =>
        tx.selectFrom('users').select('access_version').where('id', '=', person.id).executeTakeFirstOrThrow(),
      )
      expect(row.access_version).toBe(3)
      const audit = await server.database.read((tx) =>
        tx.selectFrom('audit_log').selectAll().where('action', '=', 'user-changed').execute(),
      )
      expect(audit.find(({ document_ids }) => document_ids.includes(person.id))).toMatchObject({
        user_id: server.clinic.userIds.admin,
      })
    })

    test('a direct grant counts beside the roles', async () => {
      const person = await somebody('patient')
      expect((await call('GET', '/patients/likely-duplicates', person)).status).toBe(403)
      await change(person.id, { grants: clinicGrants('manage-patients') })
      expect((await call('GET', '/patients/likely-duplicates', person)).status).toBe(200)
    })

    test('who is switched off loses every session at once, and cannot sign in until switched on', async () => {
      const person = await somebody('receptionist')
      expect((await change(person.id, { isActive: false })).body.user.isActive).toBe(false)
      expect(await list(person.token)).toBe(401)
      const body = { email: person.email, password: FIXTURE_PASSWORD }
      expect((await server.request('POST', '/api/v1/auth/login', { body })).body.code).toBe('wrong-credentials')
      await change(person.id, { isActive: true })
      expect((await logIn(person.email)).token).toBeTruthy()
      expect(await list(person.token)).toBe(401)
    })

    test('somebody becomes the doctor of a row that is nobody’s yet', async () => {
      const person = await somebody('doctor')
      const taken = await change(person.id, { doctorId: testId('Doctor', 1) })
      expect(taken.body).toMatchObject({ status: 409, code: 'already-linked', field: 'doctorId' })
      expect((await change(person.id, { doctorId: testId('Doctor', 3) })).body.user.doctorId).toBe(testId('Doctor', 3))
      expect((await change(person.id, { doctorId: null })).body.user.doctorId).toBeNull()
      expect((await change(person.id, { doctorId: testId('Doctor', 77) })).body.code).toBe('unknown-reference')
    })

    test.each<[string, object, number, string]>([
      ['nothing', {}, 400, 'invalid-field'],
      ['an unknown field', { email: 'x@y.test' }, 400, 'unknown-field'],
      ['a permission nobody knows', { grants: [{ permission: 'fly', scope: 'clinic' }] }, 400, 'invalid-field'],
      ['a role nobody knows', { roleIds: [testId('Role', 9)] }, 422, 'unknown-reference'],
    ])('a change to %s is refused', async (_, body, status, code) => {
      const answer = await change(server.clinic.userIds.receptionist, body)
      expect([answer.status, answer.body.code]).toEqual([status, code])
    })

    test('a stranger to the clinic is no different from nobody', async () => {
      const stranger = testId('User', 71)
      await server.database.write((tx) =>
        tx
          .insertInto('users')
          .values({
            id: stranger,
            name: 'Zyx Stranger',
            email: 'zyx@other.test',
            email_normalised: 'zyx@other.test',
            password_hash: null,
            is_active: 1,
            access_version: 1,
            created_at: 0,
            updated_at: 0,
          })
          .execute(),
      )
      const tries: [string, string, object?][] = [
        ['GET', `/users/${stranger}`],
        ['PATCH', `/users/${stranger}`, { isActive: false }],
        ['GET', `/users/${stranger}/sessions`],
        ['DELETE', `/users/${stranger}/sessions`],
      ]
      for (const [method, path, body] of tries) {
        const answer = await call(method, path, 'admin', body)
        expect([answer.status, JSON.stringify(answer.body).includes('Zyx')]).toEqual([404, false])
      }
    })
  })

  describe('nobody gives, changes or takes away what they do not hold', () => {
    test('who may manage users but holds little else', async () => {
      const clerk = await holderOf('manage-users', 'book-appointment')
      const colleague = await somebody('patient')
      const refused = [
        await change(colleague.id, { roleIds: [roles.admin] }, clerk),
        await change(colleague.id, { grants: clinicGrants('manage-roles') }, clerk),
        await change(clerk.id, { grants: clinicGrants('manage-users', 'manage-roles') }, clerk),
        await change(server.clinic.userIds.admin, { isActive: false }, clerk),
        await change(server.clinic.userIds.admin, { name: 'Mallory' }, clerk),
        await change(server.clinic.userIds.receptionist, { roleIds: [] }, clerk),
        await call('DELETE', `/users/${server.clinic.userIds.admin}/sessions`, clerk),
        await call('POST', '/invitations', clerk, { name: 'Eve', email: 'eve@x.test', roleIds: [roles.admin] }),
      ]
      expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [403, 'not-allowed']))
      const own = [{ permission: 'book-appointment', scope: 'own-patient' }]
      await change(colleague.id, { roleIds: [] })
      expect((await change(colleague.id, { grants: own }, clerk)).status).toBe(200)
    })

    test('who may manage roles but holds little else', async () => {
      const keeper = await holderOf('manage-roles', 'view-schedules')
      const refused = [
        await call('POST', '/roles', keeper, { name: 'Spy', grants: clinicGrants('view-patients') }),
        await call('PATCH', `/roles/${roles.receptionist}`, keeper, { grants: [] }),
        await call('PATCH', `/roles/${roles.admin}`, keeper, { name: 'Boss' }),
      ]
      expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [403, 'not-allowed']))
      expect(
        (await call('POST', '/roles', keeper, { name: 'Viewer', grants: clinicGrants('view-schedules') })).status,
      ).toBe(201)
    })

    test('rights taken away a moment ago are gone, whatever the session remembers', async () => {
      const clerk = await holderOf('manage-users')
      expect((await call('GET', '/users', clerk)).status).toBe(200)
      // By another server: this one still remembers.
      await server.database.write((tx) =>
        tx.deleteFrom('model_has_permissions').where('model_id', '=', clerk.id).execute(),
      )
      expect((await change(clerk.id, { isActive: true }, clerk)).body.code).toBe('not-allowed')
    })
  })

  describe('the last administrator', () => {
    test.each<[string, () => object]>([
      ['switched off', () => ({ isActive: false })],
      ['left without roles', () => ({ roleIds: [] })],
      ['made a receptionist', () => ({ roleIds: [roles.receptionist] })],
    ])('cannot be %s', async (_, body) => {
      const { admin } = server.clinic.userIds
      const answer = await change(admin, body())
      expect([answer.status, answer.body.code]).toEqual([409, 'last-admin'])
      expect((await call('GET', `/users/${admin}`, 'admin')).body.user).toMatchObject({
        isActive: true,
        roles: [{ name: 'admin' }],
      })
    })

    test('cannot be emptied by way of the role', async () => {
      for (const grants of [[], clinicGrants('manage-users'), [{ permission: 'manage-roles', scope: 'own-doctor' }]]) {
        expect((await call('PATCH', `/roles/${roles.admin}`, 'admin', { grants })).body.code).toBe('last-admin')
      }
    })

    test('is not replaced by somebody who cannot sign in', async () => {
      const person = await somebody('patient')
      await change(person.id, isAdminBody())
      await server.database.write((tx) =>
        tx.updateTable('users').set({ password_hash: null }).where('id', '=', person.id).execute(),
      )
      expect((await change(server.clinic.userIds.admin, { isActive: false })).body.code).toBe('last-admin')
      await change(person.id, { isActive: false })
    })
    const isAdminBody = () => ({ roleIds: isAdmin.roleIds() })

    test('two who switch each other off at once leave one', async () => {
      for (let round = 0; round < 5; round += 1) {
        // The session of the round before has ended with the switching off.
        const { token } = await logIn(FIXTURE_EMAILS.admin)
        const [one, two] = [await somebody('patient'), await somebody('patient')]
        await change(one.id, isAdminBody(), { token })
        await change(two.id, isAdminBody(), { token })
        // From here on the two are alone.
        await change(server.clinic.userIds.admin, { isActive: false }, one)
        const answers = await Promise.all([
          change(one.id, { isActive: false }, two),
          change(two.id, { isActive: false }, one),
        ])
        // The loser is refused by the operation, or no longer signed in when it comes to that.
        const [won, lost] = answers.map(({ status }) => status).sort()
        expect([won, lost === 401 || lost === 403]).toEqual([200, true])
        const rest = answers[0]?.status === 200 ? two : one
        await change(server.clinic.userIds.admin, { isActive: true }, rest)
        const renewed = await logIn(FIXTURE_EMAILS.admin)
        expect((await change(rest.id, { isActive: false }, { token: renewed.token })).status).toBe(200)
      }
    })

    test('two who step down at once leave one', async () => {
      const { token } = await logIn(FIXTURE_EMAILS.admin)
      const other = await somebody('patient')
      await change(other.id, isAdminBody(), { token })
      const answers = await Promise.all([
        change(server.clinic.userIds.admin, { roleIds: [] }, { token }),
        change(other.id, { roleIds: [] }, other),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      const [stays, goes] = answers[0]?.status === 409 ? [token, other.id] : [other.token, server.clinic.userIds.admin]
      await change(goes, isAdminBody(), { token: stays })
    })
  })

  describe('roles', () => {
    test('are made, given, changed for everybody who has them, and removed when nobody has', async () => {
      const { token } = await logIn(FIXTURE_EMAILS.admin)
      const as = { token }
      const made = await call('POST', '/roles', as, { name: ' Night desk ', grants: clinicGrants('view-schedules') })
      expect([made.status, made.body.role.name]).toEqual([201, 'Night desk'])
      const { id } = made.body.role
      const person = await somebody('patient')
      await change(person.id, { roleIds: [id] }, as)
      expect(await list(person.token)).toBe(403)
      const grants = clinicGrants('view-appointments')
      expect((await call('PATCH', `/roles/${id}`, as, { grants })).body.role).toMatchObject({ grants, userCount: 1 })
      expect(await list(person.token)).toBe(200)
      expect((await call('DELETE', `/roles/${id}`, as)).body.code).toBe('role-in-use')
      await change(person.id, { roleIds: [] }, as)
      expect((await call('DELETE', `/roles/${id}`, as)).status).toBe(204)
      expect((await call('DELETE', `/roles/${id}`, as)).status).toBe(404)
    })

    test('have one name each, and the one that registration gives keeps its own', async () => {
      const { token } = await logIn(FIXTURE_EMAILS.admin)
      const as = { token }
      expect((await call('POST', '/roles', as, { name: 'DOCTOR', grants: [] })).body.code).toBe('name-taken')
      expect((await call('PATCH', `/roles/${roles.doctor}`, as, { name: 'admin' })).body.code).toBe('name-taken')
      expect((await call('PATCH', `/roles/${roles.patient}`, as, { name: 'Guest' })).body.code).toBe('role-needed')
      expect((await call('DELETE', `/roles/${roles.patient}`, as)).body.code).toBe('role-needed')
    })

    test('every permission is told in words', async () => {
      const { body } = await call('GET', '/permissions', 'patient')
      expect(body.scopes).toEqual(['own-patient', 'own-doctor', 'clinic'])
      for (const { about } of body.permissions) expect(about).toMatch(/^[A-Z].{10,}\.$/)
    })
  })

  describe('invitations of staff', () => {
    const invite = async (email: string, part: object = {}) => {
      const { token } = await logIn(FIXTURE_EMAILS.admin)
      return call(
        'POST',
        '/invitations',
        { token },
        { name: 'New Colleague', email, roleIds: [roles.receptionist], ...part },
      )
    }
    const mailTo = async (email: string) => (await server.mailsTo(email)).at(-1)?.text ?? ''
    const accept = async (email: string) => {
      const token = (await mailTo(email)).match(/#([\w-]{43})/)?.[1] ?? ''
      return server.request('POST', '/api/v1/auth/password', { body: { token, password: PASSWORD } })
    }

    test('make an account when a password is chosen, with what was offered', async () => {
      const email = 'colleague@staff.test'
      const grants = clinicGrants('view-reports')
      expect((await invite(email, { grants })).body.invitation).toMatchObject({ email, name: 'New Colleague' })
      const { token } = await logIn(FIXTURE_EMAILS.admin)
      const open = await call('GET', '/invitations', { token })
      expect(open.body.invitations).toMatchObject([{ email }])
      expect((await accept(email)).status).toBe(204)
      expect((await accept(email)).status).toBe(403)
      expect((await logIn(email, PASSWORD)).user).toMatchObject({ roles: ['receptionist'], name: 'New Colleague' })
      expect((await call('GET', '/invitations', { token })).body.invitations).toEqual([])
    })

    test('can be taken back', async () => {
      const email = 'unwanted@staff.test'
      const { id } = (await invite(email)).body.invitation
      const { token } = await logIn(FIXTURE_EMAILS.admin)
      expect((await call('DELETE', `/invitations/${id}`, { token })).status).toBe(204)
      expect((await accept(email)).status).toBe(403)
      expect((await call('DELETE', `/invitations/${id}`, { token })).status).toBe(404)
    })

    test('to an address that has an account send a code, and tell the clinic nothing of it', async () => {
      const { createClinic, createAccount } = await import('#server/operations/create-clinic.ts')
      const other = testId('Clinic', 5)
      const email = 'two-clinics@staff.test'
      const deps = { now: () => server.clock.now, newId: server.server.newId }
      const hash = await server.server.passwords.hash(PASSWORD)
      await server.database.write(async (tx) => {
        await createClinic(deps, tx, { id: other, name: 'Elsewhere', zone: 'Europe/London' })
        const account = { name: 'Zyx Elsewhere', email, passwordHash: hash, clinicId: other, role: 'doctor' } as const
        await createAccount(deps, tx, account)
      })
      const invited = await invite(email)
      expect(invited.status).toBe(201)
      expect(JSON.stringify(invited.body)).not.toContain('Zyx')
      const code = (await mailTo(email)).match(/^[a-z2-9]{5}-[a-z2-9]{5}$/m)?.[0] ?? ''
      const away = await logIn(email, PASSWORD)
      const joined = await call('POST', '/me/clinics', { token: away.token }, { code })
      expect([joined.status, joined.body]).toEqual([201, { clinicId: server.clinic.clinicId }])
      expect((await call('POST', '/me/clinics', { token: away.token }, { code })).body.code).toBe('code-invalid')
      const body = { email, password: PASSWORD, clinicId: server.clinic.clinicId }
      const here = await server.request('POST', '/api/v1/auth/login', { body })
      expect(here.body.user.roles).toEqual(['receptionist'])
      const { token } = await logIn(FIXTURE_EMAILS.admin)
      expect((await change(here.body.user.id, { name: 'Renamed' }, { token })).body.code).toBe('shared-account')
    })
  })

  describe('sessions and devices', () => {
    test('an administrator sees where somebody is signed in, and signs them out', async () => {
      const { token } = await logIn(FIXTURE_EMAILS.admin)
      const person = await somebody('receptionist')
      const seen = await call('GET', `/users/${person.id}/sessions`, { token })
      expect(seen.body.sessions).toHaveLength(1)
      expect((await call('DELETE', `/users/${person.id}/sessions`, { token })).status).toBe(204)
      expect(await list(person.token)).toBe(401)
    })

    test('a person signs out everywhere but here', async () => {
      const person = await somebody('receptionist')
      const elsewhere = await logIn(person.email)
      expect((await call('DELETE', '/auth/sessions', person)).status).toBe(204)
      expect([await list(person.token), await list(elsewhere.token)]).toEqual([200, 401])
    })

    test('a device is listed with what waits on it, and a revoked one lets nobody in', async () => {
      const { token } = await logIn(FIXTURE_EMAILS.admin)
      const device = { id: testId('Device', 3), name: 'Desk 3' }
      const body = { email: FIXTURE_EMAILS.receptionist, password: FIXTURE_PASSWORD, device }
      const desk = (await server.request('POST', '/api/v1/auth/login', { body })).body
      expect((await call('PUT', '/me/device', { token: desk.token }, { unsentCount: 4 })).status).toBe(204)
      const listed = await call('GET', '/devices', { token })
      expect(listed.body.devices).toContainEqual(
        expect.objectContaining({
          id: device.id,
          unsentCount: 4,
          lastUserName: 'Fixture receptionist',
          revokedAt: null,
        }),
      )
      expect((await call('DELETE', `/devices/${device.id}`, { token })).status).toBe(204)
      expect(await list(desk.token)).toBe(401)
      const again = await server.request('POST', '/api/v1/auth/login', { body })
      expect([again.status, again.body.code]).toEqual([403, 'device-revoked'])
      const wrong = await server.request('POST', '/api/v1/auth/login', { body: { ...body, password: 'wrong' } })
      expect(wrong.body.code).toBe('wrong-credentials')
      expect((await call('DELETE', `/devices/${testId('Device', 99)}`, { token })).status).toBe(404)
    })
  })
})
