/**
 * One WebSocket for all collections, or HTTP where no WebSocket comes through (line-choice.ts). Nothing is sent before the server has answered the log-in; every request has an end
 * (answer, error, time limit or loss); a lost connection is dialled again with full jitter. Documents come by pull alone, the
 * stream only pokes.
 *
 * A dialling or a connection is an *attempt*; whatever an old attempt still says is not listened to.
 */
import { BehaviorSubject, type Observable, Subject } from 'rxjs'
import { Check } from 'typebox/value'
import { type WireCheckpoint, wireCheckpointSchema } from '#domain/sync/checkpoint.ts'
import { COLLECTION_NAMES, type CollectionName, definitionOf } from '#domain/sync/collections.ts'
import {
  type ConnectionEvent,
  type ConnectionState,
  closeOutcome,
  FALLBACK,
  initialConnection,
  nextConnection,
  type OfflineReason,
  RECONNECT,
  reconnectDelay,
  retryAfterIn,
} from '#domain/sync/connection-state.ts'
import { isPokedName, type PokedName } from '#domain/sync/live-names.ts'
import { PROTOCOL_VERSION, SYNC_SUBPROTOCOL } from '#domain/sync/protocol-version.ts'
import {
  type Hello,
  type PullResult,
  type PushRow,
  pingAnswerSchema,
  type Welcome,
  welcomeSchema,
} from '#domain/sync/wire-messages.ts'
import { type Clock, deviceClock } from './clock.ts'
import { LineChoice } from './line-choice.ts'
import { type Answer, RequestQueue } from './request-queue.ts'
import { SyncError } from './sync-error.ts'
import { browserSocket, type SocketLike, silence } from './sync-line.ts'

export type TicketAnswer =
  | { readonly ok: true; readonly ticket: string }
  | { readonly ok: false; readonly reason: 'unauthenticated' | 'revoked' | 'upgrade-required' | OfflineReason }

export type SyncSocketOptions = {
  /** `ws(s)://…/sync/v1` */
  readonly url: string
  readonly deviceId: string
  /** A one-use ticket, asked for before every connection. */
  readonly getTicket: () => Promise<TicketAnswer>
  readonly createSocket?: (url: string, subprotocol: string) => SocketLike
  /** Opens the line of HTTP; without it there are WebSockets only. */
  readonly createHttpLine?: () => SocketLike
  /** Whether the device has a network at all; only words the reason. */
  readonly isOnline?: () => boolean
  readonly clock?: Clock
  /** A number in [0, 1). */
  readonly random?: () => number
  readonly timings?: Partial<SocketTimings>
}

export type SocketTimings = {
  /** From dialling to the server's welcome. */
  readonly openMs: number
  readonly requestMs: number
  /** Silence after which we ask whether the server is still there. */
  readonly heartbeatMs: number
  readonly heartbeatAnswerMs: number
  /** How often a WebSocket is tried while HTTP stands in for it. */
  readonly socketRetryMs: number
}
const TIMINGS: SocketTimings = {
  openMs: 8_000,
  requestMs: 15_000,
  heartbeatMs: 10_000,
  heartbeatAnswerMs: 5_000,
  socketRetryMs: FALLBACK.retryMs,
}
const MAX_IN_FLIGHT = 4
/** Auth and ping belong to no collection. */
const SESSION = '$session'

export class SyncSocket {
  readonly #options: SyncSocketOptions
  readonly #clock: Clock
  readonly #timings: SocketTimings
  readonly #queue: RequestQueue
  readonly #choice: LineChoice
  readonly #state: BehaviorSubject<ConnectionState>
  readonly #pokes = new Subject<PokedName>()
  readonly #welcomes = new Subject<Welcome>()
  readonly #epoch = new BehaviorSubject<string | null>(null)
  readonly #subscribed = new Set<PokedName>()
  #attempt = 0
  #socket: SocketLike | null = null
  #isDialling = false
  /** A line is being tried, and the server has not welcomed us on it. */
  #isKnocking = false
  #isStopped = true
  #failures = 0
  #lastHeardAt = 0
  #retryTimer: unknown
  #phaseTimer: unknown
  #beatTimer: unknown

