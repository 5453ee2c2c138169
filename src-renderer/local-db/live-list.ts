/**
 * Something the server tells of beside the replicated collections, read by REST whenever it says that it has changed
 * (`live-names.ts`). Nothing of it is kept: without the server nothing is known.
 */
import { distinctUntilChanged, map, type Subscription } from 'rxjs'
import type { LiveName } from '#domain/sync/live-names.ts'
import { seconds } from '#domain/time/instant.ts'
import type { ApiResult } from '#renderer/server-api/api-call.ts'
import type { SyncEngine } from './sync-status.ts'

/** After an answer that did not come. */
const AGAIN_MS = seconds(5)

export type LiveListOptions<Row> = {
  readonly name: LiveName
  readonly sync: Pick<SyncEngine, 'status$'>
  readonly load: () => Promise<ApiResult<readonly Row[]>>
  /** The rows as they stand; none without the server. */
  readonly onRows: (rows: readonly Row[]) => void
}

export class LiveList<Row> {
  readonly #options: LiveListOptions<Row>
  #subscription: Subscription | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  /** Counts what was asked for, so that an old answer is not listened to. */
  #round = 0

  constructor(options: LiveListOptions<Row>) {
    this.#options = options
  }

  start(): void {
    const { sync, name } = this.#options
    const standing = sync.status$.pipe(
      map(({ connection, liveVersions }) => (connection.phase === 'ready' ? liveVersions[name] : null)),
      distinctUntilChanged(),
    )
    this.#subscription = standing.subscribe((version) => {
      if (version === null) this.#forget()
      else void this.#read()
    })
  }

  stop(): void {
    this.#subscription?.unsubscribe()
    this.#forget()
  }

  async #read(): Promise<void> {
    clearTimeout(this.#retry)
    this.#round += 1
    const round = this.#round
    const answer = await this.#options.load()
    if (round !== this.#round) return
    if (answer.ok) this.#options.onRows(answer.value)
    else this.#retry = setTimeout(() => void this.#read(), AGAIN_MS)
  }

  #forget(): void {
    this.#round += 1
    clearTimeout(this.#retry)
    this.#options.onRows([])
  }
}
