/** The life of a report while it is made: taken by one maker, told how far it is, ended. Each step holds only if nobody else came between. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { mayEver, type Subject } from '#domain/access/can.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { hours, type Instant, seconds } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { outboxRow } from '#server/events/outbox-row.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import type { NewId } from '#server/operations/new-id.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import {
  type AsSeen,
  deleteReportsBefore,
  listExpiredReports,
  lockNextReport,
  type ReportRow,
  updateReport,
} from '#server/repositories/reports.ts'
import type { MadeReport } from './make-report.ts'

export type RunDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  readonly folder: string
}

/** A maker that does not say for this long that it works is taken for gone. */
const LEASE_MS = seconds(60)
export const MOST_ATTEMPTS = 3
/** How long a finished file can be had. */
const FILE_LIVES_MS = hours(24)
/** How long the line about a report without a file is kept. */
const LINE_LIVES_MS = hours(24 * 90)

export type FailureCode = 'crashed' | 'out-of-memory' | 'no-space' | 'not-allowed'

/** The next report to make, which nobody else makes from now on; undefined when none waits. */
export async function claimReport({ database, now, folder }: RunDeps): Promise<ReportRow | undefined> {
  for (;;) {
    const claimed = await database.write(async (tx) => {
      const row = await lockNextReport(tx, now())
      if (!row) return undefined
      const isGivenUp = row.attempts >= MOST_ATTEMPTS
      const part: Partial<ReportRow> = isGivenUp
        ? failure('crashed', now())
        : {
            status: 'running',
            attempts: row.attempts + 1,
            progress: 0,
            started_at: now(),
            lease_until: now() + LEASE_MS,
          }
      const isTaken = await updateReport(tx, row, part)
      return { row: { ...row, ...part }, isMine: isTaken && !isGivenUp }
    })
    if (!claimed) return undefined
    // What an earlier attempt left, its process being gone.
    await removeFilesOf(folder, claimed.row.id)
    if (claimed.isMine) return claimed.row
  }
}

/** Says that the maker is at work. Answers false when the report is no longer its to make. */
export const keepReport = ({ database, now }: RunDeps, row: AsSeen, progress: number): Promise<boolean> =>
  database.write((tx) => updateReport(tx, running(row), { progress, lease_until: now() + LEASE_MS }))

/** Notes that a list shows these visits to whoever it was made for; the file can be had only after that. */
export const noteShown = (
  audit: NoteAccess,
  { clinicId, userId }: Subject,
  documentIds: readonly AppointmentId[],
): Promise<void> =>
  audit({
    clinicId,
    userId,
    via: { door: 'job', sessionId: null, deviceId: null },
    action: 'exported',
    collection: 'appointments',
    documentIds,
  })

/** The report is there. Answers undefined, and removes the file, when it was cancelled meanwhile. */
export async function finishReport(deps: RunDeps, row: ReportRow, made: MadeReport): Promise<ReportRow | undefined> {
  const { database, now, newId, folder } = deps
  const part = {
    status: 'done',
    progress: 100,
    file_path: made.file,
    file_size: made.size,
    row_count: made.rows,
    note: made.note,
    lease_until: null,
    finished_at: now(),
    expires_at: now() + FILE_LIVES_MS,
  } as const
  const isMine = await database.write(async (tx) => {
    if (!(await updateReport(tx, running(row), part))) return false
    const told = { type: 'ReportFinished', payload: { reportId: row.id, userId: row.user_id } } as const
    await insertEvents(tx, [outboxRow({ newId, clinicId: row.clinic_id, now: now() }, told)])
    return true
  })
  if (isMine) return { ...row, ...part }
  await removeFilesOf(folder, row.id)
  return undefined
}

/** The report could not be made. A maker that died is followed by another, up to three times; the rest is final. */
export async function failReport({ database, now, folder }: RunDeps, row: ReportRow, code: FailureCode): Promise<void> {
  await removeFilesOf(folder, row.id)
  const isWorthRepeating = (code === 'crashed' || code === 'out-of-memory') && row.attempts < MOST_ATTEMPTS
  const part = isWorthRepeating ? ({ status: 'queued', progress: 0, lease_until: null } as const) : failure(code, now())
  await database.write((tx) => updateReport(tx, running(row), part))
}

/** Deletes files whose time is over, and lines about reports that have none any more. */
export async function expireReports({ database, now, folder }: RunDeps): Promise<void> {
  const rows = await database.read((tx) => listExpiredReports(tx, now()))
  for (const row of rows) {
    await removeFilesOf(folder, row.id)
    const part = { status: 'expired', file_path: null, link_hash: null, link_until: null } as const
    await database.write((tx) => updateReport(tx, row, part))
  }
  await database.write((tx) => deleteReportsBefore(tx, now() - LINE_LIVES_MS))
}

export const mayReport = (subject: Subject): boolean => mayEver(subject, 'view-reports')

const running = ({ id, attempts }: AsSeen): AsSeen => ({ id, attempts, status: 'running' })

const failure = (code: FailureCode, now: Instant) =>
  ({ status: 'failed', error: code, lease_until: null, finished_at: now, expires_at: now }) as const

/** Every file of a report, finished or not. */
async function removeFilesOf(folder: string, id: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  for (const name of names) if (name.startsWith(`${id}.`)) await rm(join(folder, name), { force: true })
}
