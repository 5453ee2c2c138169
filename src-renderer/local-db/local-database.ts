/**
 * The local database of one user on one server: the replicated collections and one place for notes of our own.
 *
 * One database per (server, user): another user's rows, or the same user's rows on another server, would be pushed to the
 * wrong place. The name tells neither: it is a hash.
 */
import {
  addRxPlugin,
  createRxDatabase,
  type RxCollection,
  type RxCollectionCreator,
  type RxConflictHandler,
  type RxDatabase,
  type RxJsonSchema,
  removeRxDatabase,
} from 'rxdb'
import { RxDBLocalDocumentsPlugin } from 'rxdb/plugins/local-documents'
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema'
import type { UserId } from '#domain/ids.ts'
import { COLLECTION_NAMES, type CollectionName, type Documents, type WireDocument } from '#domain/sync/collections.ts'
import { type Conflict, isSameDocument, resolveConflict } from '#domain/sync/conflict.ts'
import { rxSchemaOf } from '#domain/sync/rx-schema.ts'
import { migrationsOf } from '#domain/sync/schema-migrations.ts'
import type { OnDamage } from './encrypted-storage.ts'
import { openStorage } from './open-storage.ts'
import { noteOverruled } from './overruled-changes.ts'
import { withOwnKnowledge } from './own-knowledge.ts'

addRxPlugin(RxDBLocalDocumentsPlugin)
addRxPlugin(RxDBMigrationSchemaPlugin)

export type LocalCollections = { readonly [Name in CollectionName]: RxCollection<Documents[Name]> }
export type LocalDatabase = RxDatabase<LocalCollections>

export type LocalDatabaseOptions = {
  /** The server's origin; text that tells servers apart. */
  readonly serverId: string
  readonly userId: UserId
  /** Null keeps nothing beyond this page. */
  readonly key: CryptoKey | null
  /** Whether other tabs or windows share the data; always false without a key. */
  readonly multiInstance: boolean
  /** Which collections to open, all unless said; RxDB opens thirteen in one page, so two clients in one page share them. */
  readonly collections?: readonly CollectionName[]
  /** Told of every row that is not what was written, when it is read. */
  readonly onDamage?: OnDamage
}

/**
 * Opens the database, made on first use; what an older version left is brought to this one first, unsent changes included. A wrong
 * key shows itself at the first read of an encrypted document.
 */
export async function openLocalDatabase(options: LocalDatabaseOptions): Promise<LocalDatabase> {
  const database = await createRxDatabase<LocalCollections>({
    name: await databaseName(options),
    storage: openStorage(options),
    multiInstance: options.multiInstance && options.key !== null,
    localDocuments: true,
    // Two log-ins after each other may open the same name before the first has closed; each is closed by its owner.
    closeDuplicates: false,
  })
  await database.addCollections(
    Object.fromEntries(
      (options.collections ?? COLLECTION_NAMES).map((name) => [name, creatorOf(name, database, options.key !== null)]),
    ) as {
      [Name in CollectionName]: RxCollectionCreator<Documents[Name]>
    },
  )
  return database
}

/** The replicated collections that the database holds. */
export const collectionsOf = (database: LocalDatabase): readonly CollectionName[] =>
  COLLECTION_NAMES.filter((name) => name in database.collections)

/** Closes the database; the data stays. */
export async function closeLocalDatabase(database: LocalDatabase): Promise<void> {
  await database.close()
}

/** Closes the database and removes its data from the device, unsent changes included. */
export async function wipeLocalDatabase(
  options: Pick<LocalDatabaseOptions, 'serverId' | 'userId' | 'key'>,
): Promise<void> {
  await removeRxDatabase(await databaseName(options), openStorage(options), false)
}

/** The database's name: `clinic-` and the first 16 bytes of SHA-256 over server and user. */
export async function databaseName({
  serverId,
  userId,
}: Pick<LocalDatabaseOptions, 'serverId' | 'userId'>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${serverId}\n${userId}`))
  const hex = Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0'))
  return `clinic-${hex.join('')}`
}

function creatorOf<Name extends CollectionName>(
  name: Name,
  database: LocalDatabase,
  isEncrypted: boolean,
): RxCollectionCreator<Documents[Name]> {
  const schema = rxSchemaOf(name)
  return {
    // The memory storage refuses a schema with encrypted fields, and keeps nothing that could be read later.
    schema: (isEncrypted ? schema : { ...schema, encrypted: [] }) as unknown as RxJsonSchema<Documents[Name]>,
    migrationStrategies: migrationsOf(name),
    conflictHandler: conflictHandlerOf(name, database) as unknown as RxConflictHandler<Documents[Name]>,
  }
}

/**
 * RxDB's two questions answered by the domain. `resolve` must never throw: RxDB would drop the edit, move on and report
 * success. The domain's function is total, which its property tests hold; what its merge leaves out of an edit is kept for its
 * author, and where even that fails (a database that is being closed) the merge stands all the same.
 */
function conflictHandlerOf<Name extends CollectionName>(
  name: Name,
  database: LocalDatabase,
): RxConflictHandler<WireDocument<Name>> {
  return {
    isEqual: (a, b) => isSameDocument(a, b),
    resolve: async (input) => {
      const conflict = await withOwnKnowledge(database, name, input as unknown as Conflict<Name>)
      const merged = resolveConflict(name, conflict)
      await noteOverruled(database, name, conflict).catch(() => undefined)
      return merged as never
    },
  }
}
