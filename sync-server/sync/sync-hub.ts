/**
 * Every open line of a replica, whatever it is made of: a socket, or a stream of HTTP. Whoever listens is poked, asked for a sign
 * of life, and let go when their session is over.
 */
import { CLOSE } from '#domain/sync/protocol-version.ts'
import { createPokes, type Pokes } from './pokes.ts'
import type { SyncDeps, SyncSession } from './sync-session.ts'

/** A line as the hub sees it. */
export type SyncConnection = {
  /** Undefined before somebody has signed in on it. */
  readonly session: SyncSession | undefined
  /** Asks for a sign of life, or gives one. `now` and `silenceMs` are milliseconds of `performance.now()`. */
  readonly beat: (now: number, silenceMs: number) => void
  /** Finishes what is in hand, then closes; the code is one of `CLOSE`. */
  readonly end: (code: number, reason: string) => Promise<void>
}

export type HubSettings = {
  /** How often ended sessions are looked for. Two rounds stay below the promised 5 s. */
  readonly sessionCheckMs: number
  /** How often a silent peer is asked for a sign of life, and how long it may stay silent. */
  readonly beatMs: number
  readonly silenceMs: number
}

export type SyncHub = {
  readonly pokes: Pokes
  readonly isClosing: () => boolean
  readonly add: (connection: SyncConnection) => void
  readonly remove: (connection: SyncConnection) => void
  /** Closes the lines of a session that has just ended; the code says why. */
  readonly endSession: (sessionId: string, code?: number) => void
  /** Open lines, for tests and metrics. */
  readonly count: () => number
  /** Finishes the requests in hand and closes every line with 1012. */
  readonly close: () => Promise<void>
}

export function createSyncHub(deps: SyncDeps, settings: HubSettings): SyncHub {
  const pokes = createPokes()
  const connections = new Set<SyncConnection>()
  const stopListening = deps.onCommitted(pokes.publish)
  const timers = [
    setInterval(() => void endLostSessions(deps, connections), settings.sessionCheckMs),
    setInterval(() => beatAll(connections, settings.silenceMs), settings.beatMs),
  ]
  for (const timer of timers) timer.unref()
  let isClosing = false
  return {
    pokes,
    isClosing: () => isClosing,
    add: (connection) => void connections.add(connection),
    remove: (connection) => void connections.delete(connection),
    endSession: (sessionId, code) => endSessions(connections, new Set([sessionId]), code),
    count: () => connections.size,
    async close() {
      isClosing = true
      stopListening()
      pokes.close()
      for (const timer of timers) clearInterval(timer)
      await Promise.all([...connections].map((one) => one.end(CLOSE.serverRestarts, 'The server is restarting.')))
    },
  }
}

function beatAll(connections: ReadonlySet<SyncConnection>, silenceMs: number): void {
  const now = performance.now()
  for (const connection of connections) connection.beat(now, silenceMs)
}

async function endLostSessions(deps: SyncDeps, connections: ReadonlySet<SyncConnection>): Promise<void> {
  const ids = new Set([...connections].flatMap(({ session }) => session?.sessionId ?? []))
  if (ids.size === 0) return
  try {
    endSessions(connections, await deps.findEndedSessions([...ids]))
  } catch (error) {
    deps.log.error({ err: error }, 'ended sessions could not be looked up')
  }
}

function endSessions(
  connections: ReadonlySet<SyncConnection>,
  ended: ReadonlySet<string>,
  code: number = CLOSE.unauthenticated,
): void {
  for (const connection of connections) {
    const { session } = connection
    if (session && ended.has(session.sessionId)) void connection.end(code, 'The session is over.')
  }
}
