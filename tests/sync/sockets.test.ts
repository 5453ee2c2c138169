import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import type { ClinicId, UserId } from '#domain/ids.ts'
import { BEFORE_AUTH, CLOSE, MAX_FRAME_BYTES, PROTOCOL_VERSION } from '#domain/sync/protocol-version.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { RowFailed } from '#server/operations/push-changes.ts'
import type { Touched } from '#server/sync/pokes.ts'
import type { SyncDeps, SyncSession } from '#server/sync/sync-session.ts'
import { registerSyncSockets, SYNC_PATH, SYNC_SETTINGS, type SyncSettings } from '#server/sync/sync-sockets.ts'
import { openWire, type WireOptions } from '#tests/support/wire-client.ts'

const CLINIC = '0190a000-0000-7000-8000-00000000000c' as ClinicId
const USER = '0190a000-0000-7000-8000-00000000000a' as UserId
const ORIGIN = 'http://127.0.0.1:1'
const TICKET = 'ticket-ticket-ticket'
const HELLO = { ticket: TICKET, protocol: PROTOCOL_VERSION, schemas: { appointments: 0 }, deviceId: 'd1' }

const subject: Subject = {
  userId: USER,
  clinicId: CLINIC,
  doctorId: null,
  patientIds: [],
  grants: SHIPPED_ROLE_GRANTS.receptionist,
}
const session: SyncSession = {
  sessionId: 's1' as SyncSession['sessionId'],
  userId: USER,
  clinicId: CLINIC,
  deviceId: 'd1',
  subject: async () => subject,
}
const emptyPull: SyncDeps['pull'] = async (_subject, _collection, checkpoint) => ({
  ok: true,
  hasMore: false,
  result: { documents: [], checkpoint: checkpoint ?? { lwt: 0, id: 'e' } },
})

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function serve(deps: Partial<SyncDeps> = {}, settings: Partial<SyncSettings> = {}) {
  const app = Fastify()
  let commit: (touched: Touched) => void = () => undefined
  const sockets = await registerSyncSockets(
    app,
    {
      authenticateBearer: async (header) => (header === 'Bearer right' ? session : null),
      redeemTicket: async (ticket) => (ticket === TICKET ? session : null),
      findEndedSessions: async () => new Set(),
      isOriginAllowed: (origin) => origin === ORIGIN,
      pull: emptyPull,
      push: async () => [],
      onDiffered: () => undefined,
      differed: new Map(),
      total: async () => 0,
      sum: async () => ({ ok: true, held: null }),
      findEpoch: async () => 'e',
      onCommitted: (listener) => {
        commit = listener
        return () => undefined
      },
      now: () => 1,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      ...deps,
    },
    { ...SYNC_SETTINGS, ...settings },
  )
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  stops.push(() => app.close())
  const url = `${address.replace('http', 'ws')}${SYNC_PATH}`
  return {
    app,
    sockets,
    url,
    commit: (touched: Touched) => commit(touched),
    open: (options: WireOptions = { origin: ORIGIN }) => openWire(url, options),
    async signedIn() {
      const wire = await openWire(url, { origin: ORIGIN })
      await wire.ask('', 'auth', [HELLO])
      return wire
    },
  }
}

/** A promise and the key to it. */
function latch<Value = void>() {
  let open: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((resolve) => {
    open = resolve
  })
  return { promise, open }
}

test('our client is answered with epoch, user and the clock', async () => {
  const wire = await (await serve()).open()
  const { result } = await wire.ask('', 'auth', [HELLO])
  expect(result).toEqual({ protocol: PROTOCOL_VERSION, epoch: 'e', userId: USER, clinicId: CLINIC, serverTime: 1 })
})

test('a ticket shown twice, without an origin or from another device opens nothing', async () => {
  const tickets = new Set([TICKET])
  const server = await serve({ redeemTicket: async (ticket) => (tickets.delete(ticket) ? session : null) })
  const bare = await server.open({})
  bare.send({ id: 'a', collection: '', method: 'auth', params: [HELLO] })
  expect((await bare.closed).code).toBe(CLOSE.unauthenticated)

  const foreign = await server.open()
  expect((await foreign.ask('', 'auth', [{ ...HELLO, deviceId: 'other' }])).error?.field).toBe('deviceId')
  expect((await foreign.closed).code).toBe(CLOSE.unauthenticated)

  const again = await server.open()
  expect((await again.ask('', 'auth', [HELLO])).error?.code).toBe('UNAUTHENTICATED')
  expect((await again.closed).code).toBe(CLOSE.unauthenticated)
})

