/** Rows by the day they belong to: what the replicated window is moved over. Each query reads an index that begins with the day. */
import { sql } from 'kysely'
import type { ClinicId } from '#domain/ids.ts'
import type { DatedCollection, DayRange } from '#domain/sync/window.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Tx } from '#server/database/dialect.ts'

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
