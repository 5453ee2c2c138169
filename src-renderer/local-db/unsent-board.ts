/** The unsent changes of all collections, whether this tab replicates or another one does. */
import { getRxReplicationMetaInstanceSchema, hasEncryption, type RxCollection } from 'rxdb'
import { BehaviorSubject, combineLatest, distinctUntilChanged, map, type Observable, type Subscription } from 'rxjs'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { UnsentRow } from '#renderer/server-api/hand-in-api.ts'
import type { LocalDatabase } from './local-database.ts'
import { REPLICATION_IDENTIFIER } from './replicate-collection.ts'
import { type MetaInstance, type UnsentChanges, watchUnsent } from './unsent-changes.ts'

type Watch = { readonly changes: UnsentChanges; readonly subscription: Subscription; readonly own: MetaInstance | null }

const NOTHING: ReadonlySet<string> = new Set()

export class UnsentBoard {
  readonly #database: LocalDatabase
  readonly #sets: ReadonlyMap<CollectionName, BehaviorSubject<ReadonlySet<string>>>
  readonly #watches = new Map<CollectionName, Watch>()
  #isClosed = false

  constructor(database: LocalDatabase, names: readonly CollectionName[]) {
    this.#database = database
    this.#sets = new Map(names.map((name) => [name, new BehaviorSubject(NOTHING)]))
  }

  get waiting$(): Observable<number> {
    return combineLatest([...this.#sets.values()]).pipe(
      map((sets) => sets.reduce((sum, ids) => sum + ids.size, 0)),
      distinctUntilChanged(),
    )
  }

  /** A collection that is never pushed has nothing unsent. */
  ids$(name: CollectionName): Observable<ReadonlySet<string>> {
    return this.#sets.get(name) ?? new BehaviorSubject(NOTHING)
  }

  ids(name: CollectionName): ReadonlySet<string> {
    return this.#sets.get(name)?.getValue() ?? NOTHING
  }

  /** This tab replicates the collection and writes its bookkeeping through `meta`. */
  async lead(name: CollectionName, meta: MetaInstance): Promise<void> {
    if (this.#sets.has(name)) await this.#watch(name, meta, null)
  }

  /** Another tab replicates: its bookkeeping is read through instances of our own. */
  async follow(): Promise<void> {
    await Promise.all(
      [...this.#sets.keys()].map(async (name) => {
        const own = await this.#openMeta(name)
        await this.#watch(name, own, own)
      }),
    )
  }

  /** Everything unsent, as it would be pushed. */
  async rows(): Promise<UnsentRow[]> {
    const watches = [...this.#watches]
    const found = await Promise.all(
      watches.map(async ([collection, { changes }]) => (await changes.rows()).map((row) => ({ collection, row }))),
    )
    return found.flat()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const watches = [...this.#watches.values()]
    this.#watches.clear()
    await Promise.all(watches.map(endWatch))
  }

  async #watch(name: CollectionName, meta: MetaInstance, own: MetaInstance | null): Promise<void> {
    const changes = watchUnsent(this.#database[name] as unknown as RxCollection, meta)
    await changes.ready
    // Closed meanwhile, or the lead came to this tab before its watch as a follower was ready.
    if (this.#isClosed || (own !== null && this.#watches.has(name))) {
      changes.close()
      await own?.close()
      return
    }
    const subscription = changes.ids$.subscribe((ids) => this.#sets.get(name)?.next(ids))
    const before = this.#watches.get(name)
    this.#watches.set(name, { changes, subscription, own })
    if (before) await endWatch(before)
  }

  /** The same storage the replication of the leading tab writes to (rxdb: plugins/replication, `metaInfoPromise`). */
  async #openMeta(name: CollectionName): Promise<MetaInstance> {
    const { jsonSchema } = (this.#database[name] as unknown as RxCollection).schema
    const hash = await this.#database.hashFunction(`${name}-${REPLICATION_IDENTIFIER}`)
    return this.#database.storage.createStorageInstance({
      databaseName: this.#database.name,
      collectionName: `rx-replication-meta-${hash}`,
      databaseInstanceToken: this.#database.token,
      multiInstance: this.#database.multiInstance,
      options: {},
      schema: getRxReplicationMetaInstanceSchema(jsonSchema, hasEncryption(jsonSchema)) as never,
      devMode: false,
    }) as unknown as Promise<MetaInstance>
  }
}

async function endWatch({ changes, subscription, own }: Watch): Promise<void> {
  subscription.unsubscribe()
  changes.close()
  await own?.close()
}
