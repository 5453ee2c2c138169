/** A revoked device hands in what it has not sent: once, for the administration alone, and nobody applies it. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { HAND_IN_MS } from '#server/operations/accounts/hand-in.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const wide = { windowMs: minutes(60), triesPerAddress: 10_000, triesPerAccount: 1_000 }

describe.each(engines)('handing in from a revoked device, on %s', (engine) => {
  let server: ServerUnderTest
  let count = 0
  beforeAll(async () => {
    server = await aServer(engine, { logInLimits: wide })
  })
  afterAll(() => server.stop())

  const patientId = testId('Patient', 1)
  const attempted = { id: testId('Appointment', 71), _deleted: false, patientId, note: 'bring the x-ray', revision: 1 }
  const base = { ...attempted, note: '' }
  const change = { collection: 'appointments', row: { newDocumentState: attempted, assumedMasterState: base } }

  const logInOn = async (device: { id: string; name: string }) => {
    const body = { email: FIXTURE_EMAILS.receptionist, password: FIXTURE_PASSWORD, device }
    return (await server.request('POST', '/api/v1/auth/login', { body })).body.token as string
  }
  /** Somebody signed in on a device whose access is taken away then. */
  const revoked = async (query = '') => {
    count += 1
    server.clock.now += 1_000
    const device = { id: testId('Device', 700 + count), name: `Lost laptop ${count}` }
    const token = await logInOn(device)
    const answer = await server.request('DELETE', `/api/v1/devices/${device.id}${query}`, { as: 'admin' })
    expect(answer.status).toBe(204)
    return { device, token }
  }
  const askTicket = (token: string) => server.request('POST', '/api/v1/auth/socket-ticket', { as: { token } })
  const handIn = (ticket: string, changes: readonly object[] = [change]) =>
    server.request('POST', '/api/v1/devices/hand-in', {
      body: { ticket, changes },
      headers: { 'x-hand-in-ticket': ticket },
    })
  const list = async (deviceId: string) => {
    const { body } = await server.request('GET', '/api/v1/devices/handed-in', { as: 'admin' })
    return body.changes.filter((one: { deviceId: string }) => one.deviceId === deviceId)
  }
  const audit = (action: string) =>
    server.database.read((tx) =>
      tx.selectFrom('audit_log').select(['user_id', 'detail']).where('action', '=', action).execute(),
    )

  test('is told of the revocation where it asks for a ticket, and where it asks who it is', async () => {
    const { token } = await revoked()
    const told = await askTicket(token)
    expect([told.status, told.body.code]).toEqual([403, 'device-revoked'])
    expect(told.body.revocation).toMatchObject({ handedIn: null, ticket: expect.any(String) })
    const me = await server.request('GET', '/api/v1/auth/me', { as: { token } })
    expect(me.body.revocation.ticket).toEqual(expect.any(String))
    // Everything else is closed as to any stranger.
    expect((await server.request('GET', '/api/v1/auth/sessions', { as: { token } })).status).toBe(401)
  })

  test('of a large body is read only from who names a ticket that is good', async () => {
    const ticketOf = async () => (await askTicket((await revoked()).token)).body.revocation.ticket as string
    const ticket = await ticketOf()
    // Only the head is sent: an answer proves that nobody waited for the body.
    const answerTo = (headers: Record<string, string>) =>
      new Promise<string>((resolve, reject) => {
        const { hostname, port } = new URL(server.url)
        const lines = Object.entries({ host: hostname, 'content-type': 'application/json', ...headers })
        const socket = connect(Number(port), hostname, () =>
          socket.write(
            `POST /api/v1/devices/hand-in HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
          ),
        )
        const timer = setTimeout(() => socket.end(() => resolve('waits for the body')), 1_500)
        socket.once('data', (data) => {
          clearTimeout(timer)
          socket.destroy()
          resolve(String(data).split('\r\n')[0] ?? '')
        })
        socket.once('error', reject)
      })
    const large = { 'content-length': String(2 * 1024 * 1024) }
    const wrong = 'x'.repeat(43)
    const refused = await handIn(wrong)
    for (const headers of [
      large,
      { 'transfer-encoding': 'chunked' },
      { ...large, 'x-hand-in-ticket': wrong },
      { 'content-length': '10', 'x-hand-in-ticket': wrong },
    ]) {
      expect(await answerTo(headers)).toContain(` ${refused.status} `)
    }
    expect(await answerTo({ ...large, 'x-hand-in-ticket': ticket })).toBe('waits for the body')
    const note = 'y'.repeat(1_000_000)
    const row = { newDocumentState: { ...attempted, note } }
    const body = { ticket, changes: [{ collection: 'appointments', row }] }
    const send = (headers: Record<string, string>) =>
      server.request('POST', '/api/v1/devices/hand-in', { body, headers })
    expect((await send({})).status).toBe(refused.status)
    expect((await send({ 'x-hand-in-ticket': ticket })).body).toEqual({ handedIn: 1 })
  })

  test('is kept whole with author, time and changed fields, and is applied by nobody', async () => {
    const { device, token } = await revoked()
    const ticket = (await askTicket(token)).body.revocation.ticket
    const answer = await handIn(ticket)
    expect([answer.status, answer.body]).toEqual([200, { handedIn: 1 }])
    expect(await list(device.id)).toMatchObject([
      {
        deviceName: device.name,
        authorName: 'Fixture receptionist',
        at: server.clock.now,
        reason: 'device-revoked',
        collection: 'appointments',
        documentId: attempted.id,
        fields: [{ name: 'note', wanted: 'bring the x-ray' }],
        doneAt: null,
      },
    ])
    const kept = await server.database.read((tx) =>
      tx
        .selectFrom('handed_in_changes')
        .selectAll()
        .where('device_id', '=', device.id as never)
        .execute(),
    )
    expect(JSON.parse(kept[0]?.attempted ?? '')).toEqual(attempted)
    expect(JSON.parse(kept[0]?.base ?? '')).toEqual(base)
    const visit = await server.request('GET', `/api/v1/appointments/${attempted.id}`, { as: 'admin' })
    expect(visit.status).toBe(404)
    expect((await audit('changes-handed-in')).at(-1)?.detail).toContain('device-revoked')
  })

  test('happens once: a second try, a used ticket and an unknown one are refused alike', async () => {
    const { device, token } = await revoked()
    const first = (await askTicket(token)).body.revocation.ticket
    const ticket = (await askTicket(token)).body.revocation.ticket
    const early = await handIn(first)
    const both = await Promise.all([handIn(ticket), handIn(ticket)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403])
    const late = await handIn(ticket)
    const unknown = await handIn('x'.repeat(43))
    const said = ({ status, body }: typeof late) => ({ status, ...body, requestId: '' })
    expect(said(late)).toEqual(said(unknown))
    expect(said(early)).toEqual(said(unknown))
    expect(await list(device.id)).toHaveLength(1)
    expect((await askTicket(token)).body.revocation).toMatchObject({ ticket: null, handedIn: 1 })
  })

  test('ends with the ticket’s time, and a new ticket is given out', async () => {
    const { token } = await revoked()
    const ticket = (await askTicket(token)).body.revocation.ticket
    server.clock.now += HAND_IN_MS + 1
    expect((await handIn(ticket)).status).toBe(403)
    expect((await handIn((await askTicket(token)).body.revocation.ticket)).status).toBe(200)
  })

  test('is not for a device that is to wipe at once', async () => {
    const { device, token } = await revoked('?wipeNow=true')
    expect((await askTicket(token)).body.revocation).toMatchObject({ ticket: null, handedIn: null })
    expect(await list(device.id)).toEqual([])
    expect((await audit('device-revoked')).at(-1)?.detail).toContain('"wipeNow":true')
  })

  test('is not for a session that ended in another way, nor for anybody who is signed in', async () => {
    const device = { id: testId('Device', 790), name: 'Front desk' }
    const token = await logInOn(device)
    expect((await server.request('POST', '/api/v1/auth/logout', { as: { token } })).status).toBe(204)
    server.clock.now += 1
    await server.request('DELETE', `/api/v1/devices/${device.id}`, { as: 'admin' })
    const answer = await askTicket(token)
    expect([answer.status, answer.body.revocation]).toEqual([401, undefined])
  })

  test('is dealt with by the administration, and the mark can be taken back', async () => {
    const { device, token } = await revoked()
    await handIn((await askTicket(token)).body.revocation.ticket)
    const [{ id }] = await list(device.id)
    const mark = (isDone: boolean, as: 'admin' | 'receptionist' = 'admin') =>
      server.request('PUT', `/api/v1/devices/handed-in/${id}`, { as, body: { isDone } })
    expect((await mark(true, 'receptionist')).status).toBe(403)
    expect((await mark(true)).status).toBe(204)
    expect(await list(device.id)).toMatchObject([{ doneAt: server.clock.now, doneByName: 'Fixture admin' }])
    expect((await mark(false)).status).toBe(204)
    expect(await list(device.id)).toMatchObject([{ doneAt: null, doneByName: '' }])
  })

  test('takes no more than its bounds', async () => {
    const { token } = await revoked()
    const ticket = (await askTicket(token)).body.revocation.ticket
    const many = await handIn(ticket, Array(1_001).fill(change))
    expect(many.status).toBe(400)
    const wide = { ...change, row: { newDocumentState: { ...attempted, note: 'x'.repeat(3 * 1024 * 1024) } } }
    expect((await handIn(ticket, [wide])).status).toBe(413)
    expect((await handIn(ticket, Array(1_000).fill(change))).body).toEqual({ handedIn: 1_000 })
  })

  test('leaves nothing of a patient who is erased, before or after', async () => {
    const visit = { doctorId: testId('Doctor', 1), patientId, typeId: server.clinic.types.consultation.id }
    await server.request('POST', '/api/v1/appointments', {
      as: 'receptionist',
      body: { ...visit, start: NINE_O_CLOCK },
    })
    const before = await revoked()
    await handIn((await askTicket(before.token)).body.revocation.ticket)
    const path = `/api/v1/patients/${patientId}`
    const exported = await server.request('GET', `${path}/export`, { as: 'admin' })
    expect(JSON.stringify(exported.body)).toContain('bring the x-ray')
    const { confirmation } = (await server.request('GET', `${path}/erasure`, { as: 'admin' })).body.preview
    const body = { reason: 'requested', confirmation }
    expect((await server.request('POST', `${path}/erasure`, { as: 'admin', body })).status).toBe(200)
    expect(await list(before.device.id)).toEqual([])
    const after = await revoked()
    expect((await handIn((await askTicket(after.token)).body.revocation.ticket)).status).toBe(200)
    expect(await list(after.device.id)).toEqual([])
  })
})
