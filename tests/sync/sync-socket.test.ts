import { filter, firstValueFrom } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ConnectionPhase, withRetryAfter } from '#domain/sync/connection-state.ts'
import { CLOSE, PROTOCOL_VERSION, SYNC_SUBPROTOCOL } from '#domain/sync/protocol-version.ts'
import { SyncSocket, type SyncSocketOptions, type TicketAnswer } from '#renderer/local-db/sync-socket.ts'
import {
  type Asked,
  polite,
  type ScriptedLine,
  type ScriptedServer,
  startScriptedServer,
  WELCOME,
} from '#tests/support/scripted-sync-server.ts'

let server: ScriptedServer
let socket: SyncSocket
let tickets: number
let ticket: () => TicketAnswer

beforeEach(async () => {
  server = await startScriptedServer()
  tickets = 0
  ticket = () => ({ ok: true, ticket: `ticket-number-${tickets}`.padEnd(20, '.') })
})
afterEach(async () => {
  socket.stop()
  await server.close()
})

function open(options: Partial<SyncSocketOptions> = {}): SyncSocket {
  socket = new SyncSocket({
    url: server.url,
    deviceId: 'device-1',
    getTicket: async () => {
      tickets += 1
      return ticket()
    },
    isOnline: () => true,
    random: () => 0,
    ...options,
  })
  socket.start()
  return socket
}
const until = (phase: ConnectionPhase) => firstValueFrom(socket.state$.pipe(filter((state) => state.phase === phase)))
const line = (number: number) => vi.waitFor(() => server.lines[number] ?? Promise.reject(new Error('no line yet')))
const asked = (on: ScriptedLine, method: string, count = 1) =>
  vi.waitFor(() => {
    const frames = on.frames.filter((frame) => frame.method === method)
    if (frames.length < count) throw new Error(`${frames.length} of ${count} ${method}`)
    return frames as [Asked, ...Asked[]]
  })
const page = { documents: [], checkpoint: { lwt: 1, id: 'e' } }

describe('a connection', () => {
  it('begins with a fresh ticket, our versions and our device, and nothing goes out before the welcome', async () => {
    let welcome: () => void = () => {}
    server.script = (on, frame) => {
      if (frame.method === 'auth') welcome = () => on.answer(frame, WELCOME)
      if (frame.method === 'masterChangesSince') on.answer(frame, page)
    }
    open()
    const pulled = socket.pull('appointments', undefined, 10)
    socket.subscribe('appointments')
    const first = await line(0)
    const [auth] = await asked(first, 'auth')
    expect(auth.params[0]).toMatchObject({
      ticket: expect.stringContaining('ticket-number-1'),
      protocol: PROTOCOL_VERSION,
      schemas: { appointments: 1, patients: 0 },
      deviceId: 'device-1',
    })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(first.methods).toEqual(['auth'])
    welcome()
    await pulled
    expect(first.methods).toEqual(['auth', 'masterChangeStream$', 'masterChangesSince'])
  })

  it('tells the difference between the clocks', async () => {
    open({
      clock: {
        now: () => 400,
        setTimeout: (...args) => setTimeout(...args),
        clearTimeout: (timer) => clearTimeout(timer as never),
      },
    })
    expect((await until('ready')).serverTimeOffset).toBe(600)
  })

  it('passes on pokes by collection, and ignores a collection it does not know', async () => {
    open()
    const poke = firstValueFrom(socket.pokes$)
    await until('ready')
    server.lines[0]?.poke('weather')
    server.lines[0]?.poke('patients')
    expect(await poke).toBe('patients')
  })

  it('asks for pokes again after a reconnect', async () => {
    open()
    socket.subscribe('patients')
    await until('ready')
    server.lines[0]?.cut()
    const [stream] = await asked(await line(1), 'masterChangeStream$')
    expect(stream.collection).toBe('patients')
  })
})

