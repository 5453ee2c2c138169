/**
 * One connection, from its first frame to its close.
 *
 * Nothing is served before authentication: frames that come early are parked (RxDB's stock client sends them before its
 * `auth` after a reconnect) within limits. Then frames are answered strictly in their order. Our own client is known by its
 * subprotocol and hears errors; the stock client hears them in the only forms it survives (voice.ts).
 */
import type { WebSocket } from 'ws'
import { BEFORE_AUTH, CLOSE } from '#domain/sync/protocol-version.ts'
import { answerFrame } from './answer-frame.ts'
import { type Authentication, authenticate, type Peer, type Refusal, type Spoken, welcomeOf } from './authenticate.ts'
import type { FirstDownloads } from './first-downloads.ts'
import { createFrameQueue } from './frame-queue.ts'
import { CLOSE_UNSUPPORTED, type ParsedFrame, parseFrame, type Request } from './parse-frame.ts'
import type { Pokes, PokeTarget } from './pokes.ts'
import type { SyncConnection } from './sync-hub.ts'
import type { SyncDeps, SyncSession } from './sync-session.ts'
import { createVoice, type Voice } from './voice.ts'

export type SocketSettings = {
  readonly beforeAuth: { readonly frames: number; readonly bytes: number; readonly milliseconds: number }
  /** A peer that leaves more bytes than this waiting gets no further answer until it has caught up. */
  readonly maxBufferedBytes: number
}
export const SOCKET_SETTINGS: SocketSettings = { beforeAuth: BEFORE_AUTH, maxBufferedBytes: 1024 * 1024 }

/** Milliseconds our client waits before it repeats a request that found the queue full. */
const BUSY_RETRY_MS = 500
const DRAIN_CHECK_MS = 20

type Shared = {
  readonly deps: SyncDeps
  readonly pokes: Pokes
  readonly downloads: FirstDownloads
  readonly settings: SocketSettings
}

export class SyncSocket implements SyncConnection {
  /** Who signed in; undefined before. */
  session: SyncSession | undefined
  readonly #socket: WebSocket
  readonly #peer: Peer
  readonly #shared: Shared
  readonly #voice: Voice
  readonly #target: PokeTarget
  readonly #deadline: NodeJS.Timeout
  readonly #queue = createFrameQueue<Request>((request) => this.#handle(request))
  readonly #parked: { request: Request; bytes: number }[] = []
  readonly #early = { frames: 0, bytes: 0 }
  /** Versions of the collections the peer holds. */
  #schemas: Spoken['schemas'] = {}
  #isDeciding = false
  #lastSign = performance.now()

