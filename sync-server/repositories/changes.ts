/** What a pull reads of `document_views`. Every query starts with the index's columns in their order. */
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Tx } from '#server/database/dialect.ts'

/** A document that changed for an audience. */
export type Change = { readonly documentId: string; readonly seq: number }
export type Shelf = { readonly clinicId: ClinicId; readonly collection: CollectionName }

/** Changes of one audience in `(after, upTo]`, oldest first, at most `limit`. */
export async function listChanges(
  tx: Tx,
  { clinicId, collection }: Shelf,
  audience: string,
  { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<readonly Change[]> {
  const rows = await tx
    .selectFrom('document_views')
    .select(['document_id', 'seq'])
    .where('clinic_id', '=', clinicId)
    .where('collection', '=', collection)
    .where('audience', '=', audience)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(toChange)
}

/** Every change of an audience that carries exactly this number. */
export async function listChangesAt(
  tx: Tx,
  { clinicId, collection }: Shelf,
  audience: string,
  seq: number,
): Promise<readonly Change[]> {
  const rows = await tx
    .selectFrom('document_views')
    .select(['document_id', 'seq'])
    .where('clinic_id', '=', clinicId)
    .where('collection', '=', collection)
    .where('audience', '=', audience)
    .where('seq', '=', seq)
    .execute()
  return rows.map(toChange)
}

/** Which of these documents at least one of the audiences sees. */
export async function findVisible(
  tx: Tx,
  { clinicId, collection }: Shelf,
  audiences: readonly Audience[],
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (audiences.length === 0 || ids.length === 0) return new Set()
  const rows = await tx
    .selectFrom('document_views')
    .select('document_id')
    .distinct()
    .where('clinic_id', '=', clinicId)
    .where('collection', '=', collection)
    .where('audience', 'in', [...audiences])
    .where('document_id', 'in', [...ids])
    .where('visible', '=', 1)
    .execute()
  return new Set(rows.map((row) => row.document_id))
}

/** How many documents of a collection at least one of the audiences sees. */
export async function countSeen(
  tx: Tx,
  { clinicId, collection }: Shelf,
  audiences: readonly Audience[],
): Promise<number> {
  if (audiences.length === 0) return 0
  const { count } = await tx
    .selectFrom('document_views')
    .select(({ fn }) => fn.count('document_id').distinct().as('count'))
    .where('clinic_id', '=', clinicId)
    .where('collection', '=', collection)
    .where('audience', 'in', [...audiences])
    .where('visible', '=', 1)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Ids of what changed for one of the audiences after this number, at most `limit`. */
export async function listChangedSince(
  tx: Tx,
  { clinicId, collection }: Shelf,
  audiences: readonly Audience[],
  after: number,
  limit: number,
): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('document_views')
    .select('document_id')
    .distinct()
    .where('clinic_id', '=', clinicId)
    .where('collection', '=', collection)
    .where('audience', 'in', [...audiences])
    .where('seq', '>', after)
    .limit(limit)
    .execute()
  return rows.map((row) => row.document_id)
}

/** Every document that at least one of the audiences sees, once, with its count of writes. */
export async function listVisibleRevisions(
  tx: Tx,
  { clinicId, collection }: Shelf,
  audiences: readonly Audience[],
): Promise<readonly { readonly id: string; readonly revision: number }[]> {
  const rows = await tx
    .selectFrom('document_views')
    // Every replicated table has these two columns.
    .innerJoin(`${collection as 'appointments'} as documents`, 'documents.id', 'document_views.document_id')
    .select(['documents.id', 'documents.revision'])
    .distinct()
    .where('document_views.clinic_id', '=', clinicId)
    .where('document_views.collection', '=', collection)
    .where('document_views.audience', 'in', [...audiences])
    .where('document_views.visible', '=', 1)
    .execute()
  return rows.map(({ id, revision }) => ({ id, revision: Number(revision) }))
}

const toChange = (row: { document_id: string; seq: number }): Change => ({
  documentId: row.document_id,
  seq: Number(row.seq),
})
