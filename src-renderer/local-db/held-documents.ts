/** What lies on this device of a collection, read below the encryption: ids and counts of writes are not encrypted. */
import { getChangedDocumentsSince, type RxCollection } from 'rxdb'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { LocalDatabase } from './local-database.ts'
import type { MetaInstance } from './unsent-changes.ts'

export type Held = { readonly id: string; readonly revision: number }

const PAGE = 500

export async function heldDocuments(database: LocalDatabase, name: CollectionName): Promise<readonly Held[]> {
  const collection = database[name] as unknown as RxCollection
  const storage = innermost(collection.storageInstance as unknown as MetaInstance)
  const found: Held[] = []
  let checkpoint: unknown
  for (;;) {
    const page = await getChangedDocumentsSince(storage, PAGE, checkpoint)
    for (const { _deleted, id, revision } of page.documents as unknown as readonly Stored[]) {
      if (!_deleted) found.push({ id, revision })
    }
    if (page.documents.length < PAGE) return found
    checkpoint = page.checkpoint
  }
}

/** The storage under what RxDB and the encryption have put around it. */
const innermost = (storage: MetaInstance): MetaInstance =>
  storage.originalStorageInstance ? innermost(storage.originalStorageInstance) : storage

type Stored = Held & { readonly _deleted: boolean }
