/**
 * The sync socket's frames over HTTP, for networks that let no WebSocket through: each request is one of HTTP, and pokes come by a
 * stream of server-sent events that is read from the body of an answer. To what stands above it, it is a socket.
 *
 * A proxy may hold a stream back or cut it. So nothing rests on the stream: with each ping that finds none running, and whenever
 * one has begun, everything is poked, as it may have changed meanwhile. One stream serves all names, and no more than four
 * requests are under way beside it: a browser opens six connections to one server, and the REST API needs one.
 */

import { definitionOf, isCollectionName } from '#domain/sync/collections.ts'
import { reconnectDelay } from '#domain/sync/connection-state.ts'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import type { SyncErrorCode } from '#domain/sync/wire-messages.ts'
import type { RawRequest, ServerApi } from '#renderer/server-api/server-api.ts'
import { type Clock, pause } from './clock.ts'
import { readEvents } from './read-events.ts'
import type { Frame } from './request-queue.ts'
import type { SocketLike } from './sync-line.ts'

export type HttpLineOptions = {
  readonly fetch: ServerApi['fetch']
  readonly clock: Clock
  /** A number in [0, 1). */
  readonly random: () => number
}

/** The server gives a sign of life every 15 s: a stream that is silent for three times as long brings nothing any more. */
const SILENCE_MS = 45_000
/** RFC 6455, section 7.4.1: what a socket reports that just broke. */
const CLOSE_ABNORMAL = 1006
const JSON_TYPE = 'application/json'
const EVENTS_TYPE = 'text/event-stream'

/** Opens at once; whether the server is there, the first frame shows. */
export const createHttpLine = (options: HttpLineOptions): SocketLike => new HttpLine(options)

class HttpLine implements SocketLike {
  onopen: SocketLike['onopen'] = null
  onmessage: SocketLike['onmessage'] = null
  onerror: SocketLike['onerror'] = null
  onclose: SocketLike['onclose'] = null
  readonly #options: HttpLineOptions
  readonly #over = new AbortController()
  readonly #names = new Set<string>()
  #stream = new AbortController()
  #isListening = false
  #isStreamDue = false

  constructor(options: HttpLineOptions) {
    this.#options = options
    queueMicrotask(() => this.onopen?.())
  }

  send(text: string): void {
    const frame = JSON.parse(text) as Frame
    if (frame.method === 'masterChangeStream$') this.#listenTo(frame.collection)
    else void this.#ask(frame)
    if (frame.method === 'ping' && !this.#isListening) this.#pokeAll()
  }

  close(): void {
    this.#over.abort()
  }

  async #ask(frame: Frame): Promise<void> {
    const { id, collection } = frame
    const answer = await this.#fetch(requestOf(frame))
    if (!answer) return
    const { response, text } = answer
    if (response.ok && isOf(response, JSON_TYPE)) {
      // As it came: whoever asked looks at it.
      this.#say(`{"id":${JSON.stringify(id)},"collection":${JSON.stringify(collection)},"result":${text}}`)
      return
    }
    const verdict = verdictOf(response, text)
    if ('close' in verdict) this.#end(verdict.close)
    else this.#say(JSON.stringify({ id, collection, error: verdict.error }))
  }

