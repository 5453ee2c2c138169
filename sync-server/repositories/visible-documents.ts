/** Documents as somebody may see them, of whatever day, a page at a time. */
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'
import { toDocument } from './document-rows.ts'
import { isSeenBy } from './seen-by.ts'

/** Every table of documents has these columns; a condition may name more, which its author answers for. */
type Row = { id: string; clinic_id: string; is_deleted: number; [column: string]: string | number | null }
type Documents = { documents: Row }
export type Conditions = (row: ExpressionBuilder<Documents, 'documents'>) => readonly Expression<SqlBool>[]

export type PageQuestion = {
  readonly clinicId: ClinicId
  /** Who asks; nobody sees anything without one. */
  readonly audiences: readonly Audience[]
  /** What else the rows must be. */
  readonly conditions?: Conditions
  /** Columns the page is sorted by, ascending; the id is always the last. None may be null. */
  readonly order: readonly string[]
  /** Values of these columns and the id where the page before ended. */
  readonly after?: readonly (string | number)[] | undefined
  readonly limit: number
}

export type PageOf<Item> = {
  readonly items: readonly Item[]
  /** Where the page ended; null when nothing follows. */
  readonly last: readonly (string | number)[] | null
}

/** One page of a collection, deleted documents left out. */
export async function listVisible<Name extends CollectionName>(
  tx: Tx,
  name: Name,
  { clinicId, audiences, conditions = () => [], order, after, limit }: PageQuestion,
): Promise<PageOf<WireDocument<Name>>> {
  if (audiences.length === 0) return { items: [], last: null }
  const key = [...order, 'id']
  let query = (tx as unknown as Kysely<Documents>)
    .selectFrom(`${name} as documents` as 'documents')
    .selectAll('documents')
    .where('documents.clinic_id', '=', clinicId)
    .where('documents.is_deleted', '=', 0)
    .where((row) => row.and([...conditions(row)]))
    .where(isSeenBy(name, clinicId, audiences))
  if (after) query = query.where(isAfter(key, after))
  for (const column of key) query = query.orderBy(column as 'id')
  const rows = await query.limit(limit + 1).execute()
  const items = rows.slice(0, limit).map((row) => toDocument(name, row as unknown as Tables[Name]))
  const end = rows.length > limit ? rows[limit - 1] : undefined
  return { items, last: end ? key.map((column) => end[column] as string | number) : null }
}

/** `(a, b, id) > (x, y, z)`, written out: neither engine uses an index for the short form. */
function isAfter(key: readonly string[], after: readonly (string | number)[]) {
  const branches = key.map((column, index) => {
    const equal = key.slice(0, index).map((each, place) => sql`${sql.ref(each)} = ${after[place]}`)
    return sql`(${sql.join([...equal, sql`${sql.ref(column)} > ${after[index]}`], sql` and `)})`
  })
  return sql<SqlBool>`(${sql.join(branches, sql` or `)})`
}
