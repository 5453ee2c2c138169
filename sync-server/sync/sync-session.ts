/** What a sync socket needs from the rest of the server; `main.ts` passes it in, tests build their own. */
import type { Subject } from '#domain/access/can.ts'
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { PullResult, PushRow } from '#domain/sync/wire-messages.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { ReplicaAnswer } from '#server/operations/sum-replica.ts'
import type { Touched } from './pokes.ts'

/** Someone who is signed in. `subject` is asked anew for every request, so that lost rights act at once. */
export type SyncSession = {
  readonly sessionId: Id<'Session'>
  readonly userId: UserId
  readonly clinicId: ClinicId
  readonly deviceId: string | null
  readonly subject: () => Promise<Subject>
}

/** An answer to a pull: `hasMore` when another pull will find something. */
export type PullAnswer =
  | { readonly ok: true; readonly result: PullResult; readonly hasMore: boolean }
  | { readonly ok: false; readonly field: string; readonly message: string }

export type SyncDeps = {
  /** The session behind `Bearer TOKEN`, or null. */
  readonly authenticateBearer: (header: string) => Promise<SyncSession | null>
  /** The session of a one-use ticket presented from this origin, or null; a second try with one ticket is null. */
  readonly redeemTicket: (ticket: string, bound: { readonly origin: string }) => Promise<SyncSession | null>
  /** Which of these sessions are over. Asked every few seconds for all open sockets at once. */
  readonly findEndedSessions: (sessionIds: readonly Id<'Session'>[]) => Promise<ReadonlySet<string>>
  readonly isOriginAllowed: (origin: string, localPort: number | undefined) => boolean
  readonly pull: (
    subject: Subject,
    collection: CollectionName,
    checkpoint: WireCheckpoint | null,
    limit: number,
  ) => Promise<PullAnswer>
  /** What a device at this checkpoint has to hold, as one number. */
  /** A device says that it held something else than it should. */
  readonly onDiffered: (collection: CollectionName) => void
  /** How many have, by collection; since the start. */
  readonly differed: ReadonlyMap<string, number>
  readonly total: (subject: Subject, names: readonly CollectionName[]) => Promise<number>
  readonly sum: (subject: Subject, collection: CollectionName, checkpoint: WireCheckpoint) => Promise<ReplicaAnswer>
  readonly push: (
    subject: Subject,
    collection: CollectionName,
    rows: readonly PushRow[],
  ) => Promise<readonly WireDocument[]>
  /** The epoch of the clinic's history. */
  readonly findEpoch: (clinicId: ClinicId) => Promise<string>
  /** Calls back after every commit; returns how to stop. */
  readonly onCommitted: (listener: (touched: Touched) => void) => () => void
  readonly now: () => Instant
  /** Codes and ids only; never a document. */
  readonly log: {
    readonly info: (fields: object, text: string) => void
    readonly warn: (fields: object, text: string) => void
    readonly error: (fields: object, text: string) => void
  }
}
