/** Days on which a clinic is closed. What they take from hours is in `schedules`; see closure.ts. */
import type { ClinicId, ClosureId } from '#domain/ids.ts'
import type { Closure } from '#domain/schedule/closure.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { lockRow, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'
import { toDocument } from './document-rows.ts'

/** The closures that are not over before the day, in order. */
export async function listClosures(tx: Tx, clinicId: ClinicId, from: LocalDay): Promise<Closure[]> {
  const rows = await tx
    .selectFrom('closures')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('until_day', '>=', from)
    .where('is_deleted', '=', 0)
    .orderBy('from_day')
    .orderBy('id')
    .execute()
  return rows.map(toClosure)
}

/** The clinic's closure of that id, locked; undefined when there is none or it was taken back. */
export async function lockClosure(tx: Tx, clinicId: ClinicId, id: ClosureId): Promise<Closure | undefined> {
  const query = tx
    .selectFrom('closures')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('id', '=', id)
    .where('is_deleted', '=', 0)
  const row = await lockRow(tx, query).executeTakeFirst()
  return row && toClosure(row)
}

/** The same without a lock, those taken back too. */
export async function findClosure(
  tx: Tx,
  clinicId: ClinicId,
  id: ClosureId,
): Promise<(Closure & { readonly isDeleted: boolean }) | undefined> {
  const query = tx.selectFrom('closures').selectAll().where('clinic_id', '=', clinicId).where('id', '=', id)
  const row = await query.executeTakeFirst()
  return row && { ...toClosure(row), isDeleted: row.is_deleted === 1 }
}

/** What a closure has written into doctors' schedules, from a day on. */
export async function listSchedulesOfClosure(
  tx: Tx,
  clinicId: ClinicId,
  closureId: ClosureId,
  from: LocalDay,
): Promise<WireDocument<'schedules'>[]> {
  const rows = await tx
    .selectFrom('schedules')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('closure_id', '=', closureId)
    .where('date', '>=', from)
    .where('is_deleted', '=', 0)
    .execute()
  return rows.map((row) => toDocument('schedules', row))
}

/** @throws the driver's duplicate-key error when the id is taken. */
export async function insertClosure(tx: Tx, closure: Closure, now: Instant): Promise<void> {
  await tx.insertInto('closures').values(toRow(closure, now)).execute()
}

/** Stores the closure in the place of its row, or takes it back: the row stays, because its schedules name it. */
export async function updateClosure(tx: Tx, closure: Closure, now: Instant, isDeleted = false): Promise<void> {
  const { id, clinic_id, ...columns } = toRow(closure, now)
  await tx
    .updateTable('closures')
    .set({ ...columns, is_deleted: isDeleted ? 1 : 0 })
    .where('clinic_id', '=', clinic_id)
    .where('id', '=', id)
    .execute()
}

const toClosure = (row: Tables['closures']): Closure => ({
  id: row.id,
  clinicId: row.clinic_id,
  locationId: row.location_id,
  name: row.name,
  fromDay: row.from_day,
  untilDay: row.until_day,
  startTime: row.start_time,
  endTime: row.end_time,
  revision: row.revision,
})

const toRow = (closure: Closure, now: Instant): Tables['closures'] => ({
  id: closure.id,
  clinic_id: closure.clinicId,
  location_id: closure.locationId,
  name: closure.name,
  from_day: closure.fromDay,
  until_day: closure.untilDay,
  start_time: closure.startTime,
  end_time: closure.endTime,
  revision: closure.revision,
  is_deleted: 0,
  updated_at: now,
})
