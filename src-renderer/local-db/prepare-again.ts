/** A change made anew on top of what stands on this device now: after it was set aside, refused, or overruled. */
import { contentText } from '#domain/sync/canonical.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import { resolveConflict } from '#domain/sync/conflict.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import type { LocalDatabase } from './local-database.ts'

/**
 * @param row what was wanted, and what it was based on
 * @returns what writes it; null when nothing of the change would be left, because the document has changed since or is no longer on
 * this device
 */
export async function prepareAgain(
  database: LocalDatabase,
  name: CollectionName,
  row: PushRow,
): Promise<(() => Promise<void>) | null> {
  const collection = database[name]
  const found = await collection.findOne(row.newDocumentState.id).exec()
  const current = found && ({ ...found.toJSON(), _deleted: false } as WireDocument)
  if (!current && row.assumedMasterState) return null
  const wanted = current ? remade(name, row, current) : (row.newDocumentState as unknown as WireDocument)
  if (contentText(wanted) === contentText(current ?? {}) || (!current && wanted._deleted)) return null
  const { _deleted: isDeleted, ...content } = wanted
  return async () => {
    if (!found) await collection.insert(content as never)
    else if (isDeleted) await found.remove()
    else await found.incrementalModify((document) => ({ ...document, ...(content as object) }) as never)
  }
}

/** The change on top of what stands there now. */
function remade(
  name: CollectionName,
  { newDocumentState, assumedMasterState }: PushRow,
  current: WireDocument,
): WireDocument {
  const wanted = newDocumentState as unknown as WireDocument
  const base = assumedMasterState as unknown as WireDocument | undefined
  if (base && contentText(base) === contentText(current)) return wanted
  return resolveConflict(name, { newDocumentState: wanted, assumedMasterState: base, realMasterState: current })
}
