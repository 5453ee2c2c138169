/** `report_schedules`: reports that are made again and again. */
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { claimDue, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type ReportScheduleRow = Tables['report_schedules']
export type ReportScheduleId = Id<'ReportSchedule'>
type Own = { readonly clinicId: ClinicId; readonly id: ReportScheduleId }

export const insertReportSchedule = async (tx: Tx, row: ReportScheduleRow): Promise<void> => {
  await tx.insertInto('report_schedules').values(row).execute()
}

export const listReportScheduleRows = (tx: Tx, clinicId: ClinicId): Promise<ReportScheduleRow[]> =>
  tx.selectFrom('report_schedules').selectAll().where('clinic_id', '=', clinicId).orderBy('id').execute()

export const findReportScheduleRow = (tx: Tx, { clinicId, id }: Own): Promise<ReportScheduleRow | undefined> =>
  tx
    .selectFrom('report_schedules')
    .selectAll()
    .where('id', '=', id)
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst()

/** Changes a schedule if nobody else has since it was read; returns whether it did. */
export async function updateReportSchedule(
  tx: Tx,
  before: ReportScheduleRow,
  change: Partial<ReportScheduleRow>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('report_schedules')
    .set({ ...change, revision: before.revision + 1 })
    .where('id', '=', before.id)
    .where('revision', '=', before.revision)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function deleteReportScheduleRow(tx: Tx, { clinicId, id }: Own): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('report_schedules')
    .where('id', '=', id)
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** Schedules whose time has come, locked. */
export const lockDueSchedules = (tx: Tx, now: Instant, limit: number): Promise<ReportScheduleRow[]> =>
  claimDue(
    tx,
    tx
      .selectFrom('report_schedules')
      .selectAll()
      .where('is_active', '=', 1)
      .where('next_run_at', '<=', now)
      .orderBy('next_run_at')
      .orderBy('id')
      .limit(limit),
  ).execute()

/** Notes a run; the settings are as they were, so their revision is too. */
export async function noteScheduleRun(
  tx: Tx,
  id: ReportScheduleId,
  { lastRunAt, nextRunAt }: { readonly lastRunAt: Instant; readonly nextRunAt: Instant },
): Promise<void> {
  await tx
    .updateTable('report_schedules')
    .set({ last_run_at: lastRunAt, next_run_at: nextRunAt })
    .where('id', '=', id)
    .execute()
}

/** Which of these people belong to the clinic and may use what they hold there. */
export async function listActiveMembers(tx: Tx, clinicId: ClinicId, userIds: readonly UserId[]): Promise<UserId[]> {
  if (userIds.length === 0) return []
  const rows = await tx
    .selectFrom('clinic_users')
    .select('user_id')
    .where('clinic_id', '=', clinicId)
    .where('user_id', 'in', userIds)
    .where('is_active', '=', 1)
    .execute()
  return rows.map(({ user_id }) => user_id)
}
