/** Series of visits, and the visits that are changed together: those of a series, those of a doctor's day. */
import type { SeriesRule } from '#domain/appointment/series.ts'
import type { AppointmentSeriesId, ClinicId, DoctorId, UserId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import { toDocument } from './document-rows.ts'

export type Series = {
  readonly id: AppointmentSeriesId
  readonly clinicId: ClinicId
  readonly rule: SeriesRule
  /** SHA-256 of the request, by which a repeat is told from another request under the same key. */
  readonly bodyHash: string
  readonly createdBy: UserId | null
  readonly createdAt: Instant
}

export async function insertSeries(
  tx: Tx,
  { id, clinicId, rule, bodyHash, createdBy, createdAt }: Series,
): Promise<void> {
  const row = { id, clinic_id: clinicId, created_by: createdBy, created_at: createdAt }
  await tx
    .insertInto('appointment_series')
    .values({ ...row, rule: JSON.stringify({ rule, bodyHash }) })
    .execute()
}

/** The series of that id in the clinic, or undefined. */
export async function findSeries(tx: Tx, clinicId: ClinicId, id: AppointmentSeriesId): Promise<Series | undefined> {
  const row = await tx
    .selectFrom('appointment_series')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const { rule, bodyHash } = JSON.parse(row.rule) as Pick<Series, 'rule' | 'bodyHash'>
  return { id, clinicId, rule, bodyHash, createdBy: row.created_by, createdAt: row.created_at }
}

/** The visits of a series in order of start, cancelled ones included. */
export async function listOfSeries(
  tx: Tx,
  clinicId: ClinicId,
  id: AppointmentSeriesId,
): Promise<WireDocument<'appointments'>[]> {
  const rows = await tx
    .selectFrom('appointments')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('series_id', '=', id)
    .where('is_deleted', '=', 0)
    .orderBy('start_at')
    .execute()
  return rows.map((row) => toDocument('appointments', row))
}

/** The visits of a doctor's local day that are still to come: pending or confirmed, in order of start. */
export async function listExpectedOfDay(
  tx: Tx,
  clinicId: ClinicId,
  doctorId: DoctorId,
  day: LocalDay,
): Promise<WireDocument<'appointments'>[]> {
  const rows = await tx
    .selectFrom('appointments')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('doctor_id', '=', doctorId)
    .where('local_day', '=', day)
    .where('status', 'in', ['pending', 'confirmed'])
    .where('is_deleted', '=', 0)
    .orderBy('start_at')
    .execute()
  return rows.map((row) => toDocument('appointments', row))
}
