import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SeededRandom } from '#domain/demo/seeded-random.ts'
import { MAX_FRAME_BYTES, PROTOCOL_VERSION, SYNC_SUBPROTOCOL } from '#domain/sync/protocol-version.ts'
import { aPatient, testId } from '#tests/support/builders.ts'
import { TEST_SEED, testRandom } from '#tests/support/seeded.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { DESKTOP } from '#tests/support/sync-client.ts'
import { openWire, type WireClient } from '#tests/support/wire-client.ts'

const FRAMES = process.env.SOAK ? 100_000 : 3_000
/** 1002 protocol, 1003 binary, 1006 cut off, 1007 no text or JSON, 1008 refused, 1009 too big, then our own. */
const CLOSES = [1002, 1003, 1006, 1007, 1008, 1009, 1013, 4401, 4426]

let server: ServerUnderTest
const unhandled: unknown[] = []
const note = (error: unknown) => void unhandled.push(error)
beforeAll(async () => {
  process.on('unhandledRejection', note)
  server = await aServer('sqlite')
})
afterAll(async () => {
  process.off('unhandledRejection', note)
  await server.stop()
})

const url = () => `${server.url.replace('http', 'ws')}/sync/v1`

async function signIn(isStock: boolean): Promise<WireClient> {
  if (isStock) {
    const wire = await openWire(url(), { isStock })
    const authorization = `Bearer ${await tokenOnce()}`
    wire.send({ id: 'a', collection: 'patients', method: 'auth', params: [{ authorization }] })
    return wire
  }
  const headers = { origin: DESKTOP }
  const { body } = await server.request('POST', '/api/v1/auth/socket-ticket', { as: 'receptionist', headers })
  const wire = await openWire(url(), headers)
  const hello = { ticket: body.ticket, protocol: PROTOCOL_VERSION, schemas: {}, deviceId: 'fuzz' }
  expect((await wire.ask('', 'auth', [hello])).result).toBeDefined()
  return wire
}

let token: Promise<string> | undefined
function tokenOnce(): Promise<string> {
  token ??= server.logIn('receptionist')
  return token
}

const patient = { ...aPatient({ id: testId('Patient', 1) }), _deleted: false }
const VALID: readonly object[] = [
  { id: '1', collection: 'patients', method: 'masterChangesSince', params: [null, 10] },
  { id: '2', collection: 'patients', method: 'masterChangesSince', params: [{ lwt: 4, id: '' }, 10] },
  {
    id: '3',
    collection: 'patients',
    method: 'masterWrite',
    params: [[{ newDocumentState: patient, assumedMasterState: patient }]],
  },
  { id: '4', collection: 'appointments', method: 'masterWrite', params: [[{ newDocumentState: patient }]] },
  { id: '5', collection: 'doctors', method: 'masterChangeStream$', params: [] },
  { id: '6', collection: '', method: 'ping', params: [] },
  { id: '7', collection: '', method: 'auth', params: [{ authorization: 'Bearer wrong-token' }] },
]

const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  '',
  'x'.repeat(5_000),
  '\u0000',
  '\ud800',
  [],
  [[]],
  {},
  { __proto__: 1 },
  { constructor: { prototype: {} } },
  "' or 1=1 --",
  '../../etc/passwd',
  '__proto__',
  Number.MAX_SAFE_INTEGER + 2,
]

/** A copy in which one value, somewhere, is another one, gone, or renamed. */
function mutated(value: unknown, random: SeededRandom): unknown {
  if (value === null || typeof value !== 'object' || random.chance(0.25)) return random.pick(ODD)
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.2)) return [...value, random.pick(ODD)]
    const at = random.between(0, value.length - 1)
    return value.map((item, index) => (index === at ? mutated(item, random) : item))
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return random.pick(ODD)
  const [name, item] = random.pick(entries)
  if (random.chance(0.15)) return Object.fromEntries(entries.filter(([other]) => other !== name))
  if (random.chance(0.15)) return { ...value, [String(random.pick(ODD)).slice(0, 40)]: random.pick(ODD) }
  return { ...value, [name]: mutated(item, random) }
}

/** Text that is a frame, nearly one, or nothing of the kind. */
function aFrame(random: SeededRandom): string | Buffer {
  const kind = random.next()
  const valid = random.pick(VALID)
  if (kind < 0.6) return JSON.stringify(mutated(valid, random))
  if (kind < 0.7) return JSON.stringify(valid)
  const text = JSON.stringify(valid)
  if (kind < 0.85) return text.slice(0, random.between(0, text.length - 1))
  if (kind < 0.95) {
    const at = random.between(0, text.length - 1)
    return text.slice(0, at) + String.fromCharCode(random.between(1, 65_535)) + text.slice(at + 1)
  }
  return Buffer.from(Array.from({ length: random.between(1, 200) }, () => random.between(0, 255)))
}

