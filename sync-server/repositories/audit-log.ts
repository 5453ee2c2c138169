/** The audit log as it is read: newest first, a page at a time, each query along an index in its order. */
import type { ExpressionBuilder, SelectQueryBuilder } from 'kysely'
import type { ClinicId, DeviceId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

/** Where a row stands in time, unlike any other row. */
export type AuditPlace = { readonly at: Instant; readonly chain: string; readonly seq: number }

export type AuditQuestion = {
  readonly clinicId: ClinicId
  readonly from: Instant
  /** Not included. */
  readonly until: Instant
  readonly userId?: UserId | undefined
  readonly deviceId?: DeviceId | undefined
  readonly action?: string | undefined
  readonly collection?: string | undefined
  readonly door?: string | undefined
  /** Rows that name at least one of these. */
  readonly documentIds?: readonly string[] | undefined
  /** The last row of the page before. */
  readonly after?: AuditPlace | undefined
  readonly limit: number
}

export type AuditRow = Tables['audit_log']

/** The next rows, newest first. */
export async function listAuditLog(tx: Tx, question: AuditQuestion): Promise<AuditRow[]> {
  if (question.documentIds === undefined) return alongTime(tx, question).selectAll('audit_log').execute()
  if (question.documentIds.length === 0) return []
  return rowsAt(tx, question.clinicId, await placesNaming(tx, question, question.documentIds))
}

const alongTime = (tx: Tx, question: AuditQuestion) =>
  inOrder(
    tx
      .selectFrom('audit_log')
      .where('audit_log.clinic_id', '=', question.clinicId)
      .where('audit_log.at', '>=', question.from)
      .where('audit_log.at', '<', question.until),
    question,
  )

type Query<Row> = SelectQueryBuilder<Tables, 'audit_log', Row>

function inOrder<Row>(
  query: Query<Row>,
  { userId, deviceId, action, collection, door, after, limit }: AuditQuestion,
): Query<Row> {
  let narrowed = query
  if (userId !== undefined) narrowed = narrowed.where('audit_log.user_id', '=', userId)
  if (deviceId !== undefined) narrowed = narrowed.where('audit_log.device_id', '=', deviceId)
  if (action !== undefined) narrowed = narrowed.where('audit_log.action', '=', action)
  if (collection !== undefined) narrowed = narrowed.where('audit_log.collection', '=', collection)
  if (door !== undefined) narrowed = narrowed.where('audit_log.door', '=', door)
  // The bound on the time alone is what an index can use; the rest decides among rows of one millisecond.
  if (after) narrowed = narrowed.where('audit_log.at', '<=', after.at).where((row) => isBehind(row, after))
  return narrowed
    .orderBy('audit_log.at', 'desc')
    .orderBy('audit_log.chain', 'desc')
    .orderBy('audit_log.seq', 'desc')
    .limit(limit)
}

function isBehind(row: ExpressionBuilder<Tables, 'audit_log'>, { at, chain, seq }: AuditPlace) {
  return row.or([
    row('audit_log.at', '<', at),
    row('audit_log.chain', '<', chain),
    row.and([row('audit_log.chain', '=', chain), row('audit_log.seq', '<', seq)]),
  ])
}

/** A row that names several of the documents counts once. */
async function placesNaming(
  tx: Tx,
  question: AuditQuestion,
  documentIds: readonly string[],
): Promise<readonly AuditPlace[]> {
  const { clinicId, from, until } = question
  const naming = tx
    .selectFrom('audit_log')
    .innerJoin('audit_documents as named', (join) =>
      join
        .onRef('named.clinic_id', '=', 'audit_log.clinic_id')
        .onRef('named.chain', '=', 'audit_log.chain')
        .onRef('named.seq', '=', 'audit_log.seq'),
    )
    .where('named.clinic_id', '=', clinicId)
    .where('named.document_id', 'in', documentIds)
    .where('named.at', '>=', from)
    .where('named.at', '<', until)
  return inOrder(naming as unknown as Query<object>, question)
    .select(['audit_log.at', 'audit_log.chain', 'audit_log.seq'])
    .distinct()
    .execute()
}

/** Whole rows, in the order of their places. */
async function rowsAt(tx: Tx, clinicId: ClinicId, places: readonly AuditPlace[]): Promise<AuditRow[]> {
  const chains = Map.groupBy(places, ({ chain }) => chain)
  const found = new Map<string, AuditRow>()
  for (const [chain, of] of chains) {
    const seqs = of.map(({ seq }) => seq)
    const rows = await tx
      .selectFrom('audit_log')
      .selectAll()
      .where('clinic_id', '=', clinicId)
      .where('chain', '=', chain)
      .where('seq', 'in', seqs)
      .execute()
    for (const row of rows) found.set(`${chain} ${row.seq}`, row)
  }
  return places.flatMap(({ chain, seq }) => found.get(`${chain} ${seq}`) ?? [])
}

/** How many rows there are after an instant, but for those of one action; counted no further than `most`. */
export async function countAuditSince(
  tx: Tx,
  { clinicId, since, without, most }: { clinicId: ClinicId; since: Instant; without: string; most: number },
): Promise<number> {
  const rows = await tx
    .selectFrom('audit_log')
    .select('seq')
    .where('clinic_id', '=', clinicId)
    .where('at', '>', since)
    .where('action', '<>', without)
    .limit(most)
    .execute()
  return rows.length
}

/** Who last changed a document; null for the server itself, and where that is not on record. */
export async function findLastAuthor(tx: Tx, clinicId: ClinicId, documentId: string): Promise<UserId | null> {
  const row = await tx
    .selectFrom('audit_documents as named')
    .innerJoin('audit_log as log', (join) =>
      join
        .onRef('log.clinic_id', '=', 'named.clinic_id')
        .onRef('log.chain', '=', 'named.chain')
        .onRef('log.seq', '=', 'named.seq'),
    )
    .select('log.user_id')
    .where('named.clinic_id', '=', clinicId)
    .where('named.document_id', '=', documentId)
    .where('log.action', 'in', ['created', 'changed', 'deleted'])
    .orderBy('named.at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.user_id ?? null
}
