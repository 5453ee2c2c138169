/** What the rest of the application may know about replication. */
import type { Observable } from 'rxjs'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { ConnectionState } from '#domain/sync/connection-state.ts'
import type { LiveName } from '#domain/sync/live-names.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { UnsentRow } from '#renderer/server-api/hand-in-api.ts'

export type SyncStatus = {
  readonly connection: ConnectionState
  /** True when this tab or window is the one that talks to the server for all. */
  readonly isLeader: boolean
  /** Local changes the server has not yet taken, in all tabs. */
  readonly waiting: number
  /** Changes set aside because the server could not take them; they are on this device alone, too. */
  readonly parked: number
  /** The first download on this device: documents that are here while it runs, of how many as far as the server has said. */
  readonly initialSync: { readonly done: boolean; readonly received: number; readonly total: number | null }
  /** When this device was last level with the server, by the device's clock; null before the first time. */
  readonly lastSyncAt: Instant | null
  /** Grows when the server says that something about the person changed: what they may do, or what was refused to them. */
  readonly personVersion: number
  /** For each thing told of beside the collections: grows when it may have changed on the server. */
  readonly liveVersions: LiveVersions
  /** The last error of replication that is neither a lost connection nor a refusal, in words for a log. */
  readonly problem: string | null
}

export type LiveVersions = Readonly<Record<LiveName, number>>
export const NO_LIVE_VERSIONS: LiveVersions = { holds: 0, delays: 0 }

/** Whether a document still waits to be sent, for the mark on its card. */
export type DocumentState = 'to-send' | 'synced'

export type SyncEngine = {
  readonly status$: Observable<SyncStatus>
  readonly getStatus: () => SyncStatus
  /** The ids of a collection that are not yet sent; the same set object until it changes. */
  readonly unsent$: (collection: CollectionName) => Observable<ReadonlySet<string>>
  readonly getUnsent: (collection: CollectionName) => ReadonlySet<string>
  /** `onlyHere` as soon as it is known for certain, changes from before the start included. Log-out asks this. */
  readonly countWaiting: () => Promise<number>
  /** What nobody but this device has, unsent or set aside, each as it would be pushed. */
  readonly unsentRows: () => Promise<readonly UnsentRow[]>
  /** Tries again now: after `online`, window focus, waking up, or a new log-in. */
  readonly kick: () => void
  /** Stops replicating and releases the lock; what is unsent stays for the next start. */
  readonly stop: () => Promise<void>
}

/** How many changes nobody but this device has. */
export const onlyHere = ({ waiting, parked }: Pick<SyncStatus, 'waiting' | 'parked'>): number => waiting + parked
