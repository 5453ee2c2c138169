/**
 * Which audience sees which document, and at which place in the clinic's order of changes. One row per audience and document,
 * moved to a new `seq` with every change, so the table does not grow with edits.
 */
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Inserter } from '#server/database/batch-transaction.ts'
import type { Tx } from '#server/database/dialect.ts'

export type View = { readonly audience: Audience; readonly isVisible: boolean; readonly seq: number }

/** The audiences that see a document now. */
export async function listVisibleAudiences(
  tx: Tx,
  collection: CollectionName,
  documentId: string,
): Promise<Audience[]> {
  const rows = await tx
    .selectFrom('document_views')
    .select('audience')
    .where('document_id', '=', documentId)
    .where('collection', '=', collection)
    .where('visible', '=', 1)
    .execute()
  return rows.map(({ audience }) => audience as Audience)
}

/** The same for several documents of one collection; one that nobody sees is left out. */
export async function listVisibleAudiencesOf(
  tx: Tx,
  collection: CollectionName,
  documentIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Audience[]>> {
  if (documentIds.length === 0) return new Map()
  const rows = await tx
    .selectFrom('document_views')
    .select(['document_id', 'audience'])
    .where('document_id', 'in', [...documentIds])
    .where('collection', '=', collection)
    .where('visible', '=', 1)
    .execute()
  const audiences = new Map<string, Audience[]>()
  for (const { document_id, audience } of rows) {
    audiences.set(document_id, [...(audiences.get(document_id) ?? []), audience as Audience])
  }
  return audiences
}

/** True when the audience sees the document now. */
export async function isVisibleTo(
  tx: Tx,
  key: { clinicId: ClinicId; collection: CollectionName; audience: Audience; documentId: string },
): Promise<boolean> {
  const row = await tx
    .selectFrom('document_views')
    .select('visible')
    .where('clinic_id', '=', key.clinicId)
    .where('collection', '=', key.collection)
    .where('audience', '=', key.audience)
    .where('document_id', '=', key.documentId)
    .executeTakeFirst()
  return row?.visible === 1
}

/** The place of the newest change that an audience has to pull; 0 where there is none. */
export async function findHead(
  tx: Tx,
  { clinicId, collection }: { readonly clinicId: ClinicId; readonly collection: CollectionName },
  audience: Audience,
): Promise<number> {
  const row = await tx
    .selectFrom('document_views')
    .select(({ fn }) => fn.max('seq').as('head'))
    .where('clinic_id', '=', clinicId)
    .where('collection', '=', collection)
    .where('audience', '=', audience)
    .executeTakeFirst()
  return Number(row?.head ?? 0)
}

/** Which of these audiences have something newer than `after` to pull. */
export async function listTouchedSince(
  tx: Tx,
  shelf: { readonly clinicId: ClinicId; readonly collection: CollectionName },
  audiences: readonly Audience[],
  after: number,
): Promise<Audience[]> {
  const rows = await tx
    .selectFrom('document_views')
    .select('audience')
    .distinct()
    .where('clinic_id', '=', shelf.clinicId)
    .where('collection', '=', shelf.collection)
    .where('audience', 'in', [...audiences])
    .where('seq', '>', after)
    .execute()
  return rows.map(({ audience }) => audience as Audience)
}

/** Moves a document's views to `seq`, seen or no longer seen as given. */
export async function upsertViews(
  inserter: Inserter,
  document: { readonly clinicId: ClinicId; readonly collection: CollectionName; readonly documentId: string },
  views: readonly View[],
): Promise<void> {
  const rows = views.map(({ audience, isVisible, seq }) => ({
    clinic_id: document.clinicId,
    collection: document.collection,
    audience,
    document_id: document.documentId,
    seq,
    visible: isVisible ? 1 : 0,
  }))
  await inserter.insert('document_views', rows, {
    key: ['clinic_id', 'collection', 'audience', 'document_id'],
    set: ['seq', 'visible'],
  })
}
