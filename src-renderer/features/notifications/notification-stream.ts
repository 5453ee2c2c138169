/**
 * The stream of what one is told: one WebSocket, dialled again after a jittered pause whenever it is lost. What was said while
 * nobody listened is not said again; `onReady` is the time to read the list. Whether the other side still lives is not asked
 * here: the replication socket does, and its owner stops this stream with it.
 */
import Type from 'typebox'
import { Check, Clean } from 'typebox/value'
import { type NotificationView, notificationSchema } from '#domain/api/notification-api.ts'
import { closeOutcome, RECONNECT, reconnectDelay } from '#domain/sync/connection-state.ts'
import { type Clock, deviceClock } from '#renderer/local-db/clock.ts'
import type { SocketLike } from '#renderer/local-db/sync-line.ts'
import type { TicketAnswer } from '#renderer/local-db/sync-socket.ts'

export type StreamOptions = {
  /** `ws(s)://…/api/v1/notifications/stream` */
  readonly url: string
  readonly getTicket: () => Promise<TicketAnswer>
  readonly onReady: (unreadCount: number) => void
  readonly onNotification: (notification: NotificationView) => void
  readonly onLost: () => void
  readonly createSocket?: (url: string) => SocketLike
  readonly clock?: Clock
  /** A number in [0, 1). */
  readonly random?: () => number
}

/** From dialling to `ready`. */
const OPEN_MS = 8_000

const messageSchema = Type.Union([
  Type.Object({ type: Type.Literal('ready'), unreadCount: Type.Integer() }),
  Type.Object({ type: Type.Literal('notification'), notification: notificationSchema }),
])
type Message = Type.Static<typeof messageSchema>

export class NotificationStream {
  readonly #options: StreamOptions
  readonly #clock: Clock
  /** Whatever an old attempt still says is not listened to. */
  #attempt = 0
  #socket: SocketLike | null = null
  #failures = 0
  #isStarted = false
  #timer: unknown

  constructor(options: StreamOptions) {
    this.#options = options
    this.#clock = options.clock ?? deviceClock
  }

  start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    void this.#dial()
  }

  stop(): void {
    this.#isStarted = false
    this.#failures = 0
    this.#hangUp()
  }

  async #dial(): Promise<void> {
    this.#hangUp()
    const attempt = this.#attempt
    const ticket = await this.#options.getTicket().catch(() => ({ ok: false, reason: 'server-unreachable' }) as const)
    if (attempt !== this.#attempt) return
    // Who is signed out gets no ticket: the replication socket says so, and this stream is stopped with it.
    if (ticket.ok) this.#connect(attempt, ticket.ticket)
    else this.#again()
  }

  #connect(attempt: number, ticket: string): void {
    const isOld = () => attempt !== this.#attempt
    const socket = this.#open()
    if (!socket) {
      this.#again()
      return
    }
    this.#socket = socket
    this.#timer = this.#clock.setTimeout(() => this.#lose(), OPEN_MS)
    socket.onopen = () => void (isOld() || socket.send(JSON.stringify({ type: 'auth', ticket })))
    socket.onmessage = ({ data }) => void (isOld() || this.#take(data))
    socket.onerror = () => {}
    socket.onclose = ({ code }) => void (isOld() || this.#lose(code))
  }

  #open(): SocketLike | undefined {
    try {
      return (this.#options.createSocket ?? browserSocket)(this.#options.url)
    } catch {
      // A browser throws where policy forbids the address.
      return undefined
    }
  }

  #take(data: unknown): void {
    const message = parseMessage(data)
    // A newer server may say more than this version understands.
    if (!message) return
    if (message.type === 'notification') {
      this.#options.onNotification(message.notification)
      return
    }
    this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(() => {
      this.#failures = 0
    }, RECONNECT.stableAfterMs)
    this.#options.onReady(message.unreadCount)
  }

  #lose(code = 0): void {
    this.#options.onLost()
    if (closeOutcome(code).action === 'stop') this.#hangUp()
    else this.#again()
  }

  #again(): void {
    this.#hangUp()
    const delay = reconnectDelay(this.#failures, (this.#options.random ?? Math.random)())
    this.#failures += 1
    this.#timer = this.#clock.setTimeout(() => void this.#dial(), delay)
  }

  #hangUp(): void {
    this.#attempt += 1
    this.#clock.clearTimeout(this.#timer)
    const socket = this.#socket
    this.#socket = null
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.onerror = () => {}
    socket.close()
  }
}

function parseMessage(data: unknown): Message | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const message = Clean(messageSchema, JSON.parse(data))
    return Check(messageSchema, message) ? message : undefined
  } catch {
    return undefined
  }
}

const browserSocket = (url: string): SocketLike => new WebSocket(url) as unknown as SocketLike
