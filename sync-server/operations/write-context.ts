/** What a write in a clinic is given, and what it answers. Implemented by the clinic writer. */
import type { Audience } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import type { DomainEvent } from '#domain/events/domain-events.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { PokedName } from '#domain/sync/live-names.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Inserter } from '#server/database/batch-transaction.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { TableName, Tables } from '#server/database/tables.ts'
import type { HeldTime } from '#server/repositories/appointments.ts'
import type { AuditEntry } from './audit-entry.ts'
import type { ComingVisit, HeldAround } from './held-times.ts'
import type { NewId } from './new-id.ts'
import type { Types } from './types-of-clinic.ts'

/** Through which door a change came: decides what is waived and what is never messaged. */
export type Door = 'rest' | 'fhir' | 'sync' | 'import' | 'seed' | 'job'

export type WriteContext = Inserter & {
  /** The transaction; it holds the clinic's lock. */
  readonly tx: Tx
  readonly clinicId: ClinicId
  /** The server's clock after the lock was taken. */
  readonly now: Instant
  /** Who acts; null for the server itself. */
  readonly subject: Subject | null
  readonly door: Door
  readonly newId: NewId
  /** The next place in the clinic's order of changes: one per document written. */
  nextSeq(): number
  /** Reads once what only changes under the clinic's lock; see clinic-memory.ts. */
  recall<Value>(key: string, load: () => Promise<Value>): Promise<Value>
  /** Call after changing anything that may be remembered; with a key after changing only that. */
  forget(key?: string): void
  /** Reads once per transaction what other transactions may change: names, settings. */
  readOnce<Value>(key: string, load: () => Promise<Value>): Promise<Value>
  /** Reads once per transaction what only changes under the clinic's lock, anew after a write to the table. */
  readUntilWritten<Value>(table: TableName, key: string, load: () => Promise<Value>): Promise<Value>
  /** The visits that hold time around one, locked. */
  heldAround(visit: Interval & Pick<HeldTime, 'doctorId' | 'patientId'>, types: Types): Promise<HeldAround>
  /** Call with every appointment as it is written. */
  noteVisit(visit: WireDocument<'appointments'>): void
  /** Notes that audiences have something new to pull, or to read. */
  touch(name: PokedName, audiences: readonly Audience[]): void
  /** These are written together at the end of the transaction, unless the job is rolled back. */
  addEvent(event: DomainEvent): void
  addAudit(entry: Omit<AuditEntry, 'clinicId' | 'at'>): void
  addRevision(revision: Tables['appointment_revisions']): void
}

/** What a write comes to. A refusal is rolled back to where the job began. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly value: Value }

export type Job<Value> = {
  readonly subject: Subject | null
  readonly door: Door
  /** Finds out early what visit the job will ask time for, so that a batch can look for all of its jobs at once. */
  coming?(ctx: WriteContext): Promise<ComingVisit | undefined>
  /** May run several times: no effect but through `ctx`. */
  run(ctx: WriteContext): Promise<Outcome<Value>>
  /** After a refusal was rolled back: writes what is to be kept about it. */
  refused?(ctx: WriteContext, value: Value): Promise<void>
}

/** People wait for interactive writes; bulk ones (imports, seeds) fill the gaps. */
export type Lane = 'interactive' | 'bulk'

/** What a committed transaction has changed, for whoever pokes the clients. */
export type Committed = {
  readonly clinicId: ClinicId
  /** The counter as committed. */
  readonly seq: number
  readonly touched: ReadonlyMap<PokedName, ReadonlySet<Audience>>
}
