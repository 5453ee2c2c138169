/** Which storage holds the local data. This is the only place that knows, so that a faster one can take its seat. */
import type { RxStorage } from 'rxdb'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { encryptedStorage, type OnDamage } from './encrypted-storage.ts'
import { sparseReads } from './sparse-reads.ts'

type StorageOptions = { readonly key: CryptoKey | null; readonly onDamage?: OnDamage | undefined }

/**
 * With a key the data is kept on the device, encrypted. Without one (a browser that is not the user's own device, or a
 * desktop without a keyring) nothing outlives the page.
 */
export function openStorage({ key, onDamage }: StorageOptions): RxStorage<unknown, unknown> {
  const storage = key === null ? getRxStorageMemory() : encryptedStorage(getRxStorageDexie({ onCreate }), key, onDamage)
  return storage as RxStorage<unknown, unknown>
}

const onCreate = (database: { readonly use: (middleware: typeof sparseReads) => unknown }) =>
  void database.use(sparseReads)
