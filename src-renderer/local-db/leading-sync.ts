/** What the leading tab does: one socket, one replication per collection, and how both stand. */
import { BehaviorSubject, type Observable, type Subscription } from 'rxjs'
import type { CollectionName } from '#domain/sync/collections.ts'
import { isLiveName, LIVE_NAMES, type LiveName } from '#domain/sync/live-names.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { Clock } from './clock.ts'
import { FirstDownload } from './first-download.ts'
import { collectionsOf, type LocalDatabase } from './local-database.ts'
import { ReplicaCheck } from './replica-check.ts'
import { type CollectionReplication, replicateCollection } from './replicate-collection.ts'
import type { Shared } from './status-channel.ts'
import type { SyncSocket } from './sync-socket.ts'
import { NO_LIVE_VERSIONS } from './sync-status.ts'
import type { UnsentBoard } from './unsent-board.ts'
import type { MetaInstance } from './unsent-changes.ts'

export type LeadingOptions = {
  readonly database: LocalDatabase
  readonly socket: SyncSocket
  readonly clock: Clock
  readonly random: () => number
  readonly unsent: UnsentBoard
  readonly fetch: ServerApi['fetch']
}

/** Kept across restarts. */
type Progress = { readonly isInitialSyncDone: boolean; readonly lastSyncAt: number | null }
const PROGRESS = 'sync-progress'
/** How often the time of the last sync is drawn and written while all is well. */
const NOTE_EVERY_MS = 10_000

export class LeadingSync {
  readonly #options: LeadingOptions
  readonly #names: readonly CollectionName[]
  readonly #shared: BehaviorSubject<Shared>
  readonly #check: ReplicaCheck
  readonly #download: FirstDownload
  readonly #replications = new Map<CollectionName, CollectionReplication>()
  readonly #subscriptions: Subscription[] = []
  /** Collections pulled to the end since the connection became ready. */
  readonly #level = new Set<CollectionName>()
  readonly #firstSynced = new Set<CollectionName>()
  #isStopped = false
  #started: Promise<void> = Promise.resolve()

