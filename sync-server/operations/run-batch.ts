/**
 * One transaction with up to fifty writes of one clinic. Its first statement locks the clinic's counter, so sequence numbers are
 * in the order of commits.
 *
 * A bad write costs the others nothing. Carefully, each runs in a savepoint. Quickly, none does: a refusal that has written
 * nothing needs none, and where there is something to take back, the batch ends with `NeedsCare` and the caller runs it again
 * carefully (decision 0016).
 */
import type { Audience } from '#domain/access/audiences.ts'
import type { DomainEvent } from '#domain/events/domain-events.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { PokedName } from '#domain/sync/live-names.ts'
import type { Instant } from '#domain/time/instant.ts'
import { BatchTransaction } from '#server/database/batch-transaction.ts'
import { releaseSavepoint, rollbackToSavepoint, setSavepoint, type Tx } from '#server/database/dialect.ts'
import { isWorthRepeating } from '#server/database/errors.ts'
import type { Tables } from '#server/database/tables.ts'
import { outboxRow } from '#server/events/outbox-row.ts'
import { appendAudit, lockChainHead } from '#server/repositories/append-only.ts'
import { type ChangeCounter, lockCounter, noteBatch, setCounter } from '#server/repositories/change-counters.ts'
import { type ChainHead, linkEntries } from './audit-chain.ts'
import type { AuditEntry } from './audit-entry.ts'
import { typesOf } from './booking-references.ts'
import type { ClinicMemory } from './clinic-memory.ts'
import { type ComingVisit, HeldTimes } from './held-times.ts'
import type { NewId } from './new-id.ts'
import type { Committed, Job, WriteContext } from './write-context.ts'

export type Answer = { readonly value: unknown } | { readonly error: unknown }

export type Batch = {
  readonly id: string
  readonly clinicId: ClinicId
  readonly writerId: string
  readonly jobs: readonly Job<unknown>[]
  readonly memory: ClinicMemory
  /** The head of this writer's audit chain; undefined when a lost connection has left it in doubt. */
  readonly auditHead: ChainHead | undefined
  /** Whether each write can be taken back alone. */
  readonly isCareful: boolean
}

export type BatchOutcome = {
  /** One per job, in order. */
  readonly answers: readonly Answer[]
  readonly committed: Committed
  readonly counter: ChangeCounter
  readonly auditHead: ChainHead | undefined
}

/** There is no such clinic, so there is nothing to lock. */
export class UnknownClinic extends Error {
  override readonly name = 'UnknownClinic'
}

/** A write is to be taken back, which a quick batch cannot: roll all of it back and run it carefully. */
export class NeedsCare extends Error {
  override readonly name = 'NeedsCare'
}

type Deps = { readonly now: () => Instant; readonly newId: NewId }

/** Runs a batch inside the given transaction, up to but without COMMIT. */
export async function runBatch(tx: Tx, batch: Batch, { now: clock, newId }: Deps): Promise<BatchOutcome> {
  const { clinicId, memory } = batch
  const counter = await lockCounter(tx, clinicId)
  if (!counter) throw new UnknownClinic('There is no such clinic')
  memory.openAt(counter)
  const now = clock()
  const kept = new Effects(counter.value)
  const seen = new Map<string, unknown>()
  const batchTx = await BatchTransaction.open(tx, { isQuick: !batch.isCareful })
  const run = batch.isCareful ? runCarefully : runQuickly
  const held = new HeldTimes(batchTx, clinicId)
  const contextFor = (job: Job<unknown>, effects: Effects) =>
    contextOf({ batchTx, clinicId, now, newId, job, memory, seen, held, effects })
  if (!batch.isCareful) await lookAhead(batch.jobs, held, (job) => contextFor(job, new Effects(counter.value)))
  const answers: Answer[] = []
  for (const job of batch.jobs) {
    const ownContext = (effects: Effects) => contextFor(job, effects)
    answers.push(await run({ tx, job, kept, contextFor: ownContext, memory, batchTx }))
  }
  const auditHead = await writeEffects(batchTx, batch, kept, now, newId)
  const after = { epoch: counter.epoch, value: kept.seq }
  await noteBatch(batchTx, { clinicId, writerId: batch.writerId, batchId: batch.id, now })
  if (kept.seq !== counter.value) await setCounter(batchTx.tx, clinicId, kept.seq)
  await settle(batchTx)
  return { answers, committed: { clinicId, seq: kept.seq, touched: kept.touched }, counter: after, auditHead }
}

/** One look for the visits that several jobs are about to ask time for. */
async function lookAhead(
  jobs: readonly Job<unknown>[],
  held: HeldTimes,
  contextFor: (job: Job<unknown>) => WriteContext,
): Promise<void> {
  const early = jobs.filter(({ coming }) => coming !== undefined)
  const [first] = early
  if (!first || early.length < 2) return
  const visits = []
  for (const job of early) visits.push(await comingOf(job, contextFor(job)))
  await held.lookAhead(
    visits.filter((visit) => visit !== undefined),
    await typesOf(contextFor(first)),
  )
}

/** A job that fails here fails again when it runs, and by itself. */
async function comingOf(job: Job<unknown>, ctx: WriteContext): Promise<ComingVisit | undefined> {
  try {
    return await job.coming?.(ctx)
  } catch (error) {
    if (isWorthRepeating(error)) throw error
    return undefined
  }
}

/** In a quick batch nobody knows here whose write it was that failed. */
async function settle(batchTx: BatchTransaction): Promise<void> {
  try {
    await batchTx.settle()
  } catch (error) {
    throw isWorthRepeating(error) ? error : new NeedsCare('A write has failed', { cause: error })
  }
}

