/**
 * One collection kept level with the server over the sync socket, by RxDB's replication.
 *
 * A pull's answer is held until every push sent before it arrived is recorded. A push makes the server change the document
 * (its revision, derived fields, or `unplaced`). RxDB 17.6 compares a pulled document with the state it last knew of the server,
 * which a push updates only after its answer (replication-protocol/upstream.ts); a pull handed over before that finds the
 * document locally changed, skips it and moves the checkpoint past it (downstream.ts), and the server's state never arrives.
 * A push can show in an answer only if it was sent before the answer arrived, and RxDB's upstream queue as it stands at that
 * moment ends after all of those. The upstream never waits for the downstream, so this cannot block.
 */
import type { RxCollection, RxReplicationPullStreamItem, RxReplicationWriteToMasterRow, WithDeleted } from 'rxdb'
import { type RxReplicationState, replicateRxCollection } from 'rxdb/plugins/replication'
import { firstValueFrom, from, fromEvent, merge, Subject } from 'rxjs'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import { type CollectionName, type Documents, definitionOf } from '#domain/sync/collections.ts'
import { MAX_PUSH_ROWS, type PullResult, type PushRow } from '#domain/sync/wire-messages.ts'
import { type Clock, pause } from './clock.ts'
import type { LocalDatabase } from './local-database.ts'
import { isPassing, SyncError } from './sync-error.ts'
import type { SyncSocket } from './sync-socket.ts'

export type ReplicateOptions<Name extends CollectionName> = {
  readonly database: LocalDatabase
  readonly name: Name
  readonly socket: Pick<SyncSocket, 'pull' | 'push'>
  readonly clock: Clock
  readonly random: () => number
  /** A pull has run to the end: this collection was level with the server a moment ago. */
  readonly onLevel?: () => void
}

export type CollectionReplication<Name extends CollectionName = CollectionName> = {
  readonly name: Name
  readonly state: RxReplicationState<Documents[Name], WireCheckpoint>
  /** Pulls soon: one pull at a time, and at most one more waiting. */
  readonly poke: () => void
  readonly cancel: () => Promise<void>
}

/** The same in every tab and every version: another one would make RxDB push all local documents again. */
export const REPLICATION_IDENTIFIER = 'sync-v1'
const PULL_BATCH = 200
const PUSH_BATCH = 100
/** Text of one push; a frame may have four times as much. */
const PUSH_CHARACTERS = 1024 * 1024
/** RxDB's own pause before it calls a handler that threw again. */
const RETRY_MS = 10_000
const LONGEST_PAUSE_MS = 8_000

/** Prepares the replication; `state.start()` starts it. */
export function replicateCollection<Name extends CollectionName>(
  options: ReplicateOptions<Name>,
): CollectionReplication<Name> {
  const { database, name } = options
  const stop = new AbortController()
  const pokes = new Subject<RxReplicationPullStreamItem<Documents[Name], WireCheckpoint>>()
  let isPokeWaiting = false
  const pull = pullHandler(options, () => state.internalReplicationState?.streamQueue.up, stop.signal)
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
      handler: (checkpoint, limit) => {
        isPokeWaiting = false
        return pull(checkpoint, limit)
      },
    },
    ...(definitionOf(name).push === 'none'
      ? {}
      : { push: { batchSize: PUSH_BATCH, handler: pushHandler(options, stop.signal) } }),
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
  return { name, state, poke, cancel: () => state.cancel() }
}

function pullHandler<Name extends CollectionName>(
  options: ReplicateOptions<Name>,
  upstream: () => Promise<unknown> | undefined,
  signal: AbortSignal,
): (
  checkpoint: WireCheckpoint | undefined,
  limit: number,
) => Promise<{ documents: WithDeleted<Documents[Name]>[]; checkpoint: WireCheckpoint | undefined }> {
  const { socket, name, onLevel } = options
  let isFirst = true
  return async (checkpoint, limit) => {
    // The upstream's first run goes through everything written since its checkpoint: it should not meet the first download.
    if (isFirst) await settled(upstream(), signal)
    isFirst = false
    const answer = await untilAnswered<PullResult | null>(
      options,
      signal,
      () => socket.pull(name, checkpoint, limit),
      null,
    )
    // Stopped: nothing more may be written here.
    if (answer === null || !(await settled(upstream(), signal))) return { documents: [], checkpoint }
    if (answer.documents.length < limit) onLevel?.()
    return { documents: answer.documents as unknown as WithDeleted<Documents[Name]>[], checkpoint: answer.checkpoint }
  }
}