  /** The answer with all of its text; undefined when there was none, and the line is over. */
  async #fetch({ path, ...request }: Omit<RawRequest, 'signal' | 'accept'> & { readonly path: string }) {
    try {
      const { signal } = this.#over
      const response = await this.#options.fetch(path, { ...request, accept: JSON_TYPE, signal })
      return { response, text: await response.text() }
    } catch {
      this.#end(CLOSE_ABNORMAL)
      return undefined
    }
  }

  #listenTo(name: string): void {
    this.#names.add(name)
    if (this.#isStreamDue) return
    this.#isStreamDue = true
    // Names come one after the other; a stream is opened for all of them.
    queueMicrotask(() => {
      this.#isStreamDue = false
      this.#stream.abort()
      this.#stream = new AbortController()
      void this.#keepStream(AbortSignal.any([this.#stream.signal, this.#over.signal]))
    })
  }

  async #keepStream(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options
    for (let failures = 0; !signal.aborted; failures += 1) {
      const hasListened = await this.#readStream(signal).catch(() => false)
      if (hasListened) failures = 0
      await pause(clock, reconnectDelay(failures, random()), signal)
    }
  }

  /** Reads one stream to its end; false when it never said anything. */
  async #readStream(outer: AbortSignal): Promise<boolean> {
    const silence = new AbortController()
    const signal = AbortSignal.any([outer, silence.signal])
    const path = `/sync/v1/pokes?names=${[...this.#names].join(',')}`
    const response = await this.#options.fetch(path, { method: 'GET', accept: EVENTS_TYPE, signal })
    if (!response.ok || !isOf(response, EVENTS_TYPE) || !response.body) {
      const verdict = verdictOf(response, await response.text())
      // Anything else that is wrong with it, the other requests will meet, or do without it.
      if ('close' in verdict && verdict.close !== CLOSE_ABNORMAL) this.#end(verdict.close)
      return false
    }
    try {
      for await (const event of readEvents(response.body, () => this.#heard(silence))) {
        if (event.name === 'poke') this.#say(event.data)
        else if (event.name === 'end') this.#end(codeIn(event.data))
      }
    } finally {
      this.#options.clock.clearTimeout(this.#silenceTimer)
      if (!outer.aborted) this.#isListening = false
    }
    return true
  }

  #silenceTimer: unknown
  #heard(silence: AbortController): void {
    const { clock } = this.#options
    clock.clearTimeout(this.#silenceTimer)
    this.#silenceTimer = clock.setTimeout(() => silence.abort(), SILENCE_MS)
    if (this.#isListening) return
    this.#isListening = true
    this.#pokeAll()
  }

  /** What changed while nobody listened was told to nobody. */
  #pokeAll(): void {
    for (const collection of this.#names) this.#say(JSON.stringify({ id: 'stream', collection, result: 'RESYNC' }))
  }

  #say(data: string): void {
    if (!this.#over.signal.aborted) this.onmessage?.({ data })
  }

  #end(code: number): void {
    if (this.#over.signal.aborted) return
    this.#over.abort()
    this.onclose?.({ code })
  }
}

/** A frame as a request. */
function requestOf({ method, collection, params }: Frame) {
  const [first, second] = params as readonly unknown[]
  if (method === 'auth') return { method: 'POST', path: '/sync/v1/hello', body: JSON.stringify(first) } as const
  if (method === 'ping') return { method: 'GET', path: '/sync/v1/ping' } as const
  const version = isCollectionName(collection) ? definitionOf(collection).version : 0
  const address = `/sync/${collection}/${version}`
  if (method === 'masterWrite') {
    return { method: 'POST', path: `${address}/push`, body: JSON.stringify(first) } as const
  }
  const { lwt, id } = (first ?? { lwt: 0, id: '' }) as { readonly lwt: number; readonly id: string }
  return { method: 'GET', path: `${address}/pull?lwt=${lwt}&id=${encodeURIComponent(id)}&limit=${second}` } as const
}

const isOf = ({ headers }: Response, type: string): boolean => headers.get('content-type')?.includes(type) === true

type Problem = {
  readonly code?: unknown
  readonly detail?: string
  readonly field?: string
  readonly retryAfterSeconds?: number
}
type Verdict =
  | { readonly close: number }
  | {
      readonly error: {
        readonly code: SyncErrorCode
        readonly message: string
        readonly field?: string
        readonly retryAfter?: number
      }
    }

/**
 * What an answer that is none means: the end of the line with the code a socket would close with, or an error of the request. A
 * gateway or a captive portal answers too: what is not in the server's own words says nothing about a request.
 */
function verdictOf(response: Response, text: string): Verdict {
  const { status } = response
  const { code, detail: message = '', field, retryAfterSeconds } = problemIn(response, text)
  if (typeof code !== 'string') return { close: CLOSE_ABNORMAL }
  if (status === 426) return { close: CLOSE.upgradeRequired }
  if (code === 'device-revoked') return { close: CLOSE.revoked }
  if (status === 401 || status === 403) return { close: CLOSE.unauthenticated }
  if (code === 'shutting-down') return { close: CLOSE.serverRestarts }
  const isBusy = status === 429 || status === 503
  if (isBusy) return { error: { code: 'BUSY', message, retryAfter: (retryAfterSeconds ?? 1) * 1_000 } }
  if (status < 500) return { error: { code: 'BAD_REQUEST', message, ...(field !== undefined && { field }) } }
  return { error: { code: 'UNAVAILABLE', message } }
}

function problemIn(response: Response, text: string): Problem {
  if (!isOf(response, 'json')) return {}
  try {
    return (JSON.parse(text) ?? {}) as Problem
  } catch {
    return {}
  }
}

function codeIn(data: string): number {
  try {
    const { code } = JSON.parse(data) as { readonly code?: unknown }
    return typeof code === 'number' ? code : CLOSE_ABNORMAL
  } catch {
    return CLOSE_ABNORMAL
  }
}