test('a foreign page cannot open a socket', async () => {
  const server = await serve()
  await expect(server.open({ origin: 'https://evil.example' })).rejects.toThrow('403')
})

test('a client of the version before is served in its own, and what it pushes arrives as if it had been migrated', async () => {
  const pushed: (readonly PushRow[])[] = []
  const server = await serve({
    push: async (_subject, _collection, rows) => {
      pushed.push(rows)
      return []
    },
  })
  const wire = await server.open()
  const older = { ...HELLO, protocol: PROTOCOL_VERSION - 1, schemas: { schedules: 0 } }
  expect((await wire.ask('', 'auth', [older])).result).toMatchObject({ protocol: PROTOCOL_VERSION - 1 })
  const base = { id: 'one', _deleted: false, note: 'leave' }
  const row = { newDocumentState: { ...base, note: 'ill' }, assumedMasterState: base }
  await wire.ask('schedules', 'masterWrite', [[row]])
  // It keeps what it was sent, and has sent it back.
  const kept = { newDocumentState: { ...base, closureId: 'c' } }
  await wire.ask('schedules', 'masterWrite', [[kept]])
  await wire.ask('rooms', 'masterWrite', [[{ newDocumentState: base }]])
  expect(pushed).toEqual([
    [
      {
        newDocumentState: { ...base, note: 'ill', closureId: null },
        assumedMasterState: { ...base, closureId: null },
      },
    ],
    [kept],
    [{ newDocumentState: base }],
  ])
})

test('a client of another protocol or schema version is told to upgrade and keeps its ticket', async () => {
  let redeemed = 0
  const server = await serve({
    redeemTicket: async () => {
      redeemed += 1
      return session
    },
  })
  const outdated = [
    { ...HELLO, protocol: PROTOCOL_VERSION - 2 },
    { ...HELLO, protocol: PROTOCOL_VERSION + 1 },
  ]
  const otherShape = { protocol: 0, token: 'of an older hello' }
  const otherSchema = { ...HELLO, schemas: { appointments: 99 } }
  for (const hello of [...outdated, otherShape, otherSchema]) {
    const wire = await server.open()
    expect((await wire.ask('', 'auth', [hello])).error?.code).toBe('UPGRADE_REQUIRED')
    expect((await wire.closed).code).toBe(CLOSE.upgradeRequired)
  }
  expect(redeemed).toBe(0)
})

test('before signing in a socket gets 16 frames, 64 KiB and its time, then 4401', async () => {
  const server = await serve({}, { beforeAuth: { ...BEFORE_AUTH, milliseconds: 300 } })
  const many = await server.open()
  for (let i = 0; i <= BEFORE_AUTH.frames; i++) many.send({ id: `${i}`, collection: '', method: 'ping', params: [] })
  expect((await many.closed).code).toBe(CLOSE.unauthenticated)

  const large = await server.open()
  large.send({ id: 'l', collection: '', method: 'ping', params: ['x'.repeat(BEFORE_AUTH.bytes)] })
  expect((await large.closed).code).toBe(CLOSE.unauthenticated)

  const silent = await server.open()
  expect((await silent.closed).code).toBe(CLOSE.unauthenticated)
})

test('frames sent before signing in are answered after it, in their order', async () => {
  const wire = await (await serve()).open({ isStock: true })
  for (const id of ['1', '2']) wire.send({ id, collection: 'doctors', method: 'masterChangesSince', params: [null, 5] })
  wire.send({ id: 'a', collection: 'doctors', method: 'auth', params: [{ authorization: 'Bearer right' }] })
  wire.send({ id: '3', collection: 'doctors', method: 'masterChangesSince', params: [null, 5] })
  await wire.next(({ id }) => id === '3')
  expect(wire.received.map(({ id }) => id)).toEqual(['1', '2', '3'])
})