/** Waits for the end of a queue; false when the signal aborts first. */
async function settled(queue: Promise<unknown> = Promise.resolve(), signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  const ended = from(queue.catch(() => undefined))
  await firstValueFrom(merge(ended, fromEvent(signal, 'abort')))
  return !signal.aborted
}

type Row<Name extends CollectionName> = RxReplicationWriteToMasterRow<Documents[Name]>

function pushHandler<Name extends CollectionName>(
  options: ReplicateOptions<Name>,
  signal: AbortSignal,
): (rows: Row<Name>[]) => Promise<WithDeleted<Documents[Name]>[]> {
  const { socket, name } = options
  return async (rows) => {
    const answers: PushRow['newDocumentState'][] = []
    for (const part of partsOf(rows.map((row) => wireRow(name, row)))) {
      const answer = await untilAnswered(options, signal, () => socket.push(name, part), [])
      answers.push(...known(answer, part))
    }
    return answers as unknown as WithDeleted<Documents[Name]>[]
  }
}

/**
 * Repeats a request that got no answer or was put off. RxDB would wait a fixed time instead, and starts over with all rows.
 * @param stopped the answer when replication stops; RxDB looks at nothing it gets by then
 */
async function untilAnswered<Answer>(
  { clock, random }: Pick<ReplicateOptions<CollectionName>, 'clock' | 'random'>,
  signal: AbortSignal,
  request: () => Promise<Answer>,
  stopped: Answer,
): Promise<Answer> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      return await request()
    } catch (error) {
      if (signal.aborted) break
      if (!isPassing(error)) throw error
      const jittered = random() * Math.min(LONGEST_PAUSE_MS, 200 * 2 ** Math.min(tries, 10))
      await pause(clock, (error.retryAfter ?? 0) + jittered, signal)
    }
  }
  return stopped
}

/**
 * A row as it travels. What the server owns goes back as it came: locally such fields hold guesses (the local day of a moved
 * visit), and a push that changes one would be refused.
 */
function wireRow<Name extends CollectionName>(name: Name, row: Row<Name>): PushRow {
  const { newDocumentState, assumedMasterState } = row as unknown as PushRow
  if (!assumedMasterState) return { newDocumentState }
  const owned = definitionOf(name).serverOwned.filter((field) => field in assumedMasterState)
  const back = Object.fromEntries(owned.map((field) => [field, (assumedMasterState as Record<string, unknown>)[field]]))
  return { newDocumentState: { ...newDocumentState, ...back }, assumedMasterState }
}

/** Cuts rows into pushes that stay within the wire's limits. */
function* partsOf(rows: readonly PushRow[]): Generator<readonly PushRow[]> {
  let part: PushRow[] = []
  let size = 0
  for (const row of rows) {
    const length = JSON.stringify(row).length
    if (part.length > 0 && (part.length >= MAX_PUSH_ROWS || size + length > PUSH_CHARACTERS)) {
      yield part
      part = []
      size = 0
    }
    part.push(row)
    size += length
  }
  if (part.length > 0) yield part
}

/** The answer, when it speaks of the rows sent and of nothing else: RxDB fails on anything else for good. */
function known(answer: readonly PushRow['newDocumentState'][], rows: readonly PushRow[]) {
  const sent = new Set(rows.map(({ newDocumentState }) => newDocumentState.id))
  if (answer.every((document) => sent.has(document?.id))) return answer
  throw new SyncError('PROTOCOL', 'the answer to a push names a document that was not pushed')
}
