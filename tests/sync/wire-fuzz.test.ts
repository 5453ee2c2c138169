import { isUtf8 } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SeededRandom } from '#domain/demo/seeded-random.ts'
import { BEFORE_AUTH, MAX_FRAME_BYTES, PROTOCOL_VERSION, SYNC_SUBPROTOCOL } from '#domain/sync/protocol-version.ts'
import { aBrokenFrame, aFuzzFrame, type FuzzFrame, rawFrame } from '#tests/support/frame-fuzz.ts'
import { TEST_SEED, testRandom } from '#tests/support/seeded.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { DESKTOP } from '#tests/support/sync-client.ts'
import { openWire, type WireClient } from '#tests/support/wire-client.ts'

const FRAMES = process.env.SOAK ? 100_000 : 20_000
const PATIENCE_MS = 15_000
const BROKEN = process.env.SOAK ? 5_000 : 300

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
    // It hears nothing about its sign-in; an answer to something else says that it is in.
    await wire.ask('doctors', 'masterChangesSince', [null, 1])
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

/** Sends a frame whole or in fragments. */
function sendFuzz({ socket }: WireClient, { data, isBinary, pieces }: FuzzFrame): void {
  const size = Math.max(1, Math.ceil(data.length / pieces))
  for (let at = 0; at === 0 || at < data.length; at += size)
    socket.send(data.subarray(at, at + size), { binary: isBinary, fin: at + size >= data.length })
}

type Kind = (typeof KINDS)[number]
/** Our own client and the stock one, signed in; and one that talks before it signs in. */
const KINDS = ['ours', 'stock', 'early'] as const
/** One connection: what it was sent, and so what it must be closed with. */
type Life = { readonly wire: WireClient; readonly kind: Kind; sent: number; bytes: number; due: number | null }

async function begin(kind: Kind): Promise<Life> {
  const wire = kind === 'early' ? await openWire(url(), { origin: DESKTOP }) : await signIn(kind === 'stock')
  return { wire, kind, sent: 0, bytes: 0, due: null }
}

function send(life: Life, random: SeededRandom): void {
  const frame = aFuzzFrame(random, life.kind !== 'early')
  life.sent += 1
  life.bytes += frame.data.length
  sendFuzz(life.wire, frame)
  const isTooMuch = life.kind === 'early' && (life.sent > BEFORE_AUTH.frames || life.bytes > BEFORE_AUTH.bytes)
  // Binary, broken and giant messages end in front of the count.
  const ends = frame.closes !== null && (frame.isBinary || frame.closes === 1009 || !isUtf8(frame.data))
  life.due ??= isTooMuch && !ends ? 4401 : frame.closes
}

/** Whether a connection ended as it had to. The stock client is also turned away where it can be given no answer. */
function isRight({ kind, due }: Life, code: number): boolean {
  if (kind === 'stock' && code === 1008) return true
  // Still sending a giant frame it may see its line torn before it reads the code.
  return code === due || (due === 1009 && code === 1006)
}

/** The answer when a connection stays open that had to end. */
const notClosed = (): Promise<number> => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, 0).unref())

test(`${FRAMES} random, mutated, giant, broken and early frames close sockets with the right code, never the server (seed ${TEST_SEED})`, async () => {
  const random = testRandom()
  const before = await server.database.read((tx) => tx.selectFrom('patients').selectAll().execute())
  const codes = new Map<number, number>()
  const wrong: unknown[] = []
  let answers = 0
  let life = await begin('ours')
  const end = async () => {
    const code = await Promise.race([life.wire.closed.then((close) => close.code), notClosed()])
    answers += life.wire.received.length
    codes.set(code, (codes.get(code) ?? 0) + 1)
    if (!isRight(life, code)) wrong.push([life.kind, life.sent, life.due, code])
    life.wire.socket.terminate()
    life = await begin(random.pick(KINDS))
  }
  for (let sent = 0; sent < FRAMES; sent++) {
    if (life.wire.socket.readyState !== life.wire.socket.OPEN) await end()
    send(life, random)
    // Now and then the answers are waited for; otherwise frames pile up behind the one that ends it.
    if (random.chance(0.3)) await new Promise((resolve) => setImmediate(resolve))
    if (life.due !== null && random.chance(0.5)) await end()
  }
  life.wire.close()
  console.info(`${FRAMES} frames, ${answers} answers, closed with ${JSON.stringify(Object.fromEntries(codes))}`)
  expect(wrong).toEqual([])
  expect(answers).toBeGreaterThan(0)
  for (const code of [1003, 1007, 4401]) expect(codes.get(code), `closed with ${code}`).toBeGreaterThan(0)
  await stillServes()
  // What was valid in all that noise said nothing new; nothing else may have been stored.
  const after = await server.database.read((tx) => tx.selectFrom('patients').selectAll().execute())
  expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort())
})

test(`${BROKEN} connections with broken framing are closed as protocol errors (seed ${TEST_SEED})`, async () => {
  const random = testRandom(1)
  const wrong: unknown[] = []
  for (let count = 0; count < BROKEN; count++) {
    const bytes = aBrokenFrame(random)
    const code = await sendRaw(bytes)
    if (code !== 1002) wrong.push([bytes.subarray(0, 16).toString('hex'), code])
  }
  expect(wrong).toEqual([])
  await stillServes()
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