test('the frames of one socket are handled one after the other', async () => {
  const order: string[] = []
  const slow = latch()
  const server = await serve({
    push: async () => {
      order.push('push begins')
      await slow.promise
      order.push('push ends')
      return []
    },
    pull: (...args) => {
      order.push('pull')
      return emptyPull(...args)
    },
  })
  const wire = await server.signedIn()
  const answers = [wire.ask('patients', 'masterWrite', [[]]), wire.ask('patients', 'masterChangesSince', [null, 1])]
  slow.open()
  await Promise.all(answers)
  expect(order).toEqual(['push begins', 'push ends', 'pull'])
})

test('a ping is answered at once, also while a long request is under way', async () => {
  const slow = latch()
  const server = await serve({ push: () => slow.promise.then(() => []) })
  const wire = await server.signedIn()
  const push = wire.ask('patients', 'masterWrite', [[]])
  expect((await wire.ask('', 'ping', [])).result).toEqual({ serverTime: 1 })
  slow.open()
  expect((await push).result).toEqual([])
})

test('our client hears BUSY when too much is waiting, and every request is answered', async () => {
  const slow = latch()
  const server = await serve({ push: () => slow.promise.then(() => []) })
  const wire = await server.signedIn()
  const asked = Array.from({ length: 40 }, () => wire.ask('patients', 'masterWrite', [[]]))
  expect((await wire.next(({ error }) => error !== undefined)).error).toMatchObject({ code: 'BUSY', retryAfter: 500 })
  slow.open()
  const answers = await Promise.all(asked)
  expect(answers.filter(({ error }) => error?.code === 'BUSY')).toHaveLength(40 - 33)
})

test('the stock client is never told BUSY: its line is read again when there is room', async () => {
  const slow = latch()
  const server = await serve({ push: () => slow.promise.then(() => []) })
  const wire = await server.open({ isStock: true })
  wire.send({ id: 'a', collection: 'patients', method: 'auth', params: [{ authorization: 'Bearer right' }] })
  // The flood comes after the sign-in: before it, so many frames would be too many.
  await wire.ask('patients', 'masterChangesSince', [null, 5])
  const asked = Array.from({ length: 100 }, () => wire.ask('patients', 'masterWrite', [[]]))
  slow.open()
  for (const { result } of await Promise.all(asked)) expect(result).toEqual([])
})

test('a broken frame is answered with code, sentence and field, and the socket goes on', async () => {
  const wire = await (await serve()).signedIn()
  const cases: [collection: string, method: string, params: unknown[], field: string][] = [
    ['patients', 'destroy', [], 'method'],
    ['secrets', 'masterChangesSince', [null, 5], 'collection'],
    ['patients', 'masterChangesSince', [null, 0], 'params.1'],
    ['patients', 'masterChangesSince', [{ lwt: 0, id: 'ü' }, 5], 'params.0.id'],
    ['patients', 'masterWrite', [[{ newDocumentState: { id: 5, _deleted: false } }]], 'params.0.0.newDocumentState.id'],
    ['patients', 'masterWrite', [[{ newDocumentState: { id: 'x', _deleted: false }, more: 1 }]], 'params.0.0.more'],
    ['patients', 'auth', [HELLO], 'method'],
  ]
  for (const [collection, method, params, field] of cases) {
    const { error } = await wire.ask(collection, method, params)
    expect(error).toMatchObject({ code: 'BAD_REQUEST', field })
    expect(error?.message).toMatch(/^[A-Z].*\.$/)
  }
  expect((await wire.ask('', 'ping', [])).result).toEqual({ serverTime: 1 })
})

