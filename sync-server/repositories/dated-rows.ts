/** Rows by the day they belong to: what the replicated window is moved over. Each query reads an index that begins with the day. */
import { sql } from 'kysely'
import type { Audience } from '#domain/access/audiences.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { DATED_COLLECTIONS, type DatedCollection, type DayRange } from '#domain/sync/window.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Shelf } from './changes.ts'

const DAY_COLUMNS: Readonly<Record<DatedCollection, string>> = {
  appointments: 'local_day',
  schedules: 'date',
  day_notes: 'date',
  allotments: 'date',
}

export type DatedShelf = { readonly clinicId: ClinicId; readonly collection: DatedCollection }

/** The first day of the range that has rows, deleted ones included. */
export async function findFirstDay(
  tx: Tx,
  { clinicId, collection }: DatedShelf,
  { from, until }: DayRange,
): Promise<LocalDay | undefined> {
  const day = sql.ref(DAY_COLUMNS[collection])
  const { rows } = await sql<{ day: LocalDay }>`
    select ${day} as day from ${sql.table(collection)}
    where clinic_id = ${clinicId} and ${day} >= ${from} and ${day} < ${until}
    order by ${day} limit 1`.execute(tx)
  return rows[0]?.day
}

/** The ids of a day's rows, in no order. */
export async function listIdsOfDay(tx: Tx, { clinicId, collection }: DatedShelf, of: LocalDay): Promise<string[]> {
  const day = sql.ref(DAY_COLUMNS[collection])
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(collection)} where clinic_id = ${clinicId} and ${day} = ${of}`.execute(tx)
  return rows.map(({ id }) => id)
}

/**
 * What one of the audiences sees of a day, at most `limit`: its rows, and of patients those who have a visit on it. Nothing of a
 * collection that knows no days.
 */
export async function listSeenOfDay(
  tx: Tx,
  { clinicId, collection }: Shelf,
  audiences: readonly Audience[],
  { day, limit }: { readonly day: LocalDay; readonly limit: number },
): Promise<readonly string[]> {
  const source = sourceOfDay(collection)
  if (!source || audiences.length === 0) return []
  const { table, id, column } = source
  const { rows } = await sql<{ id: string }>`
    select distinct ${sql.ref(id)} as id from ${sql.table(table)} as dated
    where dated.clinic_id = ${clinicId} and ${sql.ref(column)} = ${day} and dated.is_deleted = 0
    and exists (select 1 from document_views as view where view.clinic_id = ${clinicId} and view.collection = ${collection}
      and view.audience in (${sql.join([...audiences])}) and view.document_id = ${sql.ref(id)} and view.visible = 1)
    limit ${limit}`.execute(tx)
  return rows.map((row) => row.id)
}

function sourceOfDay(collection: CollectionName) {
  if (collection === 'patients') return { table: 'appointments', id: 'dated.patient_id', column: 'dated.local_day' }
  const dated = DATED_COLLECTIONS.find((name) => name === collection)
  return dated && { table: dated, id: 'dated.id', column: `dated.${DAY_COLUMNS[dated]}` }
}
