/**
 * One collection kept level with the server over the sync socket, by RxDB's replication.
 *
 * A pull's answer is held until every push sent before it arrived is recorded. A push makes the server change the document
 * (its revision, derived fields, or `unplaced`). RxDB 17.6 compares a pulled document with the state it last knew of the server,
 * which a push updates only after its answer (replication-protocol/upstream.ts); a pull handed over before that finds the
 * document locally changed, skips it and moves the checkpoint past it (downstream.ts), and the server's state never arrives.
 * A push can show in an answer only if it was sent before the answer arrived, and RxDB's upstream queue as it stands at that
 * moment ends after all of those. The upstream never waits for the downstream, so this cannot block.
 *
 * The other way round, an answer read by the server before a push, and taken here after that push is recorded, would bring the
 * document's former state back to the screen until the next pull: such an answer is thrown away and asked for again.
 *
 * A page is handed over when the page before it is stored. RxDB 17.6 does not wait: it collects all pages that arrive during a write
 * and writes them in one go (downstream.ts, `nonPersistedFromMaster`), so a first download over a fast line ends in writes of
 * thousands of documents, each of which stops the screen for as long as it takes. The next page is asked for meanwhile.
 *
 * An answer of the server may hold two pages: half the requests, half the audit rows that have to be durable before an answer. The
 * second page goes to RxDB when it asks again; only with it moves the checkpoint.
 */
import type { RxCollection, RxReplicationPullStreamItem, WithDeleted } from 'rxdb'
import { type RxReplicationState, replicateRxCollection } from 'rxdb/plugins/replication'
import { concatMap, filter, firstValueFrom, from, fromEvent, merge, Subject, timer } from 'rxjs'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import { type CollectionName, type Documents, definitionOf } from '#domain/sync/collections.ts'
import type { PullResult } from '#domain/sync/wire-messages.ts'
import { NewHistory } from './new-history.ts'
import { type PushOptions, pushHandler } from './push-rows.ts'
import type { SyncSocket } from './sync-socket.ts'
import { untilAnswered } from './until-answered.ts'

export type ReplicateOptions<Name extends CollectionName> = PushOptions<Name> & {
  readonly socket: Pick<SyncSocket, 'pull' | 'push'> & Partial<Pick<SyncSocket, 'epoch$'>>
  /** A pull has run to the end: this collection was level with the server a moment ago. */
  readonly onLevel?: () => void
}

export type CollectionReplication<Name extends CollectionName = CollectionName> = {
  readonly name: Name
  readonly state: RxReplicationState<Documents[Name], WireCheckpoint>
  /** Pulls soon: one pull at a time, and at most one more waiting. */
  readonly poke: () => void
  /** The checkpoint at which the collection was level with the server last; null while a pull is running. */
  readonly levelAt: () => WireCheckpoint | null
  /** Reads everything from the beginning, and lets go of what is not named. */
  readonly readAnew: () => void
  readonly cancel: () => Promise<void>
}

/** Asks for a page until it is answered; null when replication stops. */
type Ask = (checkpoint: WireCheckpoint | undefined, limit: number) => Promise<PullResult | null>

/** The same in every tab and every version: another one would make RxDB push all local documents again. */
export const REPLICATION_IDENTIFIER = 'sync-v1'
const PULL_BATCH = 200
/** Pages that one answer may hold; the server's own limit is `MAX_PULL_DOCUMENTS`. */
const PAGES_AN_ANSWER = 2
/** A page that takes longer to be stored is no longer waited for: the next then shares its write, as without the wait. */
const LONGEST_WRITE_MS = 5_000
const PUSH_BATCH = 100
/** RxDB's own pause before it calls a handler that threw again. */
const RETRY_MS = 10_000

