/**
 * Every open line of a replica, whatever it is made of: a socket, or a stream of HTTP. Whoever listens is poked, asked for a sign
 * of life, and let go when their session is over.
 */
import { withRetryAfter } from '#domain/sync/connection-state.ts'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import { createFirstDownloads, type FirstDownloads } from './first-downloads.ts'
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
  readonly downloads: FirstDownloads
  readonly isClosing: () => boolean
  /** What a line is told that ends because the server does: why, and within how many seconds to come back. */
  readonly farewell: () => string
  readonly add: (connection: SyncConnection) => void
  readonly remove: (connection: SyncConnection) => void
  /** Closes the lines of a session that has just ended; the code says why. */
  readonly endSession: (sessionId: string, code?: number) => void
  /** Open lines, for tests and metrics. */
  readonly count: () => number
  /** Sends the lines away one after the other within so many milliseconds, to another instance; new ones are sent on at once. */
  readonly drain: (withinMs: number) => Promise<void>
  /** Finishes the requests in hand and closes every line with 1012. */
  readonly close: () => Promise<void>
}

/** How many come back in a second to a server that has just started, each with a sign-in and a look at every collection. */
const RETURNS_PER_SECOND = 100
const DRAIN_ROUND_MS = 1_000

export function createSyncHub(deps: SyncDeps, settings: HubSettings): SyncHub {
  const pokes = createPokes()
  const connections = new Set<SyncConnection>()
  const stopListening = deps.onCommitted(pokes.publish)
  const timers = [
    setInterval(() => void endLostSessions(deps, connections), settings.sessionCheckMs),
    setInterval(() => beatAll(connections, settings.silenceMs), settings.beatMs),
  ]
  for (const timer of timers) timer.unref()
  const downloads = createFirstDownloads()
  let isClosing = false
  let returning = 0
  const farewell = () => withRetryAfter('The server is restarting.', Math.ceil(returning / RETURNS_PER_SECOND))
  const sendAway = (lines: readonly SyncConnection[]) =>
    Promise.all(lines.map((one) => one.end(CLOSE.serverRestarts, farewell())))
  return {
    pokes,
    downloads,
    isClosing: () => isClosing,
    farewell,
    add: (connection) => void connections.add(connection),
    remove: (connection) => void connections.delete(connection),
    endSession: (sessionId, code) => endSessions(connections, new Set([sessionId]), code),
    count: () => connections.size,
    async drain(withinMs) {
      isClosing = true
      const lines = [...connections]
      const perRound = Math.ceil(lines.length / Math.max(1, withinMs / DRAIN_ROUND_MS))
      for (let from = 0; from < lines.length; from += perRound) {
        await sendAway(lines.slice(from, from + perRound))
        await new Promise((resolve) => setTimeout(resolve, DRAIN_ROUND_MS))
      }
    },
    async close() {
      isClosing = true
      returning = connections.size
      stopListening()
      pokes.close()
      for (const timer of timers) clearInterval(timer)
      await sendAway([...connections])
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
