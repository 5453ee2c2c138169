/** Reports that are made again and again, for people who each get their own. */
import { can, type Subject } from '#domain/access/can.ts'
import type { CreateReportScheduleBody, EditReportScheduleBody, ReportSchedule } from '#domain/api/report-api.ts'
import type { UserId } from '#domain/ids.ts'
import { nextRun } from '#domain/report/next-run.ts'
import { daysOfRange, type RelativeRange } from '#domain/report/relative-range.ts'
import type { ReportNarrowing } from '#domain/report/report-filter.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { outboxRow } from '#server/events/outbox-row.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import type { NewId } from '#server/operations/new-id.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import {
  deleteReportScheduleRow,
  findReportScheduleRow,
  insertReportSchedule,
  listActiveMembers,
  listReportScheduleRows,
  lockDueSchedules,
  noteScheduleRun,
  type ReportScheduleId,
  type ReportScheduleRow,
  updateReportSchedule,
} from '#server/repositories/report-schedules.ts'
import { insertReport } from '#server/repositories/reports.ts'
import { queuedReport, REPORT_RIGHTS } from './report-deps.ts'

export type ReportScheduleDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
}

type Reason = 'not-allowed' | 'not-found' | 'stale-revision' | 'unknown-reference' | 'invalid-field'
export type ScheduleAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: Reason; readonly field?: string }

const refuse = (reason: Reason, field?: string) => ({ ok: false, reason, ...(field && { field }) }) as const

type StoredFilter = { readonly range: RelativeRange; readonly filter: ReportNarrowing }

/** What a schedule sends goes to others, so it takes the right to the whole clinic's reports. */
const mayKeep = (subject: Subject): boolean => can(subject, 'view-reports', { clinicId: subject.clinicId })

export async function createReportSchedule(
  deps: ReportScheduleDeps,
  subject: Subject,
  body: CreateReportScheduleBody,
): Promise<ScheduleAnswer<ReportSchedule>> {
  if (!mayKeep(subject)) return refuse('not-allowed')
  const now = deps.now()
  const answer = await deps.database.write(async (tx): Promise<ScheduleAnswer<ReportScheduleRow>> => {
    const fault = await faultIn(tx, subject, body)
    if (fault) return fault
    const { zone } = await getClinic(tx, subject.clinicId)
    const row: ReportScheduleRow = {
      id: deps.newId<'ReportSchedule'>(),
      clinic_id: subject.clinicId,
      ...columnsOf(body),
      zone,
      next_run_at: nextRun({ ...body, zone }, now),
      last_run_at: null,
      created_by: subject.userId,
      created_at: now,
      updated_at: now,
      revision: 1,
    }
    await insertReportSchedule(tx, row)
    return { ok: true, value: row }
  })
  return noted(deps, subject, 'report-schedule-created', answer)
}

export async function listReportSchedules(
  { database }: ReportScheduleDeps,
  subject: Subject,
): Promise<ReportSchedule[]> {
  if (!mayKeep(subject)) return []
  const rows = await database.read((tx) => listReportScheduleRows(tx, subject.clinicId))
  return rows.map(toSchedule)
}

export async function findReportSchedule(
  { database }: ReportScheduleDeps,
  subject: Subject,
  id: ReportScheduleId,
): Promise<ReportSchedule | undefined> {
  if (!mayKeep(subject)) return undefined
  const row = await database.read((tx) => findReportScheduleRow(tx, { clinicId: subject.clinicId, id }))
  return row && toSchedule(row)
}

/** Changes what is given; when it runs next is worked out anew, in the clinic's zone of today. */
export async function editReportSchedule(
  deps: ReportScheduleDeps,
  subject: Subject,
  id: ReportScheduleId,
  wasSeen: (revision: number) => boolean,
  body: EditReportScheduleBody,
): Promise<ScheduleAnswer<ReportSchedule>> {
  const { clinicId } = subject
  if (!mayKeep(subject)) return refuse('not-found')
  const now = deps.now()
  const answer = await deps.database.write(async (tx): Promise<ScheduleAnswer<ReportScheduleRow>> => {
    const before = await findReportScheduleRow(tx, { clinicId, id })
    if (!before) return refuse('not-found')
    const wanted = { ...toSchedule(before), ...body }
    const fault = await faultIn(tx, subject, wanted)
    if (fault) return fault
    const { zone } = await getClinic(tx, clinicId)
    const part = { ...columnsOf(wanted), zone, next_run_at: nextRun({ ...wanted, zone }, now), updated_at: now }
    if (!wasSeen(before.revision) || !(await updateReportSchedule(tx, before, part))) return refuse('stale-revision')
    return { ok: true, value: { ...before, ...part, revision: before.revision + 1 } }
  })
  return noted(deps, subject, 'report-schedule-changed', answer)
}