/** Prepares the replication; `state.start()` starts it. */
export function replicateCollection<Name extends CollectionName>(
  options: ReplicateOptions<Name>,
): CollectionReplication<Name> {
  const { database, name } = options
  const stop = new AbortController()
  const pokes = new Subject<RxReplicationPullStreamItem<Documents[Name], WireCheckpoint>>()
  let isPokeWaiting = false
  let isReadAnew = false
  let level: WireCheckpoint | null = null
  const pushed = new PushedDocuments()
  const resend = pushHandler(options, stop.signal)
  const ask: Ask = (from, limit) =>
    untilAnswered<PullResult | null>(options, stop.signal, () => options.socket.pull(name, from, limit), null)
  const history = new NewHistory({
    database,
    name,
    epoch$: options.socket.epoch$,
    meta: () => state.metaInstance as never,
    pull: ask,
    push: async (rows) => (await resend(rows as never)) as never,
  })
  const upstream = () => state.internalReplicationState?.streamQueue.up
  const pages = new HandedPages(() => state as never, stop.signal)
  const pull = pullHandler(options, { pushed, history, upstream, ask, pages }, stop.signal)
  const push = pushHandler({ ...options, history }, stop.signal)
  const state: RxReplicationState<Documents[Name], WireCheckpoint> = replicateRxCollection({
    replicationIdentifier: REPLICATION_IDENTIFIER,
    collection: database[name] as unknown as RxCollection<Documents[Name]>,
    live: true,
    autoStart: false,
    // The Web Lock decides who replicates, in every tab, seen or not.
    waitForLeadership: false,
    toggleOnDocumentVisible: false,
    retryTime: RETRY_MS,
    pull: {
      batchSize: PULL_BATCH,
      stream$: pokes,
      handler: async (checkpoint, limit) => {
        isPokeWaiting = false
        level = null
        const anew = isReadAnew ? await history.readAll() : null
        if (anew) isReadAnew = false
        const page = anew ?? (await pull(checkpoint, limit))
        if (page.documents.length < limit || anew) level = page.checkpoint ?? null
        return page as never
      },
    },
    ...(definitionOf(name).push === 'none'
      ? {}
      : {
          push: {
            batchSize: PUSH_BATCH,
            handler: async (rows) => {
              const answer = await push(rows)
              pushed.add(rows.map(({ newDocumentState }) => newDocumentState.id))
              return answer
            },
          },
        }),
  })
  // RxDB would otherwise fake a mouse movement every 20 seconds to keep the tab awake (replication-helper.ts), and a desk that
  // is left alone would never lock itself. Read at the start only; the listener for visibility is not there.
  state.toggleOnDocumentVisible = true
  state.onCancel.push(() => stop.abort())
  const poke = () => {
    if (isPokeWaiting) return
    isPokeWaiting = true
    pokes.next('RESYNC')
  }
  const readAnew = () => {
    isReadAnew = true
    poke()
  }
  return { name, state, poke, levelAt: () => level, readAnew, cancel: () => state.cancel() }
}

/** Which documents were pushed since when, counted in pushes. */
class PushedDocuments {
  #pushes = 0
  readonly #lastOf = new Map<string, number>()

  get count(): number {
    return this.#pushes
  }

  /** A push of these documents has been answered. */
  add(ids: readonly string[]): void {
    this.#pushes += 1
    for (const id of ids) this.#lastOf.set(id, this.#pushes)
  }

