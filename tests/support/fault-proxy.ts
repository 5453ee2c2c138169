/**
 * A TCP proxy that misbehaves on request: slow, narrow, cut, reset, half-open, deaf, silent. Every choice comes from the given random
 * source, so that a printed seed repeats a run. One `line` is a client's connection and the one made for it to the target.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { SeededRandom } from '#domain/demo/seeded-random.ts'

/**
 * `cut`: both ends see a proper end · `reset`: both see RST · `half-open`: the server's end is gone, the client's is not told ·
 * `blackhole`: both stay open and nothing passes · `mute`: both stay open, what the client sends vanishes · `deaf`: both stay open,
 * what the server sends vanishes.
 */
export const FAULTS = ['cut', 'reset', 'half-open', 'blackhole', 'mute', 'deaf'] as const
export type Fault = (typeof FAULTS)[number]

/** Up is what the client sends. */
type Direction = 'up' | 'down'
type Line = {
  readonly client: Socket
  readonly server: Socket
  /** Ways in which bytes vanish, the end of the connection included. */
  readonly lost: Set<Direction>
  /** How many bytes still pass before the line is cut, both ways together. */
  bytesLeft: number
}

export type FaultProxy = {
  readonly port: number
  /** How often each fault was played; `cut-after` counts lines that were cut there. */
  readonly played: Record<Fault | 'refused' | 'cut-after', number>
  /** Plays a fault on every sound open connection that `chance` picks. */
  readonly play: (fault: Fault, chance?: number) => void
  /** Lets this many more bytes of every open connection that `chance` picks pass, then cuts it, in the midst of a frame or not. */
  readonly cutAfter: (bytes: number, chance?: number) => void
  /** Delays each chunk by up to this many milliseconds, keeping their order. */
  readonly setLatency: (maxMs: number) => void
  /** Lets so many bytes a second pass, each way of each connection; 0 sets no limit. */
  readonly setThrottle: (bytesPerSecond: number) => void
  /** While offline new connections are refused and open ones are reset. */
  readonly setOffline: (isOffline: boolean) => void
  /** Ends every fault: connections on which bytes vanish are reset, so that both ends notice. */
  readonly heal: () => void
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** A throttled line is served in steps of this length, or of one byte. */
const STEP_MS = 25

/** @param target may be filled in after the proxy has started: it is looked at when a connection comes */
export async function startFaultProxy(
  target: { port: number; host?: string },
  random: SeededRandom,
): Promise<FaultProxy> {
  const lines = new Set<Line>()
  const zero = Object.fromEntries([...FAULTS, 'refused', 'cut-after'].map((name) => [name, 0]))
  const played = zero as FaultProxy['played']
  let [latencyMs, bytesPerSecond, isOffline] = [0, 0, false]

  const server = createServer((client) => {
    if (isOffline) {
      played.refused += 1
      return void client.resetAndDestroy()
    }
    const upstream = connect(target.port, target.host ?? '127.0.0.1')
    const line: Line = { client, server: upstream, lost: new Set(), bytesLeft: Number.POSITIVE_INFINITY }
    lines.add(line)
    forward(line, 'up', client, upstream)
    forward(line, 'down', upstream, client)
    const forget = () => {
      if (client.destroyed && upstream.destroyed) lines.delete(line)
    }
    client.on('close', forget)
    upstream.on('close', forget)
  })

  function forward(line: Line, way: Direction, from: Socket, to: Socket): void {
    let last = Promise.resolve()
    from.setNoDelay(true)
    from.on('error', () => undefined)
    from.on('data', (chunk) => {
      if (line.lost.has(way)) return
      if (latencyMs === 0 && bytesPerSecond === 0) return hand(line, way, to, chunk)
      // The next chunk is read when this one is through: a slow line fills its sender's buffers, as a real one does.
      from.pause()
      last = slowly(line, way, to, chunk).then(() => void from.resume())
    })
    from.on('close', () => {
      if (!line.lost.has(way)) void last.then(() => to.destroy())
    })
  }

  /** The limits are asked before each step, so that a line is sound at once when it is healed. */
  async function slowly(line: Line, way: Direction, to: Socket, chunk: Buffer): Promise<void> {
    if (latencyMs > 0) await pause(random.next() * latencyMs)
    for (let at = 0; at < chunk.length; ) {
      const step = bytesPerSecond > 0 ? Math.max(1, Math.floor((bytesPerSecond * STEP_MS) / 1_000)) : chunk.length
      if (bytesPerSecond > 0) await pause((step * 1_000) / bytesPerSecond)
      hand(line, way, to, chunk.subarray(at, at + step))
      at += step
    }
  }

  function hand(line: Line, way: Direction, to: Socket, chunk: Buffer): void {
    if (!to.writable || line.lost.has(way)) return
    if (chunk.length < line.bytesLeft) {
      line.bytesLeft -= chunk.length
      return void to.write(chunk)
    }
    played['cut-after'] += 1
    to.end(chunk.subarray(0, line.bytesLeft))
    line.bytesLeft = 0
    // What was let through is on its way; the other end learns of it from the end of this one.
    line.lost.add(way === 'up' ? 'down' : 'up')
    to.once('close', () => end(line))
  }

  function strike(line: Line, fault: Fault): void {
    played[fault] += 1
    if (fault === 'cut') end(line)
    else if (fault === 'reset') reset(line)
    else {
      if (fault !== 'deaf') line.lost.add('up')
      if (fault !== 'mute') line.lost.add('down')
      if (fault === 'half-open') line.server.destroy()
    }
  }

  const picked = (chance: number) => [...lines].filter(({ lost }) => lost.size === 0 && random.chance(chance))
  const resetAll = (which: (line: Line) => boolean) => [...lines].filter(which).forEach(reset)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server),
    played,
    connections: () => lines.size,
    play(fault, chance = 1) {
      for (const line of picked(chance)) strike(line, fault)
    },
    cutAfter(bytes, chance = 1) {
      for (const line of picked(chance)) line.bytesLeft = Math.min(line.bytesLeft, bytes)
    },
    setLatency(maxMs) {
      latencyMs = maxMs
    },
    setThrottle(rate) {
      bytesPerSecond = rate
    },
    setOffline(offline) {
      isOffline = offline
      if (offline) resetAll(() => true)
    },
    heal() {
      ;[latencyMs, bytesPerSecond, isOffline] = [0, 0, false]
      for (const line of lines) line.bytesLeft = Number.POSITIVE_INFINITY
      resetAll(({ lost }) => lost.size > 0)
    },
    async close() {
      resetAll(() => true)
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function end({ client, server }: Line): void {
  client.destroy()
  server.destroy()
}

function reset({ client, server }: Line): void {
  for (const socket of [client, server]) {
    if (socket.connecting) socket.destroy()
    else socket.resetAndDestroy()
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  return address.port
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
