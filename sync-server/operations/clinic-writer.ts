/**
 * The one way to write replicated rows: a queue per clinic, emptied by transactions of up to fifty writes.
 *
 * Invariants: nobody is answered before COMMIT; a batch that was cut off or needs care runs again whole; whether a lost COMMIT happened is
 * read from the database, never guessed; a write that fails by surprise fails alone.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ClinicId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { type Database, pause, pauseBefore, REPEATS, repeated } from '#server/database/database.ts'
import { CommitUnknown, DatabaseUnavailable, isWorthRepeating } from '#server/database/errors.ts'
import { findLastBatch, lockCounter } from '#server/repositories/change-counters.ts'
import { type ChainHead, EMPTY_CHAIN } from './audit-chain.ts'
import { ClinicMemory } from './clinic-memory.ts'
import type { NewId } from './new-id.ts'
import { type Batch, type BatchOutcome, NeedsCare, runBatch } from './run-batch.ts'
import type { Committed, Job, Lane } from './write-context.ts'

export type ClinicWriter = {
  /**
   * Runs a job under the clinic's lock. Resolves with its value once that is committed, refusals included.
   * @throws what the job threw; DatabaseUnavailable when the database stayed away (nothing was written); CommitUnknown when it
   * went away while committing and did not come back; UnknownClinic.
   */
  submit<Value>(clinicId: ClinicId, lane: Lane, job: Job<Value>): Promise<Value>
  /** Takes no more jobs, and resolves when those taken are answered. */
  close(): Promise<void>
}

export type ClinicWriterDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  /** Told after every COMMIT, in order per clinic. Must not throw. */
  readonly onCommitted?: (committed: Committed) => void
}

export const MAX_BATCH = 50
/** Bulk writes per transaction, so that somebody who just came never waits for more. */
export const MAX_BULK = 20

type Waiting = {
  readonly job: Job<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

type Queue = {
  readonly clinicId: ClinicId
  readonly lanes: Readonly<Record<Lane, Waiting[]>>
  readonly memory: ClinicMemory
  auditHead: ChainHead | undefined
  /** Resolves when the queue is empty; undefined while nobody works on it. */
  working: Promise<void> | undefined
}

export function createClinicWriter(deps: ClinicWriterDeps): ClinicWriter {
  const { database, newId } = deps
  const writerId = newId<'Writer'>()
  const queues = new Map<ClinicId, Queue>()
  let isClosed = false

  const queueOf = (clinicId: ClinicId): Queue => {
    const known = queues.get(clinicId)
    if (known) return known
    const lanes = { interactive: [], bulk: [] }
    const queue: Queue = { clinicId, lanes, memory: new ClinicMemory(), auditHead: EMPTY_CHAIN, working: undefined }
    queues.set(clinicId, queue)
    return queue
  }

  return {
    submit: async (clinicId, lane, job) => {
      database.refuseInsideTransaction()
      if (isClosed) throw new DatabaseUnavailable(new Error('The server is shutting down'))
      const queue = queueOf(clinicId)
      const answer = new Promise((resolve, reject) => {
        queue.lanes[lane].push({ job: job as Job<unknown>, resolve, reject })
      })
      queue.working ??= empty(deps, writerId, queue)
      return answer as Promise<never>
    },
    close: async () => {
      isClosed = true
      await Promise.all([...queues.values()].map(({ working }) => working))
    },
  }
}

async function empty(deps: ClinicWriterDeps, writerId: string, queue: Queue): Promise<void> {
  // Whatever else arrives in this turn of the event loop joins the first batch.
  await nextTurn()
  try {
    for (let waiting = takeBatch(queue); waiting.length > 0; waiting = takeBatch(queue)) {
      await settle(deps, writerId, queue, waiting)
    }
  } finally {
    // In the same turn as the look at the empty queue, so that nobody can join in between and wait for ever.
    queue.working = undefined
  }
}

/** Interactive writes first; bulk fills what is left, and always gets one place, so that it cannot starve. */
function takeBatch({ lanes: { interactive, bulk } }: Queue): Waiting[] {
  const first = interactive.splice(0, bulk.length > 0 ? MAX_BATCH - 1 : MAX_BATCH)
  return [...first, ...bulk.splice(0, Math.min(MAX_BULK, MAX_BATCH - first.length))]
}

async function settle(deps: ClinicWriterDeps, writerId: string, queue: Queue, waiting: readonly Waiting[]) {
  let outcome: BatchOutcome
  try {
    outcome = await commitBatch(
      deps,
      writerId,
      queue,
      waiting.map(({ job }) => job),
    )
  } catch (error) {
    queue.memory.forget()
    // Whether the batch is there may be unknown: the next one reads where the chain ends.
    queue.auditHead = undefined
    for (const { reject } of waiting) reject(error)
    return
  }
  queue.memory.settle(outcome.counter)
  queue.auditHead = outcome.auditHead
  for (const [index, { resolve, reject }] of waiting.entries()) {
    const answer = outcome.answers[index]
    if (answer && 'value' in answer) resolve(answer.value)
    else reject(answer?.error)
  }
  if (outcome.committed.touched.size > 0) deps.onCommitted?.(outcome.committed)
}

/** Runs a batch until it is known to be committed: quickly, and where that does not do, carefully. */
async function commitBatch(
  deps: ClinicWriterDeps,
  writerId: string,
  queue: Queue,
  jobs: readonly Job<unknown>[],
): Promise<BatchOutcome> {
  try {
    return await commitSomehow(deps, writerId, queue, jobs, { isCareful: false })
  } catch (error) {
    if (!(error instanceof NeedsCare)) throw error
    return commitSomehow(deps, writerId, queue, jobs, { isCareful: true })
  }
}

async function commitSomehow(
  deps: ClinicWriterDeps,
  writerId: string,
  queue: Queue,
  jobs: readonly Job<unknown>[],
  { isCareful }: { readonly isCareful: boolean },
): Promise<BatchOutcome> {
  const { clinicId, memory, auditHead } = queue
  for (let repeat = 1; ; repeat += 1) {
    const batch: Batch = { id: deps.newId(), clinicId, writerId, jobs, memory, auditHead, isCareful }
    let outcome: BatchOutcome | undefined
    try {
      return await deps.database.attempt(async (tx) => {
        outcome = await runBatch(tx, batch, deps)
        return outcome
      })
    } catch (error) {
      memory.forget()
      if (error instanceof CommitUnknown) {
        if (outcome && (await wasCommitted(deps.database, batch, error))) return outcome
      } else if (!isWorthRepeating(error)) {
        throw error
      }
      if (repeat > REPEATS) throw new DatabaseUnavailable(error)
      await pause(pauseBefore(repeat, error instanceof CommitUnknown ? error.cause : error))
    }
  }
}

/**
 * Whether a batch whose COMMIT was not answered is in the database. Taking the clinic's lock first waits until the lost
 * transaction has ended one way or the other; looking without it could see the state before a commit still under way.
 */
async function wasCommitted(database: Database, { id, clinicId, writerId }: Batch, unknown: CommitUnknown) {
  try {
    return await repeated(() =>
      database.attempt(async (tx) => {
        await lockCounter(tx, clinicId)
        return (await findLastBatch(tx, clinicId, writerId)) === id
      }),
    )
  } catch {
    throw unknown
  }
}
