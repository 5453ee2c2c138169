/**
 * The local store as the browser keeps it, without RxDB: for a store that RxDB cannot open or that must not be trusted. One IndexedDB
 * database for each collection, for what the replication remembers of it, and for the notes.
 *
 * Names and the key of rows are those of rxdb: plugins/storage-dexie/dexie-helper.ts, plugins/replication/index.ts and
 * plugins/local-documents.
 */
import { defaultHashSha256 } from 'rxdb'
import type { CollectionName } from '#domain/sync/collections.ts'
import { REPLICATION_IDENTIFIER } from './replicate-collection.ts'
import type { Row } from './sealed-row.ts'

const DOCS = 'docs'
const PREFIX = 'rxdb-dexie-'
/** The collection of the notes a database keeps beside its collections. */
export const NOTES = 'plugin-local-documents-'

export type RawPart = { readonly name: string; readonly version: number; readonly collection: string }

/** The databases that make up one local store. */
export async function rawParts(storeName: string): Promise<readonly RawPart[]> {
  const prefix = `${PREFIX}${storeName}--`
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []))
  return names.flatMap((name) => {
    const [, version, collection] = /^(\d+)--(.+)$/.exec(name.slice(prefix.length)) ?? []
    return collection === undefined ? [] : [{ name, version: Number(version), collection }]
  })
}

/** The newest version of a collection's database that is here. */
export const newestPart = (parts: readonly RawPart[], collection: string): RawPart | undefined =>
  parts.filter((part) => part.collection === collection).sort((a, b) => b.version - a.version)[0]

/** Where the replication of a collection keeps what it knows of the server. */
export const metaCollectionOf = async (collection: CollectionName): Promise<string> =>
  `rx-replication-meta-${await defaultHashSha256([collection, REPLICATION_IDENTIFIER].join('-'))}`

/** One database of a store, open for reading; one without rows reads as empty. */
export class RawRows {
  readonly #database: IDBDatabase

  private constructor(database: IDBDatabase) {
    this.#database = database
    database.onversionchange = () => database.close()
  }

  static async open({ name }: Pick<RawPart, 'name'>): Promise<RawRows> {
    return new RawRows(await settled(indexedDB.open(name)))
  }

  get isWhole(): boolean {
    return this.#database.objectStoreNames.contains(DOCS)
  }

  /** The next rows after a key, in order of their keys. */
  async page(after: IDBValidKey | undefined, size: number): Promise<{ keys: IDBValidKey[]; rows: Row[] }> {
    if (!this.isWhole) return { keys: [], rows: [] }
    const range = after === undefined ? null : IDBKeyRange.lowerBound(after, true)
    const store = this.#docs()
    const [keys, rows] = await Promise.all([
      settled(store.getAllKeys(range, size)),
      settled(store.getAll(range, size) as IDBRequest<Row[]>),
    ])
    return { keys, rows }
  }

  async get(keys: readonly string[]): Promise<(Row | undefined)[]> {
    if (!this.isWhole || keys.length === 0) return keys.map(() => undefined)
    const store = this.#docs()
    return Promise.all(keys.map((key) => settled(store.get(key) as IDBRequest<Row | undefined>)))
  }

  close(): void {
    this.#database.close()
  }

  #docs(): IDBObjectStore {
    return this.#database.transaction(DOCS).objectStore(DOCS)
  }
}

/** Removes a store whole, whatever state it is in; other tabs let go of it by themselves. */
export async function removeRaw(storeName: string): Promise<void> {
  for (const { name } of await rawParts(storeName)) await settled(indexedDB.deleteDatabase(name))
}

export function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB gave no reason'))
  })
}
