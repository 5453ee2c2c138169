/**
 * Requests of many collections over one socket: at most a few in flight, the rest wait in order, pushes before pulls so that
 * a first download never delays a person's own change. Knows no socket: `send` carries a frame out.
 */
import type { ErrorAnswer } from '#domain/sync/wire-messages.ts'
import type { Clock } from './clock.ts'
import { SyncError } from './sync-error.ts'

export type Frame = {
  readonly id: string
  readonly collection: string
  readonly method: string
  readonly params: unknown
}
export type Answer = { readonly id: string } & ({ readonly result: unknown } | Pick<ErrorAnswer, 'error'>)

type Waiting = {
  readonly frame: Frame
  readonly timeoutMs: number
  readonly resolve: (result: unknown) => void
  readonly reject: (error: SyncError) => void
}
type InFlight = Waiting & { readonly timer: unknown; readonly isCounted: boolean }

export type RequestQueueOptions = {
  readonly clock: Clock
  readonly maxInFlight: number
  readonly send: (frame: Frame) => void
  /** Called after a request got no answer in time: the connection is not to be trusted any more. */
  readonly onTimeout: () => void
}

export class RequestQueue {
  readonly #options: RequestQueueOptions
  readonly #urgent: Waiting[] = []
  readonly #usual: Waiting[] = []
  readonly #inFlight = new Map<string, InFlight>()
  #isOpen = false
  #sent = 0

  constructor(options: RequestQueueOptions) {
    this.#options = options
  }

  /** Waits for its turn and for the connection. Rejects with a SyncError. */
  request(collection: string, method: string, params: unknown, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const waiting = { frame: this.#frame(collection, method, params), timeoutMs, resolve, reject }
      if (method === 'masterWrite') this.#urgent.push(waiting)
      else this.#usual.push(waiting)
      this.#pump()
    })
  }

  /** Goes out at once, whatever else waits: log-in and heartbeat. */
  requestNow(collection: string, method: string, params: unknown, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#dispatch({ frame: this.#frame(collection, method, params), timeoutMs, resolve, reject }, false)
    })
  }

  /** Takes an answer in; false when nobody waits for it. */
  settle(answer: Answer): boolean {
    const waiting = this.#inFlight.get(answer.id)
    if (!waiting) return false
    this.#forget(waiting)
    if ('error' in answer) {
      const { code, message, retryAfter } = answer.error
      waiting.reject(new SyncError(code, message, retryAfter))
    } else {
      waiting.resolve(answer.result)
    }
    this.#pump()
    return true
  }

  /** The connection is ready: what waits may go. */
  open(): void {
    this.#isOpen = true
    this.#pump()
  }

  /** The connection is gone: what was sent is lost, what waits keeps waiting. */
  close(reason: string): void {
    this.#isOpen = false
    this.#rejectInFlight(new SyncError('LOST', reason))
  }

  /** Nothing will ever be sent again. */
  stop(): void {
    this.#isOpen = false
    const error = new SyncError('STOPPED', 'replication was stopped')
    this.#rejectInFlight(error)
    for (const waiting of [...this.#urgent.splice(0), ...this.#usual.splice(0)]) waiting.reject(error)
  }

  #frame(collection: string, method: string, params: unknown): Frame {
    this.#sent += 1
    return { id: `r${this.#sent.toString(36)}`, collection, method, params }
  }

  #pump(): void {
    while (this.#isOpen && this.#countInFlight() < this.#options.maxInFlight) {
      const next = this.#urgent.shift() ?? this.#usual.shift()
      if (!next) return
      this.#dispatch(next, true)
    }
  }

  #countInFlight(): number {
    let count = 0
    for (const { isCounted } of this.#inFlight.values()) if (isCounted) count += 1
    return count
  }

  #dispatch(waiting: Waiting, isCounted: boolean): void {
    const { clock, send, onTimeout } = this.#options
    const timer = clock.setTimeout(() => {
      this.#inFlight.delete(waiting.frame.id)
      waiting.reject(new SyncError('TIMEOUT', `no answer to ${waiting.frame.method} in ${waiting.timeoutMs} ms`))
      onTimeout()
    }, waiting.timeoutMs)
    this.#inFlight.set(waiting.frame.id, { ...waiting, timer, isCounted })
    send(waiting.frame)
  }

  #forget(waiting: InFlight): void {
    this.#options.clock.clearTimeout(waiting.timer)
    this.#inFlight.delete(waiting.frame.id)
  }

  #rejectInFlight(error: SyncError): void {
    for (const waiting of [...this.#inFlight.values()]) {
      this.#forget(waiting)
      waiting.reject(error)
    }
  }
}