/** What a job leaves behind beside its rows; thrown away with the job. */
class Effects {
  seq: number
  /** Set when the job changed something that may be remembered. */
  hasForgotten = false
  readonly touched = new Map<PokedName, Set<Audience>>()
  readonly events: DomainEvent[] = []
  readonly historicEvents: DomainEvent[] = []
  readonly audit: AuditEntry[] = []
  readonly revisions: Tables['appointment_revisions'][] = []

  constructor(seq: number) {
    this.seq = seq
  }

  touch(name: PokedName, audiences: Iterable<Audience>): void {
    const known = this.touched.get(name) ?? new Set()
    for (const audience of audiences) known.add(audience)
    this.touched.set(name, known)
  }

  absorb(other: Effects): void {
    this.seq = other.seq
    for (const [name, audiences] of other.touched) this.touch(name, audiences)
    this.events.push(...other.events)
    this.historicEvents.push(...other.historicEvents)
    this.audit.push(...other.audit)
    this.revisions.push(...other.revisions)
  }
}

type Run = {
  readonly tx: Tx
  readonly job: Job<unknown>
  readonly kept: Effects
  readonly contextFor: (effects: Effects) => WriteContext
  readonly memory: ClinicMemory
  readonly batchTx: BatchTransaction
}

/** Without a way back: whatever would need one asks for care. */
async function runQuickly({ job, kept, contextFor, batchTx }: Run): Promise<Answer> {
  batchTx.hasWritten = false
  const effects = new Effects(kept.seq)
  try {
    const outcome = await job.run(contextFor(effects))
    if (outcome.ok) {
      kept.absorb(effects)
      return { value: outcome.value }
    }
    if (batchTx.hasWritten) throw new NeedsCare('A refusal is to be taken back')
    const after = new Effects(kept.seq)
    await job.refused?.(contextFor(after), outcome.value)
    kept.absorb(after)
    return { value: outcome.value }
  } catch (error) {
    if (isWorthRepeating(error)) throw error
    if (batchTx.hasWritten) throw new NeedsCare('A write is to be taken back', { cause: error })
    return { error }
  }
}

/** In a savepoint. */
async function runCarefully({ tx, job, kept, contextFor, memory, batchTx }: Run): Promise<Answer> {
  await setSavepoint(tx)
  const effects = new Effects(kept.seq)
  try {
    const outcome = await job.run(contextFor(effects))
    if (outcome.ok) {
      kept.absorb(effects)
    } else {
      if (effects.hasForgotten) memory.forget()
      batchTx.forget()
      await rollbackToSavepoint(tx)
      const after = new Effects(kept.seq)
      await job.refused?.(contextFor(after), outcome.value)
      kept.absorb(after)
    }
    await releaseSavepoint(tx)
    return { value: outcome.value }
  } catch (error) {
    // Deadlock and lost connection have taken the whole transaction with them: nobody is answered, everything runs again.
    if (isWorthRepeating(error)) throw error
    memory.forget()
    batchTx.forget()
    await rollbackToSavepoint(tx)
    await releaseSavepoint(tx)
    return { error }
  }
}

const NOBODY = { sessionId: null, deviceId: null } as const

type ContextParts = Pick<WriteContext, 'clinicId' | 'now' | 'newId'> & {
  readonly batchTx: BatchTransaction
  readonly job: Job<unknown>
  readonly memory: ClinicMemory
  readonly held: HeldTimes
  readonly seen: Map<string, unknown>
  readonly effects: Effects
}

function contextOf(parts: ContextParts): WriteContext {
  const { batchTx, clinicId, now, newId, job, memory, seen, held, effects } = parts
  const { subject, door } = job
  const isHistoric = door === 'import' || door === 'seed'
  return {
    tx: batchTx.tx,
    insert: (table, rows, upsert) => batchTx.insert(table, rows, upsert),
    clinicId,
    now,
    newId,
    subject,
    door,
    nextSeq: () => {
      effects.seq += 1
      return effects.seq
    },
    recall: (key, load) => memory.recall(key, load),
    forget: (key) => {
      effects.hasForgotten = true
      memory.forget(key)
    },
    readOnce: async (key, load) => {
      if (!seen.has(key)) seen.set(key, await load())
      return seen.get(key) as never
    },
    readUntilWritten: (table, key, load) => batchTx.readUntilWritten(table, key, load),
    heldAround: (visit, types) => held.around(visit, types),
    noteVisit: (visit) => held.note(visit),
    touch: (name, audiences) => effects.touch(name, audiences),
    addEvent: (event) => (isHistoric ? effects.historicEvents : effects.events).push(event),
    addAudit: (entry) => effects.audit.push({ via: subject?.via ?? { ...NOBODY, door }, ...entry, clinicId, at: now }),
    addRevision: (revision) => effects.revisions.push(revision),
  }
}

/** Writes what the jobs have gathered, a statement per table. Returns the head of the audit chain afterwards. */
async function writeEffects(batchTx: BatchTransaction, batch: Batch, kept: Effects, now: Instant, newId: NewId) {
  const toRow = (isHistoric: boolean) => (event: DomainEvent) =>
    outboxRow({ newId, clinicId: batch.clinicId, now, isHistoric }, event)
  const events = [...kept.historicEvents.map(toRow(true)), ...kept.events.map(toRow(false))]
  await batchTx.insert('appointment_revisions', kept.revisions)
  await batchTx.insert('outbox', events)
  if (kept.audit.length === 0) return batch.auditHead
  const head = batch.auditHead ?? (await lockChainHead(batchTx.tx, batch.clinicId, batch.writerId, now))
  const rows = linkEntries(head, batch.writerId, kept.audit)
  await appendAudit(batchTx, rows)
  const last = rows.at(-1)
  return last && { seq: last.seq, hash: last.hash }
}
