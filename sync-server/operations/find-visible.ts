import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import { isId } from '#domain/ids.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Tx } from '#server/database/dialect.ts'
import { listVisible } from '#server/repositories/visible-documents.ts'

/** A document that the subject sees; undefined for what is hidden, deleted, another clinic's or nowhere, all alike. */
export async function findVisible<Name extends CollectionName>(
  tx: Tx,
  subject: Subject,
  collection: Name,
  id: string,
): Promise<WireDocument<Name> | undefined> {
  if (!isId(id)) return undefined
  const { items } = await listVisible(tx, collection, {
    clinicId: subject.clinicId,
    audiences: audiencesFor(subject, collection),
    conditions: [{ field: 'id', by: 'is', value: id }],
    order: [],
    limit: 1,
  })
  return items[0]
}