  constructor(options: LeadingOptions) {
    this.#options = options
    this.#names = collectionsOf(options.database)
    this.#check = new ReplicaCheck({
      ...options,
      replications: () => [...this.#replications.values()],
      isCalm: () => this.#isCalm(),
    })
    this.#download = new FirstDownload({
      ...options,
      onProgress: (progress) => this.#update({ initialSync: { done: false, ...progress } }),
    })
    this.#shared = new BehaviorSubject<Shared>({
      connection: options.socket.state,
      initialSync: { done: false, received: 0, total: null },
      lastSyncAt: null,
      personVersion: 0,
      liveVersions: NO_LIVE_VERSIONS,
      problem: null,
    })
  }

  get shared$(): Observable<Shared> {
    return this.#shared
  }
  get shared(): Shared {
    return this.#shared.getValue()
  }

  /** Resolves when what waits to be sent is known; needs no server. */
  start(): Promise<void> {
    this.#started = this.#start()
    return this.#started
  }

  kick(): void {
    this.#options.socket.kick()
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#options.socket.stop()
    this.#check.stop()
    this.#download.end()
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
    await this.#started.catch(() => undefined)
    await Promise.all([...this.#replications.values()].map((replication) => replication.cancel()))
    if (!this.#options.database.closed) await this.#keepProgress()
  }

  async #start(): Promise<void> {
    const { socket, database } = this.#options
    await this.#readProgress()
    if (this.#isStopped) return
    if (this.shared.initialSync.done) this.#download.end()
    else await this.#download.begin()
    if (this.#isStopped) return
    this.#subscriptions.push(
      socket.state$.subscribe((connection) => {
        const wasReady = this.shared.connection.phase === 'ready'
        this.#update({ connection })
        if (wasReady && connection.phase !== 'ready') this.#noteLevel(socket.lastHeardAt, true)
      }),
      socket.welcomes$.subscribe(() => {
        this.#level.clear()
        void this.#download.askTotal()
        // A first download that is still running goes on by itself, and so hears of everything.
        for (const name of this.#firstSynced) this.#replications.get(name)?.poke()
        this.#notePerson()
        this.#noteLive(LIVE_NAMES)
      }),
      socket.pokes$.subscribe((name) => {
        if (isLiveName(name)) return this.#noteLive([name])
        this.#replications.get(name)?.poke()
        // The one collection that is of the person alone: a change of their rights touches it too.
        if (name === 'rejected_changes') this.#notePerson()
      }),
    )
    for (const name of this.#names) this.#prepare(name)
    for (const name of LIVE_NAMES) socket.subscribe(name)
    socket.start()
    this.#check.start()
    await Promise.all([...this.#replications.values()].map((replication) => this.#run(replication, database)))
  }

  #prepare(name: CollectionName): void {
    const { database, socket, clock, random } = this.#options
    const replication = replicateCollection({
      database,
      name,
      socket,
      clock,
      random,
      onLevel: () => {
        this.#level.add(name)
        this.#noteLevel(clock.now(), false)
      },
    }) as unknown as CollectionReplication
    this.#replications.set(name, replication)
    this.#subscriptions.push(
      replication.state.error$.subscribe((error) => this.#update({ problem: `${name}: ${wordsOf(error)}` })),
      replication.state.received$.subscribe((document) => this.#download.take(name, document)),
    )
    socket.subscribe(name)
  }

  async #run({ name, state }: CollectionReplication, { closed }: LocalDatabase): Promise<void> {
    if (this.#isStopped || closed) return
    await state.start()
    const { internalReplicationState: inner, metaInstance } = state
    if (!inner || !metaInstance) return
    this.#subscriptions.push(
      inner.firstSyncDone.down.subscribe((isDone) => {
        if (isDone) this.#firstSynced.add(name)
        if (this.#firstSynced.size === this.#names.length) this.#endInitialSync()
      }),
    )
    await this.#options.unsent.lead(name, metaInstance as unknown as MetaInstance)
  }

  #isCalm(): boolean {
    const { connection, initialSync } = this.shared
    const isSent = this.#names.every((name) => this.#options.unsent.ids(name).size === 0)
    return connection.phase === 'ready' && initialSync.done && isSent
  }

  #endInitialSync(): void {
    if (this.shared.initialSync.done || this.#isStopped) return
    const { progress } = this.#download
    this.#download.end()
    this.#update({ initialSync: { done: true, ...progress } })
    void this.#keepProgress()
  }

  /** Level with the server at this time, when every collection is; noted now and then, or at once when `isLast`. */
  #noteLevel(at: number, isLast: boolean): void {
    if (this.#level.size < this.#names.length) return
    const { lastSyncAt } = this.shared
    if (lastSyncAt !== null && !isLast && at - lastSyncAt < NOTE_EVERY_MS) return
    this.#update({ lastSyncAt: at, problem: null })
    void this.#keepProgress()
  }

  #notePerson(): void {
    this.#update({ personVersion: this.shared.personVersion + 1 })
  }

  #noteLive(names: readonly LiveName[]): void {
    const { liveVersions } = this.shared
    const grown = Object.fromEntries(names.map((name) => [name, liveVersions[name] + 1]))
    this.#update({ liveVersions: { ...liveVersions, ...grown } })
  }

  #update(changes: Partial<Shared>): void {
    this.#shared.next({ ...this.shared, ...changes })
  }

  async #readProgress(): Promise<void> {
    const kept = (await this.#options.database.getLocal<Progress>(PROGRESS))?.toJSON().data
    if (!kept) return
    this.#update({
      initialSync: { done: kept.isInitialSyncDone, received: 0, total: null },
      lastSyncAt: kept.lastSyncAt,
    })
  }

  async #keepProgress(): Promise<void> {
    const { initialSync, lastSyncAt } = this.shared
    const progress: Progress = { isInitialSyncDone: initialSync.done, lastSyncAt }
    try {
      await this.#options.database.upsertLocal<Progress>(PROGRESS, progress)
    } catch (error) {
      // The database may be closing under us; the time is a comfort, not data.
      if (!this.#isStopped && !this.#options.database.closed) throw error
    }
  }
}

/** RxDB wraps what a handler threw; the first cause says more than the wrapper. */
function wordsOf(error: unknown): string {
  const { parameters, message } = error as {
    readonly message: string
    readonly parameters?: { readonly errors?: readonly { readonly message?: string }[] }
  }
  return parameters?.errors?.[0]?.message ?? message.split('\n')[0] ?? 'unknown'
}