test.each([
  ['text that is no JSON', 'no json', 1007],
  ['a list', '[]', 1007],
  ['a frame without an id', '{"method":"ping"}', 1007],
  ['deep nesting', `{"id":"1","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 1007],
  ['binary data', Buffer.from('{}'), 1003],
  ['an oversized frame', 'x'.repeat(MAX_FRAME_BYTES + 1), 1009],
])('%s ends the socket with its code and the server goes on', async (_name, data, code) => {
  const server = await serve()
  const wire = await server.signedIn()
  wire.socket.send(data)
  expect((await wire.closed).code).toBe(code)
  expect((await (await server.signedIn()).ask('', 'ping', [])).result).toBeDefined()
})

test('a row that makes the server fail is told apart from a server in trouble, with the cause in the log', async () => {
  const failures = [new RowFailed('a row', { cause: new TypeError('a bug') }), new Error('database away')]
  const logged: unknown[] = []
  const server = await serve({
    push: () => Promise.reject(failures.shift()),
    log: { info: () => undefined, warn: () => undefined, error: (fields) => logged.push(fields) },
  })
  const wire = await server.signedIn()
  const answers = [await wire.ask('patients', 'masterWrite', [[]]), await wire.ask('patients', 'masterWrite', [[]])]
  expect(answers.map(({ error }) => error?.code)).toEqual(['BAD_REQUEST', 'UNAVAILABLE'])
  expect(logged[0]).toMatchObject({ err: new TypeError('a bug'), collection: 'patients' })
})

test('the stock client hears failures in the only forms it survives', async () => {
  const server = await serve({
    push: () => Promise.reject(new Error('database away')),
    pull: () => Promise.reject(new Error('database away')),
  })
  const wire = await server.open({ isStock: true })
  wire.send({ id: 'a', collection: 'patients', method: 'auth', params: [{ authorization: 'Bearer right' }] })
  const push = await wire.ask('patients', 'masterWrite', [[]])
  expect(Array.isArray(push.result)).toBe(false)
  expect(push.result).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  const checkpoint = { lwt: 7, id: 'e' }
  const pull = await wire.ask('patients', 'masterChangesSince', [checkpoint, 5])
  expect(pull.result).toEqual({ documents: [], checkpoint })
  expect((await wire.closed).code).toBe(CLOSE.tryLater)
})

test('a commit pokes those who listen to a touched audience, and nobody else', async () => {
  const server = await serve()
  const listener = await server.signedIn()
  const deaf = await server.signedIn()
  listener.send({ id: 'stream', collection: 'appointments', method: 'masterChangeStream$', params: [] })
  await listener.ask('doctors', 'masterChangesSince', [null, 1])
  server.commit(new Map([['appointments', new Set(['doctor:x'] as const)]]))
  server.commit(new Map([['patients', new Set([`clinic:${CLINIC}`] as const)]]))
  server.commit(new Map([['appointments', new Set([`clinic:${CLINIC}`] as const)]]))
  expect(await listener.next(({ id }) => id === 'stream')).toEqual({
    id: 'stream',
    collection: 'appointments',
    result: 'RESYNC',
  })
  await Promise.all([listener, deaf].map((wire) => wire.ask('', 'ping', [])))
  expect(listener.received.filter(({ id }) => id === 'stream')).toHaveLength(1)
  expect(deaf.received.filter(({ id }) => id === 'stream')).toHaveLength(0)
})

test('a page cut by the server is followed by a poke, since RxDB takes a short page for the last', async () => {
  const server = await serve({
    pull: async () => ({ ok: true, hasMore: true, result: { documents: [], checkpoint: { lwt: 1, id: 'e' } } }),
  })
  const wire = await server.signedIn()
  wire.send({ id: 'stream', collection: 'doctors', method: 'masterChangeStream$', params: [] })
  await wire.ask('doctors', 'masterChangesSince', [null, 1000])
  expect(await wire.next(({ id }) => id === 'stream')).toMatchObject({ collection: 'doctors', result: 'RESYNC' })
})

test('an ended session closes its sockets with 4401', async () => {
  const ended = new Set<string>()
  const server = await serve({ findEndedSessions: async () => ended }, { sessionCheckMs: 20 })
  const found = await server.signedIn()
  ended.add('s1')
  expect((await found.closed).code).toBe(CLOSE.unauthenticated)
  ended.clear()
  const told = await server.signedIn()
  server.sockets.endSession('s1')
  expect((await told.closed).code).toBe(CLOSE.unauthenticated)
})

test('stopping finishes the request in hand and closes with 1012', async () => {
  const [begun, slow] = [latch(), latch()]
  const server = await serve({
    push: async () => {
      begun.open()
      await slow.promise
      return []
    },
  })
  const wire = await server.signedIn()
  const answer = wire.ask('patients', 'masterWrite', [[]])
  await begun.promise
  const stopped = server.sockets.close()
  slow.open()
  expect((await answer).result).toEqual([])
  expect((await wire.closed).code).toBe(CLOSE.serverRestarts)
  await stopped
})
