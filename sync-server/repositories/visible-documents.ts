/** Documents as somebody may see them, of whatever day, a page at a time. */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Audience } from '#domain/access/audiences.ts'
import type { Comparison } from '#domain/api/resource.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'
import { columnOf, toDocument } from './document-rows.ts'
import { isSeenBy } from './seen-by.ts'

/** Every table of documents has these columns. */
type Row = { id: string; clinic_id: string; is_deleted: number; [column: string]: string | number | null }
type Documents = { documents: Row }

/** A condition on a field; `words` and `digits` find a part of a text, whatever its case or punctuation. */
export type Condition = { readonly field: string; readonly by: Comparison; readonly value: string | number | boolean }

export type PageQuestion = {
  readonly clinicId: ClinicId
  /** Who asks; nobody sees anything without one. */
  readonly audiences: readonly Audience[]
  /** What else the rows must be. */
  readonly conditions?: readonly Condition[]
  /** Fields the page is sorted by, ascending; the id is always the last. None may be null. */
  readonly order: readonly string[]
  /** Values of these fields and the id where the page before ended. */
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
  { clinicId, audiences, conditions = [], order, after, limit }: PageQuestion,
): Promise<PageOf<WireDocument<Name>>> {
  if (audiences.length === 0) return { items: [], last: null }
  const key = [...order, 'id'].map(columnOf)
  let query = (tx as unknown as Kysely<Documents>)
    .selectFrom(`${name} as documents` as 'documents')
    .selectAll('documents')
    .where('documents.clinic_id', '=', clinicId)
    .where('documents.is_deleted', '=', 0)
    .where(isSeenBy(name, clinicId, audiences))
  for (const condition of conditions.flatMap(toSql)) query = query.where(condition)
  if (after) query = query.where(isAfter(key, after))
  for (const column of key) query = query.orderBy(column as 'id')
  const rows = await query.limit(limit + 1).execute()
  const items = rows.slice(0, limit).map((row) => toDocument(name, row as unknown as Tables[Name]))
  const end = rows.length > limit ? rows[limit - 1] : undefined
  return { items, last: end ? key.map((column) => end[column] as string | number) : null }
}

function toSql({ field, by, value }: Condition): RawBuilder<SqlBool>[] {
  const column = sql.ref(columnOf(field))
  const wanted = typeof value === 'boolean' ? Number(value) : value
  if (by === 'is') return [sql<SqlBool>`${column} = ${wanted}`]
  if (by === 'from') return [sql<SqlBool>`${column} >= ${wanted}`]
  if (by === 'until') return [sql<SqlBool>`${column} <= ${wanted}`]
  if (by === 'digits') return [sql<SqlBool>`${bare(column)} like ${`%${String(value).replace(/\D/g, '')}%`}`]
  const words = String(value).toLowerCase().split(/\s+/).filter(Boolean)
  return words.map((word) => sql<SqlBool>`lower(${column}) like ${`%${escaped(word)}%`} escape '!'`)
}

/** A telephone number without what people put between its digits. */
const bare = (column: RawBuilder<unknown>): RawBuilder<unknown> =>
  [' ', '-', '/', '(', ')', '.'].reduce((text, sign) => sql`replace(${text}, ${sign}, '')`, column)

const escaped = (text: string): string => text.replace(/[!%_]/g, '!$&')

/** `(a, b, id) > (x, y, z)`, written out: neither engine uses an index for the short form. */
function isAfter(key: readonly string[], after: readonly (string | number)[]) {
  const branches = key.map((column, index) => {
    const equal = key.slice(0, index).map((each, place) => sql`${sql.ref(each)} = ${after[place]}`)
    return sql`(${sql.join([...equal, sql`${sql.ref(column)} > ${after[index]}`], sql` and `)})`
  })
  return sql<SqlBool>`(${sql.join(branches, sql` or `)})`
}