test(`${FRAMES} random and mutated frames close sockets, never the server (seed ${TEST_SEED})`, async () => {
  const random = testRandom()
  const before = await server.database.read((tx) => tx.selectFrom('patients').selectAll().execute())
  let wire = await signIn(false)
  const seen = new Set<number>()
  let answers = 0
  for (let sent = 0; sent < FRAMES; sent++) {
    if (wire.socket.readyState !== wire.socket.OPEN) {
      seen.add((await wire.closed).code)
      answers += wire.received.length
      wire = await signIn(random.chance(0.5))
    }
    wire.send(aFrame(random))
    // Now and then the answers are waited for; otherwise frames pile up.
    if (random.chance(0.3)) await new Promise((resolve) => setImmediate(resolve))
  }
  wire.close()
  expect([...seen].filter((code) => !CLOSES.includes(code))).toEqual([])
  expect(answers).toBeGreaterThan(0)
  await stillServes()
  // What was valid in all that noise said nothing new; nothing else may have been stored.
  const after = await server.database.read((tx) => tx.selectFrom('patients').selectAll().execute())
  expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort())
})

async function stillServes(): Promise<void> {
  expect((await server.request('GET', '/readyz')).status).toBe(200)
  const wire = await signIn(false)
  const { result } = await wire.ask('patients', 'masterChangesSince', [null, 100])
  expect((result as { documents: unknown[] }).documents.length).toBeGreaterThanOrEqual(20)
  wire.close()
  expect(unhandled).toEqual([])
  expect(server.logLines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([])
}

/** Opens a WebSocket by hand, sends raw bytes and reads how it ends: the close code, or null for a line cut without one. */
async function sendRaw(bytes: Buffer): Promise<number | null> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  const request = [
    'GET /sync/v1 HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Protocol: ${SYNC_SUBPROTOCOL}`,
    '',
    '',
  ]
  socket.write(request.join('\r\n'))
  await readUntil(socket, (data) => data.includes('\r\n\r\n'))
  socket.write(bytes)
  const answer = await readUntil(socket, () => false)
  socket.destroy()
  // A close frame of the server: 0x88, length, two bytes of code.
  return answer[0] === 0x88 && answer.length >= 4 ? answer.readUInt16BE(2) : null
}

function readUntil(socket: Socket, isDone: (data: Buffer) => boolean): Promise<Buffer> {
  return new Promise((resolve) => {
    let data = Buffer.alloc(0)
    const end = () => {
      socket.off('data', take)
      resolve(data)
    }
    const take = (chunk: Buffer) => {
      data = Buffer.concat([data, chunk])
      if (isDone(data)) end()
    }
    socket.on('data', take)
    socket.once('close', end)
    socket.once('end', end)
  })
}

/** A client's frame: opcode, mask of zeros, payload. */
function rawFrame(opcode: number, payload: Buffer, { isMasked = true, isFinal = true } = {}): Buffer {
  const head = Buffer.from([(isFinal ? 0x80 : 0) | opcode, (isMasked ? 0x80 : 0) | payload.length])
  return Buffer.concat(isMasked ? [head, Buffer.alloc(4), payload] : [head, payload])
}

const giant = Buffer.alloc(10)
giant.set([0x81, 0xff])
giant.writeBigUInt64BE(BigInt(MAX_FRAME_BYTES) + 1n, 2)

test.each([
  ['an unmasked frame', rawFrame(1, Buffer.from('{}'), { isMasked: false }), 1002],
  ['a reserved opcode', rawFrame(3, Buffer.from('{}')), 1002],
  ['reserved bits', Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), 1002],
  ['text that is no UTF-8', rawFrame(1, Buffer.from([0xc3, 0x28])), 1007],
  ['a continuation of nothing', rawFrame(0, Buffer.from('{}')), 1002],
  ['a control frame in pieces', rawFrame(9, Buffer.from('x'), { isFinal: false }), 1002],
  ['a frame that says it is too big', Buffer.concat([giant, Buffer.alloc(4)]), 1009],
  ['a close frame with half a code', rawFrame(8, Buffer.from([3])), 1002],
])('%s is closed with its code', async (_name, bytes, code) => {
  expect(await sendRaw(bytes)).toBe(code)
  await stillServes()
})