  constructor(options: SyncSocketOptions) {
    this.#options = options
    this.#clock = options.clock ?? deviceClock
    this.#timings = { ...TIMINGS, ...options.timings }
    this.#state = new BehaviorSubject(initialConnection(this.#clock.now()))
    this.#queue = new RequestQueue({
      clock: this.#clock,
      maxInFlight: MAX_IN_FLIGHT,
      send: (frame) => this.#socket?.send(JSON.stringify(frame)),
      onTimeout: () => this.#lose(UNREACHABLE),
    })
    this.#choice = new LineChoice({
      clock: this.#clock,
      retryMs: this.#timings.socketRetryMs,
      canFallBack: options.createHttpLine !== undefined,
      probe: (onEnd) => this.#probe(onEnd),
      onSocketPossible: () => {
        if (this.state.phase === 'ready') this.#move({ type: 'started', at: this.#clock.now() })
        void this.#dial()
      },
    })
  }

  get state$(): Observable<ConnectionState> {
    return this.#state
  }
  get state(): ConnectionState {
    return this.#state.getValue()
  }
  /** A collection, or what is told of beside them, has changed on the server. */
  get pokes$(): Observable<PokedName> {
    return this.#pokes
  }
  /** A connection has become ready: anything may have been missed before it. */
  get welcomes$(): Observable<Welcome> {
    return this.#welcomes
  }
  /** The history that the server has named on this connection; null while there is none. */
  get epoch$(): Observable<string | null> {
    return this.#epoch
  }
  /** When the server was last heard, by the device's clock; 0 before the first time. */
  get lastHeardAt(): number {
    return this.#lastHeardAt
  }

  start(): void {
    if (!this.#isStopped) return
    this.#isStopped = false
    this.#move({ type: 'started', at: this.#clock.now() })
    void this.#dial()
  }

  stop(): void {
    this.#isStopped = true
    this.#choice.stop()
    this.#hangUp()
    this.#queue.stop()
    this.#move({ type: 'lost', at: this.#clock.now(), reason: 'stopped' })
  }

  /** Dials now instead of at the end of the pause; on a standing connection asks whether it still stands. */
  kick(): void {
    if (this.#isStopped) return
    // An attempt under way may have begun on the dead network: if it fails, the next follows soon.
    this.#failures = 0
    if (this.#isDialling) return
    if (this.state.phase === 'ready') return void this.#ping()
    void this.#dial()
  }

  /** Asks for pokes about it, on this connection and all later ones. */
  subscribe(name: PokedName): void {
    this.#subscribed.add(name)
    if (this.state.phase === 'ready') this.#askForPokes(name)
  }

  async pull(collection: CollectionName, checkpoint: WireCheckpoint | undefined, limit: number): Promise<PullResult> {
    const params = [checkpoint ?? null, limit]
    const result = await this.#queue.request(collection, 'masterChangesSince', params, this.#timings.requestMs)
    if (!isPullResult(result)) throw new SyncError('PROTOCOL', `no answer to a pull of ${collection}`)
    return result
  }

  /** @returns the current state of every row that was not accepted as sent */
  async push(collection: CollectionName, rows: readonly PushRow[]): Promise<PushRow['newDocumentState'][]> {
    const result = await this.#queue.request(collection, 'masterWrite', [rows], this.#timings.requestMs)
    if (!Array.isArray(result)) throw new SyncError('PROTOCOL', `no answer to a push of ${collection}`)
    return result as PushRow['newDocumentState'][]
  }

  async #dial(): Promise<void> {
    this.#hangUp()
    this.#isDialling = true
    const attempt = this.#attempt
    const ticket = await this.#options.getTicket().catch(() => ({ ok: false, reason: 'server-unreachable' }) as const)
    if (attempt !== this.#attempt || this.#isStopped) return
    if (ticket.ok) return this.#connect(attempt, ticket.ticket)
    const { reason } = ticket
    if (reason === 'unauthenticated' || reason === 'revoked' || reason === 'upgrade-required') this.#refuse(reason)
    else this.#lose({ action: 'retry', reason })
  }

  #connect(attempt: number, ticket: string): void {
    const isOld = () => attempt !== this.#attempt
    this.#isKnocking = true
    const socket = this.#choice.transport === 'http' ? this.#options.createHttpLine?.() : this.#open()
    if (!socket) {
      this.#lose(UNREACHABLE)
      return
    }
    this.#socket = socket
    this.#phaseTimer = this.#clock.setTimeout(() => this.#lose(UNREACHABLE), this.#timings.openMs)
    socket.onopen = () => void (isOld() || this.#logIn(attempt, ticket))
    socket.onmessage = ({ data }) => void (isOld() || this.#take(data))
    socket.onerror = () => {}
    socket.onclose = ({ code, reason }) => void (isOld() || this.#lose(closeOutcome(code), retryAfterIn(reason)))
  }

  #open(): SocketLike | undefined {
    try {
      return (this.#options.createSocket ?? browserSocket)(this.#options.url, SYNC_SUBPROTOCOL)
    } catch {
      // A browser throws where policy forbids the address; to the person that is a server out of reach.
      return undefined
    }
  }

  /** Whether a WebSocket comes through by now. Nobody signs in on this one. */
  #probe(onEnd: (hasOpened: boolean) => void): void {
    const socket = this.#open()
    if (!socket) {
      onEnd(false)
      return
    }
    const end = (hasOpened: boolean) => {
      this.#clock.clearTimeout(timer)
      silence(socket)
      onEnd(hasOpened)
    }
    const timer = this.#clock.setTimeout(() => end(false), this.#timings.openMs)
    socket.onopen = () => end(true)
    socket.onerror = () => {}
    socket.onclose = () => end(false)
  }

  async #logIn(attempt: number, ticket: string): Promise<void> {
    const schemas = Object.fromEntries(COLLECTION_NAMES.map((name) => [name, definitionOf(name).version]))
    const hello: Hello = { ticket, protocol: PROTOCOL_VERSION, schemas, deviceId: this.#options.deviceId }
    try {
      const welcome = await this.#queue.requestNow(SESSION, 'auth', [hello], this.#timings.openMs)
      if (attempt !== this.#attempt) return
      if (!Check(welcomeSchema, welcome)) throw new SyncError('PROTOCOL', 'no welcome')
      this.#ready(welcome)
    } catch (error) {
      if (attempt !== this.#attempt) return
      const code = error instanceof SyncError ? error.code : 'PROTOCOL'
      if (code === 'REVOKED') this.#refuse('revoked')
      else if (code === 'UPGRADE_REQUIRED') this.#refuse('upgrade-required')
      else if (code === 'UNAUTHENTICATED') this.#lose({ action: 'renew-ticket' })
      else this.#lose({ action: 'retry', reason: code === 'BUSY' ? 'server-busy' : 'server-unreachable' })
    }
  }

  #ready(welcome: Welcome): void {
    this.#isDialling = false
    this.#isKnocking = false
    this.#choice.noteWelcome()
    this.#clock.clearTimeout(this.#phaseTimer)
    this.#phaseTimer = this.#clock.setTimeout(() => {
      this.#failures = 0
    }, RECONNECT.stableAfterMs)
    const { transport } = this.#choice
    this.#move({ type: 'welcomed', at: this.#clock.now(), serverTime: welcome.serverTime, transport })
    for (const name of this.#subscribed) this.#askForPokes(name)
    this.#epoch.next(welcome.epoch)
    this.#welcomes.next(welcome)
    this.#queue.open()
  }

  #take(data: unknown): void {
    this.#lastHeardAt = this.#clock.now()
    this.#beatLater()
    const message = parseMessage(data)
    if (!message) this.#lose(UNREACHABLE)
    else if (message.id !== 'stream') this.#queue.settle(message)
    // An older server does not know every name, and says so.
    else if ('result' in message && isPokedName(message.collection)) this.#pokes.next(message.collection)
  }

  #askForPokes(collection: PokedName): void {
    this.#socket?.send(JSON.stringify({ id: 'stream', collection, method: 'masterChangeStream$', params: [] }))
  }

  #beatLater(): void {
    this.#clock.clearTimeout(this.#beatTimer)
    this.#beatTimer = this.#clock.setTimeout(() => this.#ping(), this.#timings.heartbeatMs)
  }

  async #ping(): Promise<void> {
    if (this.state.phase !== 'ready') return
    // No answer in time ends the connection through the queue's `onTimeout`; a loss is told by the socket itself.
    const answer = await this.#queue
      .requestNow(SESSION, 'ping', [], this.#timings.heartbeatAnswerMs)
      .catch(() => undefined)
    if (answer !== undefined && !Check(pingAnswerSchema.properties.result, answer)) {
      this.#lose(UNREACHABLE)
    }
  }

  /** The connection or the attempt is over; what follows is decided by the outcome. */
  #lose(outcome: ReturnType<typeof closeOutcome>, spreadMs = 0): void {
    if (this.#isStopped) return
    if (outcome.action === 'stop') {
      this.#refuse(outcome.by)
      return
    }
    // The server gave out a ticket, and did not say why the line ended: something between does not let it through.
    if (this.#isKnocking && outcome.action === 'retry' && outcome.reason === 'server-unreachable') {
      this.#choice.noteFailure()
    }
    const at = this.#clock.now()
    if (outcome.action === 'renew-ticket' && this.state.phase === 'ready') {
      // The session may well live: only when the new ticket is refused too is the connection called lost.
      this.#move({ type: 'started', at })
    } else {
      const isOnline = this.#options.isOnline ?? (() => globalThis.navigator?.onLine !== false)
      const reason = outcome.action === 'retry' ? outcome.reason : 'server-unreachable'
      this.#move({ type: 'lost', at, reason: isOnline() ? reason : 'no-network' })
    }
    this.#hangUp()
    const random = this.#options.random ?? Math.random
    const delay = reconnectDelay(this.#failures, random(), spreadMs)
    this.#failures += 1
    this.#retryTimer = this.#clock.setTimeout(() => void this.#dial(), delay)
  }

  /** The server does not want us: no further tries before somebody acts. */
  #refuse(by: 'unauthenticated' | 'revoked' | 'upgrade-required'): void {
    this.#hangUp()
    this.#move({ type: 'refused', at: this.#clock.now(), by })
  }

  /** Ends the current attempt without a word to anybody. */
  #hangUp(): void {
    this.#attempt += 1
    this.#isDialling = false
    this.#isKnocking = false
    for (const timer of [this.#retryTimer, this.#phaseTimer, this.#beatTimer]) this.#clock.clearTimeout(timer)
    const socket = this.#socket
    this.#socket = null
    if (socket) silence(socket)
    this.#epoch.next(null)
    this.#queue.close('the connection was lost')
  }

  #move(event: ConnectionEvent): void {
    const next = nextConnection(this.state, event)
    if (next !== this.state) this.#state.next(next)
  }
}

const UNREACHABLE = { action: 'retry', reason: 'server-unreachable' } as const

/** What `pullResultSchema` says, without a look at every field of every document: a first download brings thousands. */
function isPullResult(value: unknown): value is PullResult {
  const { documents, checkpoint } = (value ?? {}) as Partial<PullResult>
  const isDocument = (document: Partial<PullResult['documents'][number]> | null) =>
    typeof document?.id === 'string' && typeof document._deleted === 'boolean'
  return Array.isArray(documents) && documents.every(isDocument) && Check(wireCheckpointSchema, checkpoint)
}

type Message = Answer & { readonly collection: string }

/** A frame of the server in outline; results are checked by whoever asked for them. Undefined when it is not one. */
function parseMessage(data: unknown): Message | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(data)
    if (typeof value !== 'object' || value === null) return undefined
    const { id, collection, error } = value as Record<string, unknown>
    if (typeof id !== 'string' || typeof collection !== 'string') return undefined
    const isError = typeof error === 'object' && error !== null && typeof (error as { code: unknown }).code === 'string'
    return isError || 'result' in value ? (value as Message) : undefined
  } catch {
    return undefined
  }
}
