/**
 * Tells the server how much this device has not sent, for the list of devices and for whoever takes its access away. A count that is
 * the same again when its time comes is not told; nobody waits for the telling.
 */
import { map, type Observable, type Subscription } from 'rxjs'
import { minutes, seconds } from '#domain/time/instant.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { Clock } from './clock.ts'
import { onlyHere, type SyncStatus } from './sync-status.ts'

export type DeviceReportOptions = {
  readonly status$: Observable<SyncStatus>
  readonly fetch: ServerApi['fetch']
  readonly clock: Clock
}

/** What is sent at once is never told of. */
const SETTLE_MS = seconds(3)
/** So that the last contact is known too while nothing changes. */
const ALIVE_MS = minutes(10)
const TIMEOUT_MS = seconds(15)

export class DeviceReport {
  readonly #options: DeviceReportOptions
  readonly #subscription: Subscription
  #count = 0
  #isReachable = false
  /** Null until this start has told something. */
  #told: number | null = null
  #timer: unknown
  #isDueSoon = false
  #isTelling = false
  #isStopped = false

  constructor(options: DeviceReportOptions) {
    this.#options = options
    this.#subscription = options.status$
      .pipe(
        map((status) => ({
          count: onlyHere(status),
          isReachable: status.connection.phase === 'ready' && status.isLeader,
        })),
      )
      .subscribe(({ count, isReachable }) => {
        const isBack = isReachable && !this.#isReachable
        if (count === this.#count && isReachable === this.#isReachable) return
        this.#count = count
        this.#isReachable = isReachable
        if (isBack) this.#told = null
        this.#soon()
      })
  }

  stop(): void {
    this.#isStopped = true
    this.#subscription.unsubscribe()
    this.#options.clock.clearTimeout(this.#timer)
  }

  /** A telling that is due soon is not put off by further changes. */
  #soon(after = SETTLE_MS): void {
    const { clock } = this.#options
    const isHopeless = this.#isStopped || !this.#isReachable
    if (!isHopeless && (this.#isTelling || this.#isDueSoon)) return
    clock.clearTimeout(this.#timer)
    this.#isDueSoon = false
    if (isHopeless) return
    this.#isDueSoon = after === SETTLE_MS
    this.#timer = clock.setTimeout(() => void this.#tell(after === ALIVE_MS), after)
  }

  async #tell(isAlive: boolean): Promise<void> {
    this.#isDueSoon = false
    const count = this.#count
    if (isAlive || count !== this.#told) {
      this.#isTelling = true
      const isTold = await this.#send(count)
      this.#isTelling = false
      if (isTold) this.#told = count
    }
    this.#soon(this.#count === this.#told ? ALIVE_MS : SETTLE_MS)
  }

  /** False when no answer came; then it is told again. */
  async #send(unsentCount: number): Promise<boolean> {
    const request = { accept: 'application/json', signal: AbortSignal.timeout(TIMEOUT_MS) }
    const body = JSON.stringify({ unsentCount })
    return this.#options
      .fetch('/api/v1/me/device', { ...request, method: 'PUT', body })
      .then(({ status }) => status < 500)
      .catch(() => false)
  }
}
