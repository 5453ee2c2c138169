/** `reports`: what was asked for, by whom, and what became of it. */
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { claimDue, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type ReportRow = Tables['reports']
export type ReportId = Id<'Report'>
export type OwnReport = { readonly clinicId: ClinicId; readonly userId: UserId; readonly id: ReportId }

export const insertReport = async (tx: Tx, row: ReportRow): Promise<void> => {
  await tx.insertInto('reports').values(row).execute()
}

/** A report of the person themselves, or undefined. */
export const findOwnReport = (tx: Tx, { clinicId, userId, id }: OwnReport): Promise<ReportRow | undefined> =>
  tx
    .selectFrom('reports')
    .selectAll()
    .where('id', '=', id)
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .executeTakeFirst()

/** The person's reports, newest first. */
export function listOwnReports(
  tx: Tx,
  { clinicId, userId }: Omit<OwnReport, 'id'>,
  page: {
    readonly limit: number
    readonly status?: ReportRow['status'] | undefined
    readonly before?: string | undefined
  },
): Promise<ReportRow[]> {
  let query = tx.selectFrom('reports').selectAll().where('clinic_id', '=', clinicId).where('user_id', '=', userId)
  if (page.status) query = query.where('status', '=', page.status)
  if (page.before !== undefined) query = query.where('id', '<', page.before as ReportId)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** How many of the person's reports wait or run. */
export async function countOpenReports(tx: Tx, { clinicId, userId }: Omit<OwnReport, 'id'>): Promise<number> {
  const { count } = await tx
    .selectFrom('reports')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .where('status', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The report that has waited longest, or one whose maker has gone; locked. */
export const lockNextReport = (tx: Tx, now: Instant): Promise<ReportRow | undefined> =>
  claimDue(
    tx,
    tx
      .selectFrom('reports')
      .selectAll()
      .where(({ eb, or, and }) =>
        or([eb('status', '=', 'queued'), and([eb('status', '=', 'running'), eb('lease_until', '<', now)])]),
      )
      .orderBy('id')
      .limit(1),
  ).executeTakeFirst()

/** What a change of a report rests on: it is still in this state, and in this attempt. */
export type AsSeen = Pick<ReportRow, 'id' | 'status' | 'attempts'>

/** Changes a report unless it has gone on since it was seen; returns whether it did. */
export async function updateReport(
  tx: Tx,
  { id, status, attempts }: AsSeen,
  change: Partial<ReportRow>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('reports')
    .set(change)
    .where('id', '=', id)
    .where('status', '=', status)
    .where('attempts', '=', attempts)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Uses the link of a finished report up: of any number of callers exactly one gets it. */
export async function redeemReportLink(tx: Tx, own: OwnReport, linkHash: string, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('reports')
    .set({ link_hash: null, link_until: null })
    .where('id', '=', own.id)
    .where('clinic_id', '=', own.clinicId)
    .where('user_id', '=', own.userId)
    .where('status', '=', 'done')
    .where('link_hash', '=', linkHash)
    .where('link_until', '>', now)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Finished reports whose file is to be deleted by now. */
export const listExpiredReports = (tx: Tx, now: Instant): Promise<ReportRow[]> =>
  tx.selectFrom('reports').selectAll().where('status', '=', 'done').where('expires_at', '<=', now).limit(100).execute()

/** Ends the time of every list of the clinic that is there: its files are deleted at the next look. */
export const endListsOfClinic = async (tx: Tx, clinicId: ClinicId, now: Instant): Promise<void> => {
  await tx
    .updateTable('reports')
    .set({ expires_at: now, link_hash: null, link_until: null })
    .where('clinic_id', '=', clinicId)
    .where('status', '=', 'done')
    .where('definition', '=', 'appointments')
    .execute()
}

export const deleteReportsBefore = async (tx: Tx, before: Instant): Promise<void> => {
  await tx
    .deleteFrom('reports')
    .where('status', 'in', ['failed', 'cancelled', 'expired'])
    .where('expires_at', '<=', before)
    .execute()
}

/** Reports by status. */
export async function countReports(tx: Tx): Promise<readonly { readonly status: string; readonly count: number }[]> {
  const rows = await tx
    .selectFrom('reports')
    .select(({ fn }) => ['status', fn.countAll<number | string>().as('count')])
    .groupBy('status')
    .execute()
  return rows.map(({ status, count }) => ({ status, count: Number(count) }))
}

/** The report of that id, whoever asked for it. */
export const findReportRow = (tx: Tx, id: ReportId): Promise<ReportRow | undefined> =>
  tx.selectFrom('reports').selectAll().where('id', '=', id).executeTakeFirst()