  /** True when one of them was pushed after that many pushes. */
  someSince(count: number, ids: readonly string[]): boolean {
    return ids.some((id) => (this.#lastOf.get(id) ?? 0) > count)
  }
}

function pullHandler<Name extends CollectionName>(
  options: ReplicateOptions<Name>,
  parts: {
    readonly pushed: PushedDocuments
    readonly history: NewHistory
    readonly upstream: () => Promise<unknown> | undefined
    readonly ask: Ask
    readonly pages: HandedPages
  },
  signal: AbortSignal,
): (
  checkpoint: WireCheckpoint | undefined,
  limit: number,
) => Promise<{ documents: WithDeleted<Documents[Name]>[]; checkpoint: WireCheckpoint | undefined }> {
  const { onLevel } = options
  const { pushed, history, upstream, ask, pages } = parts
  let isFirst = true
  let rest: Rest | null = null
  const askFor = async (checkpoint: WireCheckpoint | undefined, limit: number): Promise<Answered | null> => {
    const before = pushed.count
    // The very first page comes alone: there is no checkpoint yet that the second could wait at.
    const answer = await ask(checkpoint, checkpoint ? limit * PAGES_AN_ANSWER : limit)
    return answer && { answer, before }
  }
  return async (checkpoint, limit) => {
    // The upstream's first run goes through everything written since its checkpoint: it should not meet the first download.
    if (isFirst) await settled(upstream(), signal)
    isFirst = false
    let answered: Answered | null = rest && isSame(rest.at, checkpoint) ? rest : null
    rest = null
    do {
      answered = answered && !isOutdated(answered, pushed) ? answered : await askFor(checkpoint, limit)
      await pages.untilStored(checkpoint)
      if (answered && (await history.isNew(checkpoint, answered.answer))) await history.enter()
      // Stopped: nothing more may be written here.
      if (answered === null || !(await settled(upstream(), signal))) return { documents: [], checkpoint }
    } while (isOutdated(answered, pushed))
    const { answer, before } = answered
    // Without a checkpoint there is nothing the rest could wait at: today, which comes before the first page, is taken with it.
    const most = checkpoint ? limit : answer.documents.length
    const page = answer.documents.slice(0, most)
    if (page.length < limit) onLevel?.()
    pages.handOver()
    const documents = [...latest([...history.takeRest(), ...page])] as unknown as WithDeleted<Documents[Name]>[]
    if (!checkpoint || answer.documents.length <= most) return { documents, checkpoint: answer.checkpoint }
    rest = { at: checkpoint, before, answer: { ...answer, documents: answer.documents.slice(limit) } }
    return { documents, checkpoint }
  }
}

/** An answer, and how many pushes had been answered when it was asked for. */
type Answered = { readonly answer: PullResult; readonly before: number }
/** What of an answer is not handed over yet, and the checkpoint it was asked for at. */
type Rest = Answered & { readonly at: WireCheckpoint }

const isOutdated = ({ answer, before }: Answered, pushed: PushedDocuments): boolean =>
  pushed.someSince(
    before,
    answer.documents.map(({ id }) => id),
  )

const isSame = (one: WireCheckpoint | undefined, other: WireCheckpoint | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

type Replicating = Pick<
  RxReplicationState<unknown, WireCheckpoint>,
  'internalReplicationState' | 'metaInstance' | 'error$'
>

/** What RxDB does with the pages it was given: it writes a page and then its checkpoint, or reports an error and goes on. */
class HandedPages {
  readonly #state: () => Replicating
  readonly #signal: AbortSignal
  #isListening = false
  /** Something has failed since the last page was handed over: its checkpoint may never be written. */
  #hasFailed = false

  constructor(state: () => Replicating, signal: AbortSignal) {
    this.#state = state
    this.#signal = signal
  }

  handOver(): void {
    this.#hasFailed = false
    if (this.#isListening) return
    this.#isListening = true
    this.#state().error$.subscribe(() => {
      this.#hasFailed = true
    })
  }

  /** Waits until everything up to a checkpoint is stored, or has failed, or replication stops; never so long that a pull would hang. */
  async untilStored(checkpoint: WireCheckpoint | undefined): Promise<void> {
    const { internalReplicationState: inner, metaInstance, error$ } = this.#state()
    const isOver = () =>
      this.#hasFailed || isSame(inner?.lastCheckpointDoc.down?.checkpointData as WireCheckpoint | undefined, checkpoint)
    if (!inner || !metaInstance || checkpoint === undefined || this.#signal.aborted || isOver()) return
    // RxDB notes what it has written when the write returns, just after its event.
    const written = metaInstance.changeStream().pipe(concatMap(() => timer(0)))
    const over = merge(written, error$, fromEvent(this.#signal, 'abort')).pipe(
      filter(() => this.#signal.aborted || isOver()),
    )
    await firstValueFrom(merge(over, timer(LONGEST_WRITE_MS)))
  }
}

/** The last state of each document. */
const latest = (documents: PullResult['documents']) => new Map(documents.map((one) => [one.id, one])).values()

/** Waits for the end of a queue; false when the signal aborts first. */
async function settled(queue: Promise<unknown> = Promise.resolve(), signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  const ended = from(queue.catch(() => undefined))
  await firstValueFrom(merge(ended, fromEvent(signal, 'abort')))
  return !signal.aborted
}
