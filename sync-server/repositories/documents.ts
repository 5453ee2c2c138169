/** Rows of replicated documents, the same way for every collection. Who may see or change them is decided above. */
import type { Kysely } from 'kysely'
import { isId } from '#domain/ids.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Inserter } from '#server/database/batch-transaction.ts'
import { engineOf, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'
import { toDocument, toRow } from './document-rows.ts'

/** The tables of documents share these columns, which is all that is used here. */
type AnyDocuments = Kysely<{ documents: { id: string; is_deleted: number } }>
const anyTable = (tx: Tx) => tx as unknown as AnyDocuments
const tableOf = (name: CollectionName) => name as unknown as 'documents'

/**
 * One document, deleted ones included, of whatever clinic; undefined when there is none or the text is no id.
 * `forUpdate` locks its row until the transaction ends.
 */
export async function findDocument<Name extends CollectionName>(
  tx: Tx,
  name: Name,
  id: string,
  { forUpdate = false }: { readonly forUpdate?: boolean } = {},
): Promise<WireDocument<Name> | undefined> {
  if (!isId(id)) return undefined
  const query = anyTable(tx).selectFrom(tableOf(name)).selectAll().where('id', '=', id)
  const row = await (forUpdate && engineOf(tx) === 'mysql' ? query.forUpdate() : query).executeTakeFirst()
  return row && toDocument(name, row as unknown as Tables[Name])
}

/** The documents of a list of ids, in no order; ids that name nothing are left out. */
export async function findDocuments<Name extends CollectionName>(
  tx: Tx,
  name: Name,
  ids: readonly string[],
): Promise<WireDocument<Name>[]> {
  const valid = ids.filter(isId)
  if (valid.length === 0) return []
  const rows = await anyTable(tx).selectFrom(tableOf(name)).selectAll().where('id', 'in', valid).execute()
  return rows.map((row) => toDocument(name, row as unknown as Tables[Name]))
}

/** @throws the driver's duplicate-key error when the id is taken; a quick batch when it settles. */
export async function insertDocument<Name extends CollectionName>(
  inserter: Inserter,
  name: Name,
  document: WireDocument<Name>,
  now: Instant,
): Promise<void> {
  await inserter.insert(name, [toRow(name, document, now)])
}

/** @throws Error when there is no such row: the caller has read it in the same transaction. */
export async function updateDocument<Name extends CollectionName>(
  tx: Tx,
  name: Name,
  document: WireDocument<Name>,
  now: Instant,
): Promise<void> {
  const { id, ...columns } = toRow(name, document, now) as unknown as { id: string }
  const result = await anyTable(tx)
    .updateTable(tableOf(name))
    .set(columns as never)
    .where('id', '=', id)
    .executeTakeFirst()
  if (result.numUpdatedRows !== 1n) throw new Error(`No row of ${name} to update`)
}
