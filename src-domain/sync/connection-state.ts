/**
 * What a client knows about its connection to the server, as a small state machine without clock or random source:
 * events in, state out. `offline` lasts from the first failure to the next welcome, however many tries lie between, so that
 * a screen can say since when.
 */
import type { Instant } from '#domain/time/instant.ts'
import { CLOSE } from './protocol-version.ts'

export const CONNECTION_PHASES = [
  'offline',
  'connecting',
  'ready',
  'unauthenticated',
  'upgrade-required',
  'revoked',
] as const
export type ConnectionPhase = (typeof CONNECTION_PHASES)[number]

/** Why there is no connection: the device has no network, or it has one and the server cannot be used. */
export type OfflineReason = 'no-network' | 'server-unreachable' | 'server-restarting' | 'server-busy' | 'stopped'

/** What the connection is made of: a WebSocket, or HTTP where no WebSocket comes through. */
export type SyncTransport = 'websocket' | 'http'

export type ConnectionState = {
  readonly phase: ConnectionPhase
  /** Of the last connection; a WebSocket before the first. */
  readonly transport: SyncTransport
  /** When this phase began, by the device's clock. */
  readonly since: Instant
  /** Only in phase `offline`. */
  readonly reason: OfflineReason | null
  /** The server's clock minus the device's in milliseconds, as of the last answer; null before the first. */
  readonly serverTimeOffset: number | null
}

export type ConnectionEvent =
  /** Connecting begins, after a start or a new log-in. Tries after a failure are no event. */
  | { readonly type: 'started'; readonly at: Instant }
  | {
      readonly type: 'welcomed'
      readonly at: Instant
      readonly serverTime: Instant
      readonly transport: SyncTransport
    }
  | { readonly type: 'lost'; readonly at: Instant; readonly reason: OfflineReason }
  | {
      readonly type: 'refused'
      readonly at: Instant
      readonly by: 'unauthenticated' | 'upgrade-required' | 'revoked'
    }

export const initialConnection = (at: Instant): ConnectionState => ({
  phase: 'connecting',
  transport: 'websocket',
  since: at,
  reason: null,
  serverTimeOffset: null,
})

/** The state after an event. The same object when nothing changed, so that nobody draws twice. */
export function nextConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  const { at } = event
  switch (event.type) {
    case 'started':
      return state.phase === 'connecting' ? state : { ...state, phase: 'connecting', since: at, reason: null }
    case 'welcomed':
      return {
        phase: 'ready',
        transport: event.transport,
        since: at,
        reason: null,
        serverTimeOffset: event.serverTime - at,
      }
    case 'lost':
      if (state.phase !== 'offline') return { ...state, phase: 'offline', since: at, reason: event.reason }
      return state.reason === event.reason ? state : { ...state, reason: event.reason }
    case 'refused':
      return state.phase === event.by ? state : { ...state, phase: event.by, since: at, reason: null }
  }
}

/** True when trying again makes no sense before somebody acts: logs in, updates, or has the device let in again. */
export const isFinal = (phase: ConnectionPhase): boolean =>
  phase === 'unauthenticated' || phase === 'upgrade-required' || phase === 'revoked'

export type CloseOutcome =
  | { readonly action: 'retry'; readonly reason: OfflineReason }
  /** The session may live: only the ticket was refused or has run out. */
  | { readonly action: 'renew-ticket' }
  | { readonly action: 'stop'; readonly by: 'revoked' | 'upgrade-required' }

/** What a close code asks of the client. Unknown codes are a lost connection. */
export function closeOutcome(code: number): CloseOutcome {
  switch (code) {
    case CLOSE.unauthenticated:
      return { action: 'renew-ticket' }
    case CLOSE.revoked:
      return { action: 'stop', by: 'revoked' }
    case CLOSE.upgradeRequired:
      return { action: 'stop', by: 'upgrade-required' }
    case CLOSE.serverRestarts:
      return { action: 'retry', reason: 'server-restarting' }
    case CLOSE.tryLater:
      return { action: 'retry', reason: 'server-busy' }
    default:
      return { action: 'retry', reason: 'server-unreachable' }
  }
}

/** The longest a server may have its clients wait. */
const LONGEST_SPREAD_MS = 120_000

/**
 * How a server that sends all its clients away asks them to come back spread out: at the end of a close frame's reason, which is the
 * one place of the WebSocket protocol that carries words of ours. Other clients read it as text.
 */
export const withRetryAfter = (reason: string, seconds: number): string => `${reason} retry-after=${seconds}`

/** @returns milliseconds within which to come back, at any moment of them; 0 where nothing was asked */
export function retryAfterIn(reason: string | undefined): number {
  const seconds = Number(/ retry-after=(\d{1,4})$/.exec(reason ?? '')?.[1] ?? 0)
  return Math.min(LONGEST_SPREAD_MS, seconds * 1_000)
}

export const RECONNECT = {
  firstMs: 500,
  longestMs: 30_000,
  /** A pause never shorter than this, so that a refusing server is not hammered. */
  shortestMs: 50,
  /** After so long a connection the next loss counts as the first again. */
  stableAfterMs: 10_000,
} as const

/**
 * Full jitter (AWS Architecture Blog, "Exponential Backoff and Jitter"): anywhere between the shortest pause and a ceiling
 * that doubles with every failure.
 * @param failures failed tries so far, 0 before the first retry
 * @param random a number in [0, 1)
 * @param spreadMs what the server asked for, which is then the ceiling where it is the higher one
 * @returns milliseconds to wait
 */
export function reconnectDelay(failures: number, random: number, spreadMs = 0): number {
  const ceiling = Math.max(spreadMs, Math.min(RECONNECT.longestMs, RECONNECT.firstMs * 2 ** Math.min(failures, 16)))
  return RECONNECT.shortestMs + Math.floor(random * (ceiling - RECONNECT.shortestMs))
}

export const FALLBACK = {
  /** So many WebSockets in a row that did not come through, though the server answers, are taken for a network without them. */
  afterFailures: 2,
  /** How often a WebSocket is tried again meanwhile. */
  retryMs: 5 * 60_000,
} as const