describe('requests', () => {
  it('go out at most four at a time, pushes before pulls', async () => {
    open()
    await until('ready')
    const first = await line(0)
    const pulls = Array.from({ length: 6 }, () => socket.pull('patients', undefined, 1))
    const push = socket.push('appointments', [])
    await asked(first, 'masterChangesSince', 4)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(first.methods.filter((method) => method.startsWith('master'))).toHaveLength(4)
    server.script = (on, frame) => on.answer(frame, frame.method === 'masterWrite' ? [] : page)
    for (const frame of await asked(first, 'masterChangesSince', 4)) first.answer(frame, page)
    await Promise.all([...pulls, push])
    expect(first.methods.filter((method) => method.startsWith('master'))[4]).toBe('masterWrite')
  })

  it('fail as lost when the connection goes, and those not yet sent go out on the next one', async () => {
    open()
    await until('ready')
    const pulls = Array.from({ length: 5 }, () => socket.pull('patients', undefined, 1).catch((error: Error) => error))
    const first = await line(0)
    await asked(first, 'masterChangesSince', 4)
    server.script = (on, frame) => (frame.method === 'auth' ? polite(on, frame) : on.answer(frame, page))
    first.cut()
    const results = await Promise.all(pulls)
    expect(results.slice(0, 4)).toEqual(Array(4).fill(expect.objectContaining({ code: 'LOST' })))
    expect(results[4]).toEqual(page)
  })

  it('fail when nobody answers in time, and the connection is dialled again', async () => {
    open({ timings: { requestMs: 40 } })
    await until('ready')
    await expect(socket.pull('patients', undefined, 1)).rejects.toMatchObject({ code: 'TIMEOUT' })
    await line(1)
  })

  it('carry the server’s errors with code and pause', async () => {
    server.script = (on, frame) =>
      frame.method === 'masterWrite' ? on.fail(frame, { code: 'BUSY', retryAfter: 70 }) : polite(on, frame)
    open()
    await expect(socket.push('patients', [])).rejects.toMatchObject({ code: 'BUSY', retryAfter: 70 })
    expect(socket.state.phase).toBe('ready')
  })

  it('do not take an answer of the wrong shape', async () => {
    server.script = (on, frame) => (frame.method === 'auth' ? polite(on, frame) : on.answer(frame, { nonsense: true }))
    open()
    await expect(socket.pull('patients', undefined, 1)).rejects.toMatchObject({ code: 'PROTOCOL' })
    await expect(socket.push('patients', [])).rejects.toMatchObject({ code: 'PROTOCOL' })
  })

  it('end with the socket', async () => {
    open()
    await until('ready')
    const sent = socket.pull('patients', undefined, 1)
    socket.stop()
    await expect(sent).rejects.toMatchObject({ code: expect.stringMatching(/LOST|STOPPED/) })
    expect(socket.state).toMatchObject({ phase: 'offline', reason: 'stopped' })
  })
})

