/** Every way in which rights end, at every door through which data leaves: within seconds, and no foreign byte afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { UserId } from '#domain/ids.ts'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import { hours } from '#domain/time/instant.ts'
import type { ReportRow } from '#server/repositories/reports.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { openWire, type WireClient } from '#tests/support/wire-client.ts'

type Person = {
  readonly userId: UserId
  readonly email: string
  readonly token: string
  readonly deviceId: string
}
type Pulled = {
  readonly documents: readonly { readonly id: string; readonly _deleted: boolean }[]
  readonly checkpoint: { readonly lwt: number; readonly id: string }
}
const WIDE = { capacity: 10_000, refillMs: 1 }
const VISITS = '/api/v1/appointments?from=2026-10-14&to=2026-10-14'
const FILTER = { from: '2026-10-01', until: '2026-10-31' }

describe.each(engines)('rights that end, on %s', (engine) => {
  let server: ServerUnderTest
  let folder: string
  let roles: Record<string, string>
  let count = 0
  const readers: AbortController[] = []
  const wires: WireClient[] = []

  beforeAll(async () => {
    folder = join(temporaryFolder('reports'), 'files')
    server = await aServer(engine, {
      reports: { databaseUrl: '', folder },
      logInLimits: WIDE as never,
      accountLimits: { mails: WIDE, password: WIDE } as never,
    })
    mkdirSync(folder, { recursive: true })
    const { body } = await server.request('GET', '/api/v1/roles', { as: 'admin' })
    roles = Object.fromEntries(body.roles.map((role: { name: string; id: string }) => [role.name, role.id]))
    for (const doctor of [1, 2]) {
      const visit = {
        doctorId: testId('Doctor', doctor),
        patientId: testId('Patient', 2 + doctor),
        typeId: server.clinic.types.consultation.id,
        start: NINE_O_CLOCK,
      }
      const answer = await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body: visit })
      expect(answer.status).toBe(201)
    }
  })
  afterEach(() => {
    for (const reader of readers.splice(0)) reader.abort()
    for (const wire of wires.splice(0)) wire.close()
  })
  afterAll(() => server.stop())

  const logIn = async (email: string, deviceId: string) => {
    const body = { email, password: FIXTURE_PASSWORD, device: { id: deviceId, name: 'A laptop' } }
    return (await server.request('POST', '/api/v1/auth/login', { body })).body as {
      token: string
      user: { id: UserId }
    }
  }

  async function aPerson(role: 'admin' | 'doctor', doctor: number | null = null): Promise<Person> {
    count += 1
    const email = await server.addAccount(role, `matrix${count}@fixture.test`)
    const deviceId = testId('Device', 100 + count)
    const { token, user } = await logIn(email, deviceId)
    const doctorId = doctor === null ? undefined : testId('Doctor', doctor)
    if (doctorId) await server.request('PATCH', `/api/v1/users/${user.id}`, { as: 'admin', body: { doctorId } })
    return { userId: user.id, email, token, deviceId }
  }

  /** Everything that is open to somebody: a socket, a stream, the pages they have read, and a link to a file. */
  async function openDoors({ token }: Person) {
    const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
    wires.push(wire)
    wire.send({ id: 'hello', collection: '', method: 'auth', params: [{ authorization: `Bearer ${token}` }] })
    const read = (await wire.ask('appointments', 'masterChangesSince', [null, 100])).result as Pulled
    wire.send({ id: 'stream', collection: 'appointments', method: 'masterChangeStream$', params: [] })
    const reader = new AbortController()
    readers.push(reader)
    const stream = { text: '', isOver: false }
    const response = await fetch(`${server.url}/sync/v1/pokes?names=appointments`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
      signal: reader.signal,
    })
    const listen = async () => {
      const decoder = new TextDecoder()
      for await (const chunk of response.body ?? []) stream.text += decoder.decode(chunk, { stream: true })
    }
    void listen()
      .catch(() => undefined)
      .finally(() => {
        stream.isOver = true
      })
    await eventually('the stream listens', () => stream.text.includes(': listening') || stream.text)
    return { wire, read, stream }
  }

  async function aLink({ token, userId }: Person): Promise<string> {
    const as = { token }
    const body = { definition: 'appointments', filter: FILTER, type: 'csv' }
    const { id } = (await server.request('POST', '/api/v1/reports', { as, body })).body.report
    await server.server.reports?.drain()
    writeFileSync(join(folder, `${id}.csv`), '\uFEFFDay\r\n')
    const made = {
      status: 'done',
      file_path: `${id}.csv`,
      file_size: 8,
      expires_at: server.clock.now + hours(1),
    } as const
    await server.database.write((tx) =>
      tx
        .updateTable('reports')
        .set(made)
        .where('id', '=', id as ReportRow['id'])
        .where('user_id', '=', userId)
        .execute(),
    )
    const { url } = (await server.request('POST', `/api/v1/reports/${id}/download-link`, { as })).body
    return new URL(url).pathname
  }

  const ENDS: { readonly [cause: string]: (person: Person) => Promise<unknown> } = {
    'signing out': ({ token }) => server.request('POST', '/api/v1/auth/logout', { as: { token } }),
    'an account that is switched off': ({ userId }) =>
      server.request('PATCH', `/api/v1/users/${userId}`, { as: 'admin', body: { isActive: false } }),
    'a new password, set elsewhere': async ({ email }) => {
      const { token } = await logIn(email, testId('Device', 900))
      const body = { currentPassword: FIXTURE_PASSWORD, newPassword: 'another four words there' }
      expect((await server.request('POST', '/api/v1/me/password', { as: { token }, body })).status).toBe(204)
    },
    'a device whose access is taken away': ({ deviceId }) =>
      server.request('DELETE', `/api/v1/devices/${deviceId}`, { as: 'admin' }),
  }

  test.each(Object.keys(ENDS))('%s closes socket and stream, and every door answers 401', async (cause) => {
    const person = await aPerson('admin')
    const { wire, stream, read } = await openDoors(person)
    const link = await aLink(person)
    expect(read.documents.length).toBeGreaterThan(1)
    await ENDS[cause]?.(person)
    expect([CLOSE.unauthenticated, CLOSE.revoked]).toContain((await wire.closed).code)
    await eventually('the stream is over', () => stream.isOver)
    const as = { token: person.token }
    const doors = [
      VISITS,
      '/api/v1/patients',
      `/sync/appointments/1/pull?lwt=0&id=&limit=10`,
      '/sync/v1/pokes?names=appointments',
      '/api/v1/reports',
      link,
    ]
    const answers = await Promise.all(doors.map((path) => server.request('GET', path, { as })))
    expect(answers.map(({ status }) => status)).toEqual(doors.map(() => 401))
    const row = { newDocumentState: { ...read.documents[0], note: 'still here' } }
    const push = await server.request('POST', '/sync/appointments/1/push', { as, body: [row] })
    expect(push.status).toBe(401)
  })

  /** What leaves the device by socket and by HTTP once it has been poked. */
  async function leftBehind(person: Person, { wire, read, stream }: Awaited<ReturnType<typeof openDoors>>) {
    await wire.next(({ id, collection }) => id === 'stream' && collection === 'appointments')
    await eventually('the stream is poked', () => stream.text.includes('appointments') || stream.text)
    const bySocket = (await wire.ask('appointments', 'masterChangesSince', [read.checkpoint, 100])).result as Pulled
    const { lwt, id } = read.checkpoint
    const path = `/sync/appointments/1/pull?lwt=${lwt}&id=${encodeURIComponent(id)}&limit=100`
    const byHttp = (await server.request('GET', path, { as: { token: person.token } })).body as Pulled
    expect(byHttp.documents).toEqual(bySocket.documents)
    const gone = bySocket.documents.filter(({ _deleted }) => _deleted).map((document) => document.id)
    return { bySocket, gone }
  }

  test('another role takes the clinic’s visits off the device, and neither REST nor a link made before gives them', async () => {
    const person = await aPerson('admin')
    const doors = await openDoors(person)
    const link = await aLink(person)
    const body = { roleIds: [roles.patient] }
    expect((await server.request('PATCH', `/api/v1/users/${person.userId}`, { as: 'admin', body })).status).toBe(200)
    const { gone, bySocket } = await leftBehind(person, doors)
    expect([...gone].sort()).toEqual(doors.read.documents.map(({ id }) => id).sort())
    expect(JSON.stringify(bySocket)).not.toContain(testId('Patient', 3))
    const as = { token: person.token }
    const visits = await server.request('GET', VISITS, { as })
    expect(visits.body).toMatchObject({ appointments: [] })
    expect((await server.request('GET', '/api/v1/patients', { as })).body).toMatchObject({ patients: [] })
    expect([403, 404]).toContain((await server.request('GET', link, { as })).status)
  })

  test('another calendar takes the former one’s visits off the device', async () => {
    // The fixture's doctor has the first calendar; this one moves from the second to the third.
    const person = await aPerson('doctor', 2)
    const doors = await openDoors(person)
    const held = doors.read.documents.filter(({ _deleted }) => !_deleted).map(({ id }) => id)
    expect(held).toHaveLength(1)
    const body = { doctorId: testId('Doctor', 3) }
    expect((await server.request('PATCH', `/api/v1/users/${person.userId}`, { as: 'admin', body })).status).toBe(200)
    const { gone } = await leftBehind(person, doors)
    expect(gone).toEqual(held)
    const list = await server.request('GET', VISITS, { as: { token: person.token } })
    expect(list.body.appointments).toEqual([])
    const one = await server.request('GET', `/api/v1/appointments/${held[0]}`, { as: { token: person.token } })
    expect(one.status).toBe(404)
    await server.request('PATCH', `/api/v1/users/${person.userId}`, { as: 'admin', body: { doctorId: null } })
  })
})
