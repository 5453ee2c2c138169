/**
 * Replication of the open database, from log-in to log-out. One tab or window per (server, user) talks to the server; the
 * others work on the same data and hear from it how things stand.
 */
import { BehaviorSubject, type Subscription } from 'rxjs'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { type CollectionName, definitionOf } from '#domain/sync/collections.ts'
import { initialConnection } from '#domain/sync/connection-state.ts'
import type { UnsentRow } from '#renderer/server-api/hand-in-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { type Clock, deviceClock } from './clock.ts'
import { DeviceReport } from './device-report.ts'
import { createHttpLine } from './http-line.ts'
import { type Locks, seekLead } from './leadership.ts'
import { LeadingSync } from './leading-sync.ts'
import { collectionsOf, type LocalDatabase } from './local-database.ts'
import { type ParkedChange, parkedChanges$, pushText, readParked } from './parked-changes.ts'
import { StatusChannel } from './status-channel.ts'
import { SyncSocket, type SyncSocketOptions } from './sync-socket.ts'
import { NO_LIVE_VERSIONS, onlyHere, type SyncEngine, type SyncStatus } from './sync-status.ts'
import { ticketFrom } from './ticket.ts'
import { UnsentBoard } from './unsent-board.ts'

export type SyncOptions = {
  readonly database: LocalDatabase
  readonly serverApi: Pick<ServerApi, 'origin' | 'socketTicket' | 'fetch'>
  readonly user: Pick<SignedInUser, 'id'>
  readonly deviceId: string
  /** `navigator.locks` by default; not asked when the database belongs to this tab alone. */
  readonly locks?: Locks
  readonly clock?: Clock
  readonly random?: () => number
  readonly socket?: Partial<Pick<SyncSocketOptions, 'createSocket' | 'isOnline' | 'timings'>>
}

/** Starts replicating, or waits for the lead. Nothing here needs the server to be reachable. */
export const startSync = (options: SyncOptions): SyncEngine => new Engine(options)

class Engine implements SyncEngine {
  readonly #options: SyncOptions
  readonly #clock: Clock
  readonly #status: BehaviorSubject<SyncStatus>
  readonly #unsent: UnsentBoard
  readonly #channel: StatusChannel
  readonly #subscriptions: Subscription[] = []
  readonly #counted = Promise.withResolvers<void>()
  readonly #endLead: () => void
  readonly #unlisten: () => void
  readonly #report: DeviceReport
  #leading: LeadingSync | null = null
  #stopping: Promise<void> | null = null

  constructor(options: SyncOptions) {
    const { database, user } = options
    this.#options = options
    this.#clock = options.clock ?? deviceClock
    this.#status = new BehaviorSubject<SyncStatus>({
      connection: initialConnection(this.#clock.now()),
      isLeader: false,
      waiting: 0,
      parked: 0,
      initialSync: { done: false, received: 0, total: null },
      lastSyncAt: null,
      personVersion: 0,
      liveVersions: NO_LIVE_VERSIONS,
      problem: null,
    })
    const pushed = collectionsOf(database).filter((name) => definitionOf(name).push !== 'none')
    this.#unsent = new UnsentBoard(database, pushed)
    this.#subscriptions.push(
      this.#unsent.waiting$.subscribe((waiting) => this.#update({ waiting })),
      parkedChanges$(database).subscribe(({ length }) => this.#update({ parked: length })),
    )
    this.#channel = new StatusChannel(database, {
      onStatus: (shared) => this.#update(shared),
      onAsked: () => this.#tell(),
      onKick: () => this.#leading?.kick(),
    })
    // Nobody may be waiting for the count; whoever asks for it hears of the failure.
    this.#counted.promise.catch(() => undefined)
    this.#endLead = seekLead({
      locks: database.multiInstance ? (options.locks ?? navigator.locks) : null,
      name: `sync:${serverOrigin(options)}:${user.id}`,
      onLead: () => this.#lead(),
      onFollow: () => this.#follow(),
    })
    this.#unlisten = listenForWaking(this.kick)
    const { fetch } = options.serverApi
    this.#report = new DeviceReport({ status$: this.#status, fetch, clock: this.#clock })
  }

  get status$() {
    return this.#status
  }
  readonly getStatus = (): SyncStatus => this.#status.getValue()
  readonly unsent$ = (collection: CollectionName) => this.#unsent.ids$(collection)
  readonly getUnsent = (collection: CollectionName): ReadonlySet<string> => this.#unsent.ids(collection)

  readonly countWaiting = async (): Promise<number> => {
    await this.#counted.promise
    const { length: parked } = await readParked(this.#options.database)
    return onlyHere({ waiting: this.getStatus().waiting, parked })
  }

  readonly unsentRows = async (): Promise<readonly UnsentRow[]> => {
    await this.#counted.promise
    const unsent = await this.#unsent.rows()
    const known = new Set(unsent.map(({ row }) => pushText(row)))
    const parked = await readParked(this.#options.database)
    // One that is tried again is in both places.
    return [...unsent, ...parked.filter(({ row }) => !known.has(pushText(row))).map(asUnsent)]
  }

  readonly kick = (): void => {
    if (this.#leading) this.#leading.kick()
    else this.#channel.kick()
  }

  readonly stop = (): Promise<void> => {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#unlisten()
    this.#report.stop()
    await this.#leading?.stop()
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
    await this.#unsent.close()
    this.#channel.close()
    // Last, so that the next leader finds nobody else at work.
    this.#endLead()
  }

  #lead(): void {
    const { database, random = Math.random } = this.#options
    const socket = this.#openSocket()
    const { fetch } = this.#options.serverApi
    const leading = new LeadingSync({ database, socket, clock: this.#clock, random, unsent: this.#unsent, fetch })
    this.#leading = leading
    this.#update({ isLeader: true })
    this.#subscriptions.push(
      leading.shared$.subscribe((shared) => {
        this.#update(shared)
        this.#tell()
      }),
    )
    leading.start().then(this.#counted.resolve, this.#counted.reject)
  }

  #follow(): void {
    this.#channel.ask()
    this.#unsent.follow().then(this.#counted.resolve, this.#counted.reject)
  }

  #tell(): void {
    if (this.#leading) this.#channel.tell(this.#leading.shared)
  }

  #update(changes: Partial<SyncStatus>): void {
    this.#status.next({ ...this.#status.getValue(), ...changes })
  }

  #openSocket(): SyncSocket {
    const { serverApi, deviceId, random = Math.random, socket = {} } = this.#options
    return new SyncSocket({
      url: `${serverOrigin(this.#options).replace(/^http/, 'ws')}/sync/v1`,
      deviceId,
      getTicket: () => ticketFrom(serverApi),
      createHttpLine: () => createHttpLine({ fetch: serverApi.fetch, clock: this.#clock, random }),
      clock: this.#clock,
      random,
      ...socket,
    })
  }
}

const asUnsent = ({ collection, row }: ParkedChange): UnsentRow => ({ collection, row })

/** The server's origin; an empty one means the page's own. */
const serverOrigin = ({ serverApi }: SyncOptions): string => serverApi.origin || globalThis.location.origin

/** Calls back when the network returns or somebody comes back to the window. */
function listenForWaking(wake: () => void): () => void {
  if (typeof window === 'undefined') return () => {}
  window.addEventListener('online', wake)
  window.addEventListener('focus', wake)
  return () => {
    window.removeEventListener('online', wake)
    window.removeEventListener('focus', wake)
  }
}
