/** The addresses of HTTP by themselves: what they take, how they refuse, and what their streams say. */
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { definitionOf } from '#domain/sync/collections.ts'
import { MAX_FRAME_BYTES, PROTOCOL_VERSION } from '#domain/sync/protocol-version.ts'
import type { App } from '#server/http/app.ts'
import { answerError } from '#server/http/error-handler.ts'
import { DESKTOP_ORIGIN } from '#server/http/origins.ts'
import { registerSyncHttp } from '#server/sync/sync-http.ts'
import { createSyncHub } from '#server/sync/sync-hub.ts'
import type { SyncDeps } from '#server/sync/sync-session.ts'
import { SYNC_SETTINGS } from '#server/sync/sync-sockets.ts'
import { anAppointment, aPatient, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { type Answer, aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'

let server: ServerUnderTest
const readers: AbortController[] = []
beforeAll(async () => {
  server = await aServer('sqlite')
})
afterEach(() => {
  for (const reader of readers.splice(0)) reader.abort()
})
afterAll(() => server.stop())

const PATIENTS = '/sync/patients/0'
const row = (number: number) => ({
  newDocumentState: { ...aPatient({ id: testId('Patient', number), revision: 0 }), _deleted: false },
})

/** A stream that is read as it comes. */
async function listen(path: string, token: string, origin = server.url) {
  const reader = new AbortController()
  readers.push(reader)
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` }
  const response = await fetch(`${origin}${path}`, { headers, signal: reader.signal })
  const stream = { text: '', isOver: false, response }
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) stream.text += decoder.decode(chunk, { stream: true })
  }
  void read()
    .catch(() => undefined)
    .then(() => {
      stream.isOver = true
    })
  return stream
}

/** The addresses alone, for one person who is signed in, above a server that answers pulls after a while. */
async function anAppThatWaits(gate: Promise<void>) {
  const app = Fastify().withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.setErrorHandler(answerError)
  app.decorateRequest('session', null)
  app.addHook('onRequest', async (request) => {
    request.session = { sessionId: 's1', subject: async () => ({ grants: [], patientIds: [] }) } as never
  })
  const deps = {
    pull: () =>
      gate.then(() => ({ ok: true, hasMore: false, result: { documents: [], checkpoint: { lwt: 0, id: 'e' } } })),
    onCommitted: () => () => undefined,
  } as unknown as SyncDeps
  await registerSyncHttp(app as unknown as App, deps, createSyncHub(deps, SYNC_SETTINGS))
  return app
}

describe('requests of the sync protocol over HTTP', () => {
  test('say N and N−1 of a schema, and tell every other version to update', async () => {
    const newest = definitionOf('appointments').version
    const pull = (version: number) =>
      server.request('GET', `/sync/appointments/${version}/pull?lwt=0&id=&limit=1`, { as: 'receptionist' })
    const statuses = await Promise.all([newest - 1, newest, newest + 1].map(pull))
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 426])
    expect(statuses[2]?.body).toMatchObject({ code: 'upgrade-required', field: 'schemaVersion' })
  })

  test('take what an older client pushes as if it had been migrated there', async () => {
    const { roomId: _, equipmentIds: __, ...document } = anAppointment({ id: testId('Appointment', 9), revision: 0 })
    const body = [{ newDocumentState: { ...document, _deleted: false } }]
    const answer = await server.request('POST', '/sync/appointments/0/push', { as: 'receptionist', body })
    expect(answer.status).toBe(200)
    const page = await server.request('GET', '/sync/appointments/1/pull?limit=500', { as: 'receptionist' })
    expect(page.body.documents).toContainEqual(expect.objectContaining({ id: document.id, equipmentIds: [] }))
  })

  test('are refused in words that RxDB’s stock client survives, and say when to come back', async () => {
    const narrow = await aServer('sqlite', { limits: { perAddress: 1_000, perSession: 3 } })
    try {
      const token = await narrow.logIn('receptionist')
      const answers: Answer[] = []
      for (const query of ['?id=a~b&lwt=1', '?limit=0', '?limit=1', '?limit=1']) {
        answers.push(await narrow.request('GET', `${PATIENTS}/pull${query}`, { as: { token } }))
      }
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 200, 429])
      for (const { status, body } of answers) if (status >= 400) expect(body.error).toBe(body.code)
      expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await narrow.request('GET', `${PATIENTS}/pull`)).status).toBe(401)
    } finally {
      await narrow.stop()
    }
  })

  test('of one session that are more than a socket may have waiting hear that the server is busy', async () => {
    const gate = Promise.withResolvers<void>()
    const app = await anAppThatWaits(gate.promise)
    const pull = () => app.inject({ url: `${PATIENTS}/pull?limit=1` })
    const answers = Array.from({ length: 40 }, pull)
    const done: Awaited<ReturnType<typeof pull>>[] = []
    for (const answer of answers) void answer.then((each) => done.push(each))
    // One is in hand and 32 wait behind it, as on a socket.
    await eventually('the others are sent away', () => done.length === 7 || done.length).finally(gate.resolve)
    expect(new Set(done.map(({ statusCode }) => statusCode))).toEqual(new Set([503]))
    expect(done[0]?.json()).toMatchObject({ code: 'busy', error: 'busy', retryAfterSeconds: 1 })
    const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 200)).toHaveLength(33)
    expect((await pull()).statusCode).toBe(200)
    await app.close()
  })

  test('hold as much as a frame and no more, and nest no deeper', async () => {
    const push = (body: unknown) => server.request('POST', `${PATIENTS}/push`, { as: 'receptionist', body })
    const wide = { ...row(600), newDocumentState: { ...row(600).newDocumentState, note: 'x'.repeat(100_000) } }
    expect((await push([wide])).status).toBe(200)
    expect((await push('x'.repeat(MAX_FRAME_BYTES + 1))).status).toBe(413)
    expect((await push(`${'['.repeat(40)}${']'.repeat(40)}`)).body.code).toBe('malformed-request')
    expect((await push(Array.from({ length: 201 }, (_, n) => row(n)))).status).toBe(400)
  })

  test('leave the body of every answer out of caches', async () => {
    const { headers } = await server.request('GET', `${PATIENTS}/pull?limit=1`, { as: 'receptionist' })
    expect(headers.get('cache-control')).toContain('no-store')
  })

  test('with a page’s cookie are taken only beside its token against forgery', async () => {
    const credentials = { email: FIXTURE_EMAILS.receptionist, password: FIXTURE_PASSWORD, transport: 'cookie' }
    const signedIn = await server.request('POST', '/api/v1/auth/login', {
      body: credentials,
      headers: { origin: server.url },
    })
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const page = { cookie, origin: server.url }
    const push = (headers: Record<string, string>) =>
      server.request('POST', `${PATIENTS}/push`, { body: [], headers: { ...page, ...headers } })
    expect((await push({})).body.code).toBe('csrf-refused')
    expect((await push({ 'x-csrf-token': signedIn.body.csrfToken })).status).toBe(200)
    expect((await push({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await server.request('GET', `${PATIENTS}/pull`, { headers: { cookie } })).status).toBe(200)
  })
})

describe('hello over HTTP', () => {
  const helloWith = async (part: object, as?: { readonly token: string }) => {
    const ask = (path: string, body?: object) =>
      server.request('POST', path, {
        as: as ?? 'receptionist',
        ...(body && { body }),
        headers: { origin: DESKTOP_ORIGIN },
      })
    const { ticket } = (await ask('/api/v1/auth/socket-ticket')).body
    const hello = { ticket, protocol: PROTOCOL_VERSION, schemas: { patients: 0 }, deviceId: 'd1', ...part }
    return ask('/sync/v1/hello', hello)
  }

  test('is judged as on a socket: its ticket once, its versions before', async () => {
    const welcome = await helloWith({})
    expect(welcome.status).toBe(200)
    expect(welcome.body).toMatchObject({ protocol: PROTOCOL_VERSION, userId: server.clinic.userIds.receptionist })
    expect((await helloWith({ protocol: PROTOCOL_VERSION + 1 })).body).toMatchObject({ code: 'upgrade-required' })
    expect((await helloWith({ schemas: { patients: 7 } })).body).toMatchObject({ field: 'schemas.patients' })
    expect((await helloWith({ ticket: 'a-ticket-of-nobody' })).status).toBe(401)
  })

  test('takes no ticket of another session', async () => {
    const { ticket } = (
      await server.request('POST', '/api/v1/auth/socket-ticket', { as: 'admin', headers: { origin: DESKTOP_ORIGIN } })
    ).body
    expect((await helloWith({ ticket })).status).toBe(401)
  })
})

describe('streams over HTTP', () => {
  test('say what changed to those who may see it, and carry no document', async () => {
    const desk = await listen('/sync/v1/pokes?names=patients,holds,weather', await server.logIn('receptionist'))
    const patient = await listen('/sync/v1/pokes?names=patients', await server.logIn('patient'))
    await eventually('both listen', () => desk.text.includes(': listening') && patient.text.includes(': listening'))
    await server.request('POST', `${PATIENTS}/push`, { as: 'admin', body: [row(601)] })
    await eventually('the desk hears of it', () => desk.text.includes('event: poke'))
    const [, data = ''] = /event: poke\ndata: (.*)\n\n/.exec(desk.text) ?? []
    expect(JSON.parse(data)).toEqual({ id: 'stream', collection: 'patients', result: 'RESYNC' })
    expect(patient.text).not.toContain('event: poke')
    expect([desk.isOver, patient.isOver]).toEqual([false, false])
    expect(desk.response.headers.get('x-accel-buffering')).toBe('no')
  })

  test('of one collection end with its first poke', async () => {
    const stream = await listen(`${PATIENTS}/pullStream`, await server.logIn('receptionist'))
    await eventually('it listens', () => stream.text.includes(': listening'))
    await server.request('POST', `${PATIENTS}/push`, { as: 'admin', body: [row(602)] })
    await eventually('it ends', () => stream.isOver)
    expect(stream.text.match(/event: poke/g)).toHaveLength(1)
    await eventually('nothing is left of it', () => server.server.socketCount() === 0 || server.server.socketCount())
  })

  test('poke again where a page was cut by a limit of the server', async () => {
    const token = await server.logIn('receptionist')
    for (let index = 0; index < 21; index += 1) {
      const refused = { ...row(700 + index).newDocumentState, clinicId: 'x' }
      await server.request('POST', `${PATIENTS}/push`, {
        as: { token },
        body: [{ newDocumentState: { ...refused, name: 7 } }],
      })
    }
    // What was written before it is told to nobody on this stream.
    const stream = await listen('/sync/v1/pokes?names=rejected_changes', token)
    await eventually('it listens', () => stream.text.includes(': listening'))
    const page = await server.request('GET', '/sync/rejected_changes/0/pull?limit=500', { as: { token } })
    expect(page.body.documents).toHaveLength(20)
    await eventually('it is poked', () => stream.text.includes('rejected_changes') || stream.text)
  })

  test('end at once when somebody signs out, and within seconds when their account is switched off elsewhere', async () => {
    const [token, other] = [await server.logIn('receptionist'), await server.logIn('doctor')]
    const mine = await listen('/sync/v1/pokes?names=patients', token)
    const theirs = await listen('/sync/v1/pokes?names=patients', other)
    await eventually('both listen', () => mine.text.includes(': listening') && theirs.text.includes(': listening'))
    await server.request('POST', '/api/v1/auth/logout', { as: { token } })
    await eventually('it ends', () => mine.isOver)
    expect(mine.text).toContain('"code":4401')
    // Another instance would write just this.
    await server.database.write((tx) =>
      tx
        .updateTable('sessions')
        .set({ ended_at: server.clock.now })
        .where('user_id', '=', server.clinic.userIds.doctor)
        .execute(),
    )
    await eventually('it ends', () => theirs.isOver, 6_000)
    expect(theirs.text).toContain('"code":4401')
  })

  test('are for those who read them, and bounded for each session', async () => {
    const token = await server.logIn('receptionist')
    expect((await server.request('GET', `${PATIENTS}/pullStream`, { as: { token } })).status).toBe(406)
    const opened = await Promise.all(Array.from({ length: 33 }, () => listen(`${PATIENTS}/pullStream`, token)))
    expect(opened.filter(({ response }) => response.status === 200)).toHaveLength(32)
    expect(opened.filter(({ response }) => response.status === 503)).toHaveLength(1)
  })

  test('let the server stop, and say that it does', async () => {
    const own = await aServer('sqlite')
    const stream = await listen('/sync/v1/pokes?names=patients', await own.logIn('receptionist'), own.url)
    await eventually('it listens', () => stream.text.includes(': listening'))
    await own.stop()
    await eventually('it ends', () => stream.isOver)
    expect(stream.text).toContain('"code":1012')
  })
})