  constructor(socket: WebSocket, peer: Peer, shared: Shared) {
    this.#socket = socket
    this.#peer = peer
    this.#shared = shared
    this.#voice = createVoice(socket, peer.isOurs)
    this.#target = {
      sendFrame: (frame) => void (socket.readyState === socket.OPEN && socket.send(frame, { binary: false })),
      bufferedBytes: () => socket.bufferedAmount,
    }
    const { milliseconds } = shared.settings.beforeAuth
    this.#deadline = setTimeout(() => this.#refuseEntry('Nobody signed in in time.'), milliseconds).unref()
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary))
    socket.on('pong', () => {
      this.#lastSign = performance.now()
    })
    socket.on('close', () => {
      clearTimeout(this.#deadline)
      shared.pokes.unsubscribe(this.#target)
      void this.#queue.stop()
    })
  }

  /** Asks the peer for a sign of life, and cuts the line when the last one is older than `silenceMs`. */
  beat(now: number, silenceMs: number): void {
    if (this.#socket.isPaused || this.#socket.readyState !== this.#socket.OPEN) return
    if (now - this.#lastSign > silenceMs) this.#socket.terminate()
    else this.#socket.ping()
  }

  /** Finishes the request in hand, then closes. */
  async end(code: number, reason: string): Promise<void> {
    await this.#queue.stop()
    this.#voice.close(code, reason)
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#lastSign = performance.now()
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (isBinary) this.#voice.close(CLOSE_UNSUPPORTED, 'Frames are text.')
    else if (!this.session && this.#isOverEarlyLimit(data.length)) this.#refuseEntry('Too much before signing in.')
    else this.#take(parseFrame(data.toString()), data.length)
  }

  #take(parsed: ParsedFrame, bytes: number): void {
    if (parsed.kind === 'fatal') this.#voice.close(parsed.code, parsed.message)
    else if (this.session && this.#isPing(parsed))
      this.#voice.answer(parsed.asked, { serverTime: this.#shared.deps.now() })
    else if (this.session) this.#enqueue(parsed, bytes)
    else if (parsed.asked.method === 'auth') void this.#decide(parsed)
    else this.#parked.push({ request: parsed, bytes })
  }

  /** Asks whether the server is there, not whether it has finished: answered at once, behind nothing but unread answers. */
  #isPing(request: Request): boolean {
    if (request.kind !== 'frame' || request.frame.method !== 'ping') return false
    return this.#socket.bufferedAmount <= this.#shared.settings.maxBufferedBytes
  }

  #isOverEarlyLimit(bytes: number): boolean {
    const limit = this.#shared.settings.beforeAuth
    this.#early.frames += 1
    this.#early.bytes += bytes
    return this.#early.frames > limit.frames || this.#early.bytes > limit.bytes
  }

  #refuseEntry(reason: string): void {
    if (!this.session) this.#voice.close(CLOSE.unauthenticated, reason)
  }

  async #decide(request: Request): Promise<void> {
    if (this.#isDeciding) return this.#refuseEntry('One sign-in at a time.')
    this.#isDeciding = true
    const { deps } = this.#shared
    try {
      const answer = await authenticate(deps, this.#peer, request)
      if (answer.ok) await this.#welcome(request, answer)
      else this.#turnAway(request, answer)
    } catch (error) {
      deps.log.error({ err: error }, 'a sign-in on a sync socket failed')
      this.#voice.close(CLOSE.tryLater, 'The server could not decide.')
    }
  }

  #turnAway({ asked }: Request, { code, field, message }: Refusal): void {
    if (this.#peer.isOurs) this.#voice.fail(asked, code, message, { field })
    this.#voice.close(code === 'UPGRADE_REQUIRED' ? CLOSE.upgradeRequired : CLOSE.unauthenticated, message)
  }

  /** The stock client expects no answer to its sign-in, and would take one for the answer to something else. */
  async #welcome({ asked }: Request, { session, spoken }: Extract<Authentication, { ok: true }>): Promise<void> {
    const { deps } = this.#shared
    const result = await welcomeOf(deps, session, spoken.protocol)
    clearTimeout(this.#deadline)
    this.session = session
    this.#schemas = spoken.schemas
    if (this.#peer.isOurs) this.#voice.answer(asked, result)
    for (const { request, bytes } of this.#parked.splice(0)) this.#enqueue(request, bytes)
  }

  /** Our client is told to come back; the stock client cannot be told, so its line is not read until there is room. */
  #enqueue(request: Request, bytes: number): void {
    if (!this.#peer.isOurs) {
      this.#queue.append(request, bytes)
      if (this.#queue.isFull()) this.#socket.pause()
    } else if (!this.#queue.offer(request, bytes)) {
      this.#voice.fail(request.asked, 'BUSY', 'Too many requests are waiting.', { retryAfter: BUSY_RETRY_MS })
    }
  }

  async #handle(request: Request): Promise<void> {
    const { deps, pokes, downloads } = this.#shared
    try {
      await this.#hasRoom()
      if (!this.session || this.#socket.readyState !== this.#socket.OPEN) return
      const talk = {
        deps,
        pokes,
        downloads,
        voice: this.#voice,
        target: this.#target,
        session: this.session,
        schemas: this.#schemas,
      }
      await answerFrame(talk, request)
    } catch (error) {
      deps.log.error({ err: error, sessionId: this.session?.sessionId }, 'a sync request failed')
      this.#voice.fail(request.asked, 'UNAVAILABLE', 'The server could not answer.', { retryAfter: BUSY_RETRY_MS })
    } finally {
      if (this.#socket.isPaused && !this.#queue.isFull()) this.#socket.resume()
    }
  }

  /** Waits until the peer has taken what it was sent, so that a slow reader costs bounded memory. */
  async #hasRoom(): Promise<void> {
    const { maxBufferedBytes } = this.#shared.settings
    while (this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount > maxBufferedBytes) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS))
    }
  }
}
