/** Documents beside what is stored about them, for checks that trust neither. */
import type { Kysely } from 'kysely'
import type { ClinicId } from '#domain/ids.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'
import { toDocument } from './document-rows.ts'

type AnyDocuments = Kysely<{
  documents: { id: string; clinic_id: string; content_hash: string; shown_at?: number | null }
}>

/** A clinic's documents of one collection by id, deleted ones included, with their stored hash. */
export async function listStored<Name extends CollectionName>(
  tx: Tx,
  name: Name,
  clinicId: ClinicId,
  page: { readonly after: string; readonly limit: number },
): Promise<{ readonly document: WireDocument<Name>; readonly hash: string }[]> {
  const query = (tx as unknown as AnyDocuments)
    .selectFrom(name as unknown as 'documents')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('id', '>', page.after)
    .orderBy('id')
    .limit(page.limit)
  // The table of messages holds those of other ways beside those in lists of the app.
  const rows = await (name === 'notifications' ? query.where('shown_at', 'is not', null) : query).execute()
  return rows.map((row) => ({
    document: toDocument(name, row as unknown as Tables[Name]),
    hash: row.content_hash,
  }))
}

/** The highest number any change of the clinic carries; 0 where there is none. */
export async function findHighestSeq(tx: Tx, clinicId: ClinicId): Promise<number> {
  const row = await tx
    .selectFrom('document_views')
    .select(({ fn }) => fn.max('seq').as('highest'))
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst()
  return Number(row?.highest ?? 0)
}
