/**
 * When an answer to a pull may be handed to RxDB.
 *
 * A push makes the server change the document (its revision, derived fields, or `unplaced`). If a pull answer that already
 * contains this state reaches RxDB while the push is still being recorded, RxDB 17.6 takes the document for locally changed,
 * skips it and moves the checkpoint past it: the server's state never arrives (replication-protocol/downstream.ts reads the
 * assumed master before upstream.ts has written it). So an answer is held until every push that can show in it is recorded.
 *
 * A push can show in an answer only if it was sent before the answer arrived. It counts from its first sending until RxDB's
 * upstream queue, as it stood when the push ended, has run out; a push the server has plainly refused does not count, so that
 * one unacceptable push does not cut a collection off from everybody else's changes.
 */
import { BehaviorSubject, filter, firstValueFrom, from, fromEvent, merge } from 'rxjs'

/** The end of RxDB's upstream queue as it stands now. */
export type UpstreamQueue = () => Promise<unknown>

export class PushGate {
  readonly #upstream: UpstreamQueue
  readonly #open = new BehaviorSubject(0)

  constructor(upstream: UpstreamQueue) {
    this.#upstream = upstream
  }

  /** A push begins; call `mayBeApplied` before each sending and `refused` when it certainly changed nothing. */
  begin(): { readonly mayBeApplied: () => void; readonly refused: () => void; readonly end: () => void } {
    let isCounted = false
    const count = (wanted: boolean) => {
      if (wanted === isCounted) return
      isCounted = wanted
      this.#open.next(this.#open.getValue() + (wanted ? 1 : -1))
    }
    return {
      mayBeApplied: () => count(true),
      refused: () => count(false),
      end: () => {
        const recorded = () => count(false)
        void this.#upstream().then(recorded, recorded)
      },
    }
  }

  /** Resolves when an answer that has arrived now may be handed on, or when the signal aborts. */
  async hold(signal: AbortSignal): Promise<void> {
    if (this.#open.getValue() === 0 || signal.aborted) return
    const recorded = from(this.#upstream().catch(() => undefined))
    const settled = this.#open.pipe(filter((count) => count === 0))
    await firstValueFrom(merge(recorded, settled, fromEvent(signal, 'abort')))
  }
}
