import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import { eventually } from '#tests/support/eventually.ts'
import { type Fault, type FaultProxy, startFaultProxy } from '#tests/support/fault-proxy.ts'
import { TEST_SEED, testRandom } from '#tests/support/seeded.ts'

/** One end of a connection, and all it has heard. */
type End = { readonly socket: Socket; heard: string; error: string; isOver: boolean }

let target: Server
let proxy: FaultProxy
let accepted: End[]
const proxies: FaultProxy[] = []

const aProxy = async (random = testRandom()): Promise<FaultProxy> => {
  const started = await startFaultProxy({ port: (target.address() as AddressInfo).port }, random)
  proxies.push(started)
  return started
}

beforeEach(async () => {
  accepted = []
  target = createServer((socket) => accepted.push(listening(socket)))
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
  proxy = await aProxy()
})
afterEach(async () => {
  await Promise.all(proxies.splice(0).map((each) => each.close()))
  await new Promise((resolve) => target.close(resolve))
})

function listening(socket: Socket): End {
  const end: End = { socket, heard: '', error: '', isOver: false }
  socket.on('data', (chunk) => {
    end.heard += chunk.toString('latin1')
  })
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    end.error = code ?? ''
  })
  socket.on('close', () => {
    end.isOver = true
  })
  return end
}

/** Both ends of a connection through a proxy. */
async function aLine(through = proxy): Promise<{ client: End; server: End }> {
  const count = accepted.length
  const client = listening(connect(through.port, '127.0.0.1'))
  await once(client.socket, 'connect')
  await eventually('the target is reached', () => accepted.length === count + 1)
  return { client, server: accepted[count] as End }
}

const hears = (end: End, text: string) => eventually(`${text.length} characters arrive`, () => end.heard === text)
const ends = (...all: End[]) => eventually('it is over', () => all.every(({ isOver }) => isOver))
const LETTERS = Array.from({ length: 400 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('')

test('a sound line carries everything both ways, and tells each end of the other’s end', async () => {
  const { client, server } = await aLine()
  client.socket.write('question')
  await hears(server, 'question')
  server.socket.write('answer')
  await hears(client, 'answer')
  client.socket.end()
  await ends(client, server)
  expect([client.error, server.error]).toEqual(['', ''])
  await eventually('the line is forgotten', () => proxy.connections() === 0)
})

test(`a slow line keeps the order and loses nothing (seed ${TEST_SEED})`, async () => {
  proxy.setLatency(20)
  const { client, server } = await aLine()
  for (const letter of LETTERS.slice(0, 26)) {
    client.socket.write(letter)
    server.socket.write(letter.toUpperCase())
  }
  await hears(server, LETTERS.slice(0, 26))
  await hears(client, LETTERS.slice(0, 26).toUpperCase())
})

test('a narrow line lets no more pass than it may, loses nothing, and is wide again when it is healed', async () => {
  proxy.setThrottle(1_000)
  const { client, server } = await aLine()
  const began = performance.now()
  client.socket.write(LETTERS)
  await hears(server, LETTERS)
  // Timers may come a millisecond early, never four times as early.
  expect(performance.now() - began).toBeGreaterThan(100)
  proxy.setThrottle(1)
  server.socket.write(LETTERS)
  proxy.heal()
  await hears(client, LETTERS)
  expect(client.isOver).toBe(false)
})

test.each(['up', 'down'] as const)(
  'a line is cut after so many bytes, on the way %s, and both ends learn of it',
  async (way) => {
    const { client, server } = await aLine()
    const [from, to] = way === 'up' ? [client, server] : [server, client]
    from.socket.write('before')
    await hears(to, 'before')
    proxy.cutAfter(10)
    from.socket.write(LETTERS)
    await ends(client, server)
    expect(to.heard).toBe(`before${LETTERS.slice(0, 10)}`)
    expect(proxy.played['cut-after']).toBe(1)
  },
)

test('a reset line is an error at both ends, a cut one is none', async () => {
  const [torn, cut] = [await aLine(), await aLine(await aProxy())]
  proxy.play('reset')
  proxies[1]?.play('cut')
  await ends(torn.client, torn.server, cut.client, cut.server)
  expect([torn.client.error, torn.server.error]).toEqual(['ECONNRESET', 'ECONNRESET'])
  expect([cut.client.error, cut.server.error]).toEqual(['', ''])
})

// Who still hears whom. An end is over when it has been told so.
test.each<[Fault, { up: boolean; down: boolean }]>([
  ['mute', { up: false, down: true }],
  ['deaf', { up: true, down: false }],
  ['blackhole', { up: false, down: false }],
])(
  'on a line that is %s nobody is told, bytes pass only where they may, and healing ends it',
  async (fault, passes) => {
    const { client, server } = await aLine()
    proxy.play(fault)
    client.socket.write('up')
    server.socket.write('down')
    if (passes.up) await hears(server, 'up')
    if (passes.down) await hears(client, 'down')
    expect([client.isOver, server.isOver]).toEqual([false, false])
    // A new connection is sound, and what it carries has come after what vanished.
    const next = await aLine()
    next.client.socket.write('next')
    await hears(next.server, 'next')
    proxy.heal()
    await ends(client, server)
    expect([server.heard, client.heard]).toEqual([passes.up ? 'up' : '', passes.down ? 'down' : ''])
    expect(next.client.isOver).toBe(false)
  },
)

test('on a half-open line the server’s end is over and the client is not told', async () => {
  const { client, server } = await aLine()
  proxy.play('half-open')
  await ends(server)
  client.socket.write('into the void')
  expect(client.isOver).toBe(false)
  proxy.heal()
  await ends(client)
  expect(server.heard).toBe('')
})

test('while offline nobody gets through, and what stood is reset', async () => {
  const { client, server } = await aLine()
  proxy.setOffline(true)
  await ends(client, server)
  const late = listening(connect(proxy.port, '127.0.0.1'))
  await ends(late)
  expect(proxy.played.refused).toBe(1)
  proxy.setOffline(false)
  const { server: again } = await aLine()
  expect(again.isOver).toBe(false)
})

test(`the same seed picks the same lines (seed ${TEST_SEED})`, async () => {
  const picks = async (seed: number) => {
    const one = await aProxy(seededRandom(seed))
    const lines: Awaited<ReturnType<typeof aLine>>[] = []
    for (let count = 0; count < 16; count += 1) lines.push(await aLine(one))
    one.play('half-open', 0.5)
    await eventually(
      'some are struck',
      () => lines.filter(({ server }) => server.isOver).length === one.played['half-open'],
    )
    return lines.map(({ server }) => server.isOver)
  }
  const first = await picks(TEST_SEED)
  expect(await picks(TEST_SEED)).toEqual(first)
  expect(await picks(TEST_SEED + 1)).not.toEqual(first)
})
