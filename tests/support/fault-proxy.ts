/**
 * A TCP proxy that misbehaves on request: slow, cut, reset, half-open, silent. Every choice comes from the given random source,
 * so that a printed seed repeats a run.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { SeededRandom } from '#domain/demo/seeded-random.ts'

/** `cut`: both ends see a proper end · `reset`: both see RST · `half-open`: the server's end is gone, the client's is not told ·
 * `blackhole`: both stay open and nothing passes. */
export const FAULTS = ['cut', 'reset', 'half-open', 'blackhole'] as const
export type Fault = (typeof FAULTS)[number]

type Line = { readonly client: Socket; readonly server: Socket; isSilent: boolean }

export type FaultProxy = {
  readonly port: number
  /** How often each fault was played. */
  readonly played: Record<Fault | 'refused', number>
  /** Plays a fault on every open connection that `chance` picks. */
  readonly play: (fault: Fault, chance?: number) => void
  /** Delays each chunk by up to this many milliseconds, keeping their order. */
  readonly setLatency: (maxMs: number) => void
  /** While offline new connections are refused and open ones are cut. */
  readonly setOffline: (isOffline: boolean) => void
  /** Ends every fault: silent connections are reset, so that both ends notice. */
  readonly heal: () => void
  readonly connections: () => number
  readonly close: () => Promise<void>
}

export async function startFaultProxy(
  target: { port: number; host?: string },
  random: SeededRandom,
): Promise<FaultProxy> {
  const lines = new Set<Line>()
  const played: FaultProxy['played'] = { cut: 0, reset: 0, 'half-open': 0, blackhole: 0, refused: 0 }
  let latencyMs = 0
  let isOffline = false

  const server = createServer((client) => {
    if (isOffline) {
      played.refused += 1
      return void client.resetAndDestroy()
    }
    const upstream = connect(target.port, target.host ?? '127.0.0.1')
    const line: Line = { client, server: upstream, isSilent: false }
    lines.add(line)
    forward(line, client, upstream)
    forward(line, upstream, client)
    const forget = () => {
      if (client.destroyed && upstream.destroyed) lines.delete(line)
    }
    client.on('close', forget)
    upstream.on('close', forget)
  })

  function forward(line: Line, from: Socket, to: Socket): void {
    let last = Promise.resolve()
    from.setNoDelay(true)
    from.on('error', () => undefined)
    from.on('data', (chunk) => {
      if (line.isSilent) return
      if (latencyMs === 0) return void (to.writable && to.write(chunk))
      const wait = random.next() * latencyMs
      last = last.then(() => pause(wait)).then(() => void (to.writable && !line.isSilent && to.write(chunk)))
    })
    from.on('close', () => {
      if (!line.isSilent) void last.then(() => to.destroy())
    })
  }

  function strike(line: Line, fault: Fault): void {
    played[fault] += 1
    if (fault === 'cut') {
      line.client.destroy()
      line.server.destroy()
    } else if (fault === 'reset') reset(line)
    else {
      line.isSilent = true
      if (fault === 'half-open') line.server.destroy()
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server),
    played,
    connections: () => lines.size,
    play(fault, chance = 1) {
      for (const line of [...lines]) if (!line.isSilent && random.chance(chance)) strike(line, fault)
    },
    setLatency(maxMs) {
      latencyMs = maxMs
    },
    setOffline(offline) {
      isOffline = offline
      if (offline) for (const line of [...lines]) reset(line)
    },
    heal() {
      latencyMs = 0
      isOffline = false
      for (const line of [...lines]) if (line.isSilent) reset(line)
    },
    async close() {
      for (const line of [...lines]) reset(line)
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
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
