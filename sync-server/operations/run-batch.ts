/**
 * One transaction with up to fifty writes of one clinic. Its first statement locks the clinic's counter, so sequence numbers are
 * in the order of commits; each write runs in a savepoint, so a bad one costs the others nothing.
 */
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import { releaseSavepoint, rollbackToSavepoint, setSavepoint, type Tx } from '#server/database/dialect.ts'
import { isWorthRepeating } from '#server/database/errors.ts'
import type { Tables } from '#server/database/tables.ts'
import { type DomainEvent, EVENT_VERSIONS } from '#server/events/domain-events.ts'
import { appendAudit, insertEvents, insertRevisions, lockChainHead } from '#server/repositories/append-only.ts'
import { type ChangeCounter, lockCounter, noteBatch, setCounter } from '#server/repositories/change-counters.ts'
import { type ChainHead, linkEntries } from './audit-chain.ts'
import type { AuditEntry } from './audit-entry.ts'
import type { ClinicMemory } from './clinic-memory.ts'
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
  const answers: Answer[] = []
  for (const job of batch.jobs) {
    const contextFor = (effects: Effects) => contextOf({ tx, clinicId, now, newId, job, memory, seen, effects })
    answers.push(await runJob(tx, job, kept, contextFor, memory))
  }
  const auditHead = await writeEffects(tx, batch, kept, now, newId)
  const after = { epoch: counter.epoch, value: kept.seq }
  if (kept.seq !== counter.value) await setCounter(tx, clinicId, kept.seq)
  await noteBatch(tx, { clinicId, writerId: batch.writerId, batchId: batch.id, now })
  return { answers, committed: { clinicId, seq: kept.seq, touched: kept.touched }, counter: after, auditHead }
}

/** What a job leaves behind beside its rows; thrown away with the job. */
class Effects {
  seq: number
  /** Set when the job changed something that may be remembered. */
  hasForgotten = false
  readonly touched = new Map<CollectionName, Set<Audience>>()
  readonly events: DomainEvent[] = []
  readonly historicEvents: DomainEvent[] = []
  readonly audit: AuditEntry[] = []
  readonly revisions: Tables['appointment_revisions'][] = []

  constructor(seq: number) {
    this.seq = seq
  }

  touch(collection: CollectionName, audiences: Iterable<Audience>): void {
    const known = this.touched.get(collection) ?? new Set()
    for (const audience of audiences) known.add(audience)
    this.touched.set(collection, known)
  }

  absorb(other: Effects): void {
    this.seq = other.seq
    for (const [collection, audiences] of other.touched) this.touch(collection, audiences)
    this.events.push(...other.events)
    this.historicEvents.push(...other.historicEvents)
    this.audit.push(...other.audit)
    this.revisions.push(...other.revisions)
  }
}

async function runJob(
  tx: Tx,
  job: Job<unknown>,
  kept: Effects,
  contextFor: (effects: Effects) => WriteContext,
  memory: ClinicMemory,
): Promise<Answer> {
  await setSavepoint(tx)
  const effects = new Effects(kept.seq)
  try {
    const outcome = await job.run(contextFor(effects))
    if (outcome.ok) {
      kept.absorb(effects)
    } else {
      await undo(tx, memory, effects)
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
    await rollbackToSavepoint(tx)
    await releaseSavepoint(tx)
    return { error }
  }
}

async function undo(tx: Tx, memory: ClinicMemory, { hasForgotten }: Effects): Promise<void> {
  if (hasForgotten) memory.forget()
  await rollbackToSavepoint(tx)
}

const NOBODY = { sessionId: null, deviceId: null } as const

type ContextParts = Pick<WriteContext, 'tx' | 'clinicId' | 'now' | 'newId'> & {
  readonly job: Job<unknown>
  readonly memory: ClinicMemory
  readonly seen: Map<string, unknown>
  readonly effects: Effects
}

function contextOf({ tx, clinicId, now, newId, job, memory, seen, effects }: ContextParts): WriteContext {
  const { subject, door } = job
  const isHistoric = door === 'import' || door === 'seed'
  return {
    tx,
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
    forget: () => {
      effects.hasForgotten = true
      memory.forget()
    },
    readOnce: async (key, load) => {
      if (!seen.has(key)) seen.set(key, await load())
      return seen.get(key) as never
    },
    touch: (collection, audiences) => effects.touch(collection, audiences),
    addEvent: (event) => (isHistoric ? effects.historicEvents : effects.events).push(event),
    addAudit: (entry) => effects.audit.push({ via: subject?.via ?? { ...NOBODY, door }, ...entry, clinicId, at: now }),
    addRevision: (revision) => effects.revisions.push(revision),
  }
}

/** Writes what the jobs have gathered, a statement per table. Returns the head of the audit chain afterwards. */
async function writeEffects(tx: Tx, batch: Batch, kept: Effects, now: Instant, newId: NewId) {
  await insertRevisions(tx, kept.revisions)
  const toRow = (isHistoric: number) => (event: DomainEvent) => ({
    id: newId(),
    clinic_id: batch.clinicId,
    type: event.type,
    version: EVENT_VERSIONS[event.type],
    payload: JSON.stringify(event.payload),
    is_historic: isHistoric,
    created_at: now,
    sent_at: null,
  })
  await insertEvents(tx, [...kept.historicEvents.map(toRow(1)), ...kept.events.map(toRow(0))])
  if (kept.audit.length === 0) return batch.auditHead
  const head = batch.auditHead ?? (await lockChainHead(tx, batch.clinicId, batch.writerId, now))
  const rows = linkEntries(head, batch.writerId, kept.audit)
  await appendAudit(tx, rows)
  const last = rows.at(-1)
  return last && { seq: last.seq, hash: last.hash }
}