describe('losing the server', () => {
  it('is noticed on a line that stays open and silent', async () => {
    server.script = (on, frame) => (frame.method === 'auth' ? polite(on, frame) : undefined)
    open({ timings: { heartbeatMs: 30, heartbeatAnswerMs: 30 } })
    await until('ready')
    await until('offline')
    await line(1)
  })

  it('is not imagined while pings are answered', async () => {
    open({ timings: { heartbeatMs: 10, heartbeatAnswerMs: 1_000 } })
    await until('ready')
    await asked(await line(0), 'ping', 3)
    expect(socket.state.phase).toBe('ready')
    expect(server.lines).toHaveLength(1)
  })

  it.each([
    [CLOSE.serverRestarts, 'server-restarting'],
    [CLOSE.tryLater, 'server-busy'],
    [1011, 'server-unreachable'],
  ] as const)('by close code %i is told as %s, and it is dialled again with a new ticket', async (code, reason) => {
    open()
    await until('ready')
    server.lines[0]?.close(code)
    expect((await until('offline')).reason).toBe(reason)
    await until('ready')
    expect(tickets).toBe(2)
  })

  it('by a server that asks for a spread is dialled again somewhere in that time', async () => {
    const pauses: number[] = []
    open({
      random: () => 0.5,
      clock: {
        now: () => Date.now(),
        setTimeout: (run, ms) => {
          pauses.push(ms)
          return setTimeout(run, ms)
        },
        clearTimeout: (timer) => clearTimeout(timer as never),
      },
    })
    await until('ready')
    server.lines[0]?.close(CLOSE.serverRestarts, withRetryAfter('The server is restarting.', 40))
    await until('offline')
    await vi.waitFor(() => expect(Math.round((pauses.at(-1) ?? 0) / 1_000)).toBe(20))
  })

  it('is told as no network when the device has none', async () => {
    open({ isOnline: () => false })
    await until('ready')
    server.lines[0]?.cut()
    expect((await until('offline')).reason).toBe('no-network')
  })

  it('by nonsense in a frame ends the line and dials again', async () => {
    open()
    await until('ready')
    server.lines[0]?.say('{"id":')
    await line(1)
  })

  it('is waited out for longer after every failure, and a kick ends the waiting', async () => {
    ticket = () => ({ ok: false, reason: 'server-unreachable' })
    const pauses: number[] = []
    const timers: (() => void)[] = []
    open({
      random: () => 0.999,
      clock: {
        now: () => 0,
        setTimeout: (action, milliseconds) => {
          pauses.push(milliseconds)
          return timers.push(action)
        },
        clearTimeout: () => {},
      },
    })
    for (let tries = 1; tries <= 8; tries += 1) {
      await vi.waitFor(() => expect(pauses).toHaveLength(tries))
      timers.at(-1)?.()
    }
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
    expect(pauses[0]).toBeLessThanOrEqual(500)
    expect(pauses.at(-1)).toBeGreaterThan(25_000)
    await vi.waitFor(() => expect(pauses).toHaveLength(9))
    ticket = () => ({ ok: true, ticket: 'a-ticket-that-is-good' })
    socket.kick()
    await until('ready')
  })

  it('finds a server that starts later', async () => {
    const { url } = server
    await server.close()
    open()
    expect((await until('offline')).reason).toBe('server-unreachable')
    server = await startScriptedServer(Number(new URL(url).port))
    await until('ready')
  })
})

describe('being refused', () => {
  it('with 4401 renews the ticket and goes on', async () => {
    open()
    await until('ready')
    server.lines[0]?.close(CLOSE.unauthenticated)
    await line(1)
    await until('ready')
    expect(tickets).toBe(2)
  })

  it('without a session asks for a log-in, and tries no more until it is kicked', async () => {
    ticket = () => ({ ok: false, reason: 'unauthenticated' })
    open()
    await until('unauthenticated')
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(tickets).toBe(1)
    ticket = () => ({ ok: true, ticket: 'a-ticket-that-is-good' })
    socket.kick()
    await until('ready')
  })

  it.each([
    [CLOSE.revoked, 'revoked'],
    [CLOSE.upgradeRequired, 'upgrade-required'],
  ] as const)('with %i is %s, for good', async (code, phase) => {
    open()
    await until('ready')
    server.lines[0]?.close(code)
    await until(phase)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(server.lines).toHaveLength(1)
  })

  it.each([
    ['REVOKED', 'revoked'],
    ['UPGRADE_REQUIRED', 'upgrade-required'],
  ] as const)('by the answer %s to the log-in is %s', async (code, phase) => {
    server.script = (on, frame) => on.fail(frame, { code })
    open()
    await until(phase)
  })

  it('opens with our subprotocol, so that the server answers the log-in', async () => {
    const seen: string[] = []
    open({
      createSocket: (url, subprotocol) => {
        seen.push(subprotocol)
        return new WebSocket(url, [subprotocol]) as never
      },
    })
    await until('ready')
    expect(seen).toEqual([SYNC_SUBPROTOCOL])
  })
})