export async function deleteReportSchedule(
  deps: ReportScheduleDeps,
  subject: Subject,
  id: ReportScheduleId,
): Promise<boolean> {
  const { clinicId } = subject
  const isDeleted =
    mayKeep(subject) && (await deps.database.write((tx) => deleteReportScheduleRow(tx, { clinicId, id })))
  if (isDeleted) await note(deps, subject, 'report-schedule-deleted', id)
  return isDeleted
}

const SCHEDULES_AT_ONCE = 50

/**
 * Queues one report for each recipient of every schedule whose time has come, once however long it has been due. Any instance
 * may do it: who locks a schedule moves its time on. People who have left get none.
 */
export async function runDueSchedules(
  { database, newId }: Pick<ReportScheduleDeps, 'database' | 'newId'>,
  now: Instant,
): Promise<number> {
  return database.write(async (tx) => {
    let queued = 0
    for (const row of await lockDueSchedules(tx, now, SCHEDULES_AT_ONCE)) {
      const { range, filter } = JSON.parse(row.filter) as StoredFilter
      const days = daysOfRange(range, localDayOf(now, row.zone))
      const recipients = await listActiveMembers(tx, row.clinic_id, JSON.parse(row.recipients) as UserId[])
      for (const userId of recipients) {
        const id = newId<'Report'>()
        await insertReport(
          tx,
          queuedReport({
            id,
            clinic_id: row.clinic_id,
            user_id: userId,
            definition: row.definition,
            filter: JSON.stringify({ ...days, ...filter }),
            rights: JSON.stringify(REPORT_RIGHTS),
            type: row.type,
            created_at: now,
            schedule_id: row.id,
          }),
        )
        const asked = { type: 'ReportRequested', payload: { reportId: id } } as const
        await insertEvents(tx, [outboxRow({ newId, clinicId: row.clinic_id, now }, asked)])
      }
      queued += recipients.length
      const times = { weekday: row.weekday, dayOfMonth: row.day_of_month, localTime: row.local_time, zone: row.zone }
      await noteScheduleRun(tx, row.id, { lastRunAt: now, nextRunAt: nextRun(times, now) })
    }
    return queued
  })
}

type Wanted = CreateReportScheduleBody

async function faultIn(tx: Tx, { clinicId }: Subject, { weekday, dayOfMonth, recipientIds }: Wanted) {
  if (weekday !== null && dayOfMonth !== null) return refuse('invalid-field', 'dayOfMonth')
  const members = await listActiveMembers(tx, clinicId, recipientIds)
  return members.length === recipientIds.length ? undefined : refuse('unknown-reference', 'recipientIds')
}

const columnsOf = (wanted: Wanted) => ({
  name: wanted.name,
  definition: wanted.definition,
  filter: JSON.stringify({ range: wanted.range, filter: wanted.filter } satisfies StoredFilter),
  type: wanted.type,
  weekday: wanted.weekday,
  day_of_month: wanted.dayOfMonth,
  local_time: wanted.localTime,
  recipients: JSON.stringify(wanted.recipientIds),
  is_active: wanted.isActive ? 1 : 0,
})

function toSchedule(row: ReportScheduleRow): ReportSchedule {
  const { range, filter } = JSON.parse(row.filter) as StoredFilter
  return {
    id: row.id,
    name: row.name,
    definition: row.definition as ReportSchedule['definition'],
    range,
    filter,
    type: row.type,
    weekday: row.weekday,
    dayOfMonth: row.day_of_month,
    localTime: row.local_time,
    recipientIds: JSON.parse(row.recipients) as UserId[],
    isActive: row.is_active === 1,
    zone: row.zone,
    nextRunAt: row.next_run_at,
    lastRunAt: row.last_run_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
  }
}

async function noted(
  deps: ReportScheduleDeps,
  subject: Subject,
  action: string,
  answer: ScheduleAnswer<ReportScheduleRow>,
): Promise<ScheduleAnswer<ReportSchedule>> {
  if (!answer.ok) return answer
  await note(deps, subject, action, answer.value.id)
  return { ok: true, value: toSchedule(answer.value) }
}

const note = ({ audit }: ReportScheduleDeps, subject: Subject, action: string, id: ReportScheduleId): Promise<void> =>
  audit({ ...byWhom(subject), action, collection: 'report_schedules', documentIds: [id] })
