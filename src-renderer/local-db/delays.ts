import { BehaviorSubject } from 'rxjs'
import type { DelayView } from '#domain/api/delay-api.ts'
import { createDelayCalls } from '#renderer/server-api/delay-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { LiveList } from './live-list.ts'
import type { SyncEngine } from './sync-status.ts'

type DelaysOptions = { readonly api: Pick<ServerApi, 'call'>; readonly sync: Pick<SyncEngine, 'status$'> }

/** How late doctors say they run today, as the server tells it; nothing is known without it. */
export class Delays {
  readonly #shown = new BehaviorSubject<readonly DelayView[]>([])
  readonly #source: LiveList<DelayView>

  constructor({ api, sync }: DelaysOptions) {
    const { list: load } = createDelayCalls(api)
    this.#source = new LiveList({ name: 'delays', sync, load, onRows: (rows) => this.#show(rows) })
  }

  /** The same list until it changes. */
  readonly list = (): readonly DelayView[] => this.#shown.getValue()
  readonly subscribe = (notify: () => void): (() => void) => {
    const subscription = this.#shown.subscribe(notify)
    return () => subscription.unsubscribe()
  }
  readonly start = (): void => this.#source.start()
  readonly stop = (): void => this.#source.stop()

  /** What the server has just answered about one doctor. */
  take(delay: DelayView): void {
    this.#show([...this.list().filter(({ doctorId }) => doctorId !== delay.doctorId), delay])
  }

  #show(rows: readonly DelayView[]): void {
    if (JSON.stringify(rows) !== JSON.stringify(this.list())) this.#shown.next(rows)
  }
}
