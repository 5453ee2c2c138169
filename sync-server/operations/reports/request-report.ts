/** Reports as the person sees them who asked for them; nobody else gets to them. */
import type { Subject } from '#domain/access/can.ts'
import type { Report, RequestReportBody } from '#domain/api/report-api.ts'
import { periodFault } from '#domain/report/report-filter.ts'
import { daysBetween } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { outboxRow } from '#server/events/outbox-row.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import { hashSecret, newSecret } from '#server/operations/secrets.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import {
  countOpenReports,
  findOwnReport,
  insertReport,
  listOwnReports,
  type ReportId,
  type ReportRow,
  redeemReportLink,
  updateReport,
} from '#server/repositories/reports.ts'
import { hasRightsOf, queuedReport, type ReportDeps, rightsOf, toReport, UNMADE } from './report-deps.ts'

type Refusal = {
  readonly ok: false
  readonly reason:
    | 'invalid-field'
    | 'range-too-long'
    | 'too-many-requests'
    | 'not-found'
    | 'not-allowed'
    | 'report-state'
  readonly field?: string
}
export type ReportAnswer<Value> = { readonly ok: true; readonly value: Value } | Refusal

const refuse = (reason: Refusal['reason'], field?: string): Refusal => ({ ok: false, reason, ...(field && { field }) })

/** Ten years: more than any clinic of ours is old. */
const MOST_DAYS = 3_660
/** Of one person at a time. */
const MOST_OPEN = 10
/** A link is used at once; what is older has been seen by somebody else. */
const LINK_LIVES_MS = minutes(5)

const ownOf = ({ clinicId, userId }: Subject, id: ReportId) => ({ clinicId, userId, id })

export async function requestReport(
  deps: ReportDeps,
  subject: Subject,
  { definition, filter, type }: RequestReportBody,
): Promise<ReportAnswer<Report>> {
  const fault = periodFault(filter)
  if (fault) return refuse('invalid-field', `filter.${fault}`)
  if (daysBetween(filter.from, filter.until) >= MOST_DAYS) return refuse('range-too-long', 'filter.until')
  const row = queuedReport({
    id: deps.newId<'Report'>(),
    clinic_id: subject.clinicId,
    user_id: subject.userId,
    definition,
    filter: JSON.stringify(filter),
    rights: rightsOf(subject),
    type,
    created_at: deps.now(),
    schedule_id: null,
  })
  const isQueued = await deps.database.write(async (tx) => {
    if ((await countOpenReports(tx, subject)) >= MOST_OPEN) return false
    await insertReport(tx, row)
    await insertEvents(tx, [outboxRow({ ...deps, clinicId: row.clinic_id, now: row.created_at }, asked(row.id))])
    return true
  })
  if (!isQueued) return refuse('too-many-requests')
  await note(deps, subject, 'report-requested', row)
  deps.kick()
  return { ok: true, value: toReport(row) }
}

const asked = (reportId: ReportId) => ({ type: 'ReportRequested', payload: { reportId } }) as const

export type ReportPage = Parameters<typeof listOwnReports>[2]

/** One page, newest first. */
export async function listReports(
  { database }: ReportDeps,
  subject: Subject,
  page: ReportPage,
): Promise<{ readonly reports: readonly Report[]; readonly hasMore: boolean }> {
  const rows = await database.read((tx) => listOwnReports(tx, subject, { ...page, limit: page.limit + 1 }))
  return { reports: rows.slice(0, page.limit).map(toReport), hasMore: rows.length > page.limit }
}

export async function findReport(
  { database }: ReportDeps,
  subject: Subject,
  id: ReportId,
): Promise<Report | undefined> {
  const row = await database.read((tx) => findOwnReport(tx, ownOf(subject, id)))
  return row && toReport(row)
}

/** Ends a report that waits or runs; one that is finished stays as it is. */
export async function cancelReport(deps: ReportDeps, subject: Subject, id: ReportId): Promise<ReportAnswer<Report>> {
  const answer = await change(deps, subject, id, ['queued', 'running'], ({ attempts }) => ({
    ...UNMADE,
    status: 'cancelled',
    attempts,
    finished_at: deps.now(),
    expires_at: deps.now(),
  }))
  if (answer.ok) deps.stop(id)
  return noted(deps, subject, 'report-cancelled', answer)
}

/** Makes a report again that failed, was cancelled or has expired: of what is there now. */
export async function retryReport(deps: ReportDeps, subject: Subject, id: ReportId): Promise<ReportAnswer<Report>> {
  const answer = await change(deps, subject, id, ['failed', 'cancelled', 'expired'], () => ({ ...UNMADE, attempts: 0 }))
  if (answer.ok) deps.kick()
  return noted(deps, subject, 'report-requested', answer)
}

/** A link to a finished report's file, signed, for the same person, once, within five minutes. A new one ends the one before. */
export async function linkToReport(
  deps: ReportDeps,
  subject: Subject,
  id: ReportId,
): Promise<ReportAnswer<{ readonly token: string; readonly expiresAt: number }>> {
  const secret = newSecret()
  const expiresAt = deps.now() + LINK_LIVES_MS
  const answer = await change(deps, subject, id, ['done'], () => ({
    link_hash: hashSecret(secret),
    link_until: expiresAt,
  }))
  if (!answer.ok) return answer
  return { ok: true, value: { token: deps.seal.close(`${id} ${secret}`, subject.userId), expiresAt } }
}

export type ReportFile = { readonly name: string; readonly size: number; readonly saveAs: string }

/** The file behind a link, which is used up by this; undefined for whatever is no link of this person that works. */
export async function openReportFile(
  deps: ReportDeps,
  subject: Subject,
  token: string,
): Promise<ReportFile | undefined> {
  const [id, secret] = deps.seal.open(token, subject.userId)?.split(' ') ?? []
  if (!id || !secret) return undefined
  const own = ownOf(subject, id as ReportId)
  const row = await deps.database.write(async (tx) => {
    const isRedeemed = await redeemReportLink(tx, own, hashSecret(secret), deps.now())
    return isRedeemed ? findOwnReport(tx, own) : undefined
  })
  if (!row || row.file_path === null || !hasRightsOf(row, subject)) return undefined
  await note(deps, subject, 'report-downloaded', row)
  const { from, until } = JSON.parse(row.filter) as { from: string; until: string }
  const ending = row.file_path.split('.').at(-1)
  return { name: row.file_path, size: row.file_size ?? 0, saveAs: `${row.definition} ${from} ${until}.${ending}` }
}

function change(
  { database }: ReportDeps,
  subject: Subject,
  id: ReportId,
  from: readonly ReportRow['status'][],
  to: (row: ReportRow) => Partial<ReportRow>,
): Promise<ReportAnswer<ReportRow>> {
  return database.write(async (tx) => {
    const row = await findOwnReport(tx, ownOf(subject, id))
    if (!row) return refuse('not-found')
    if (!hasRightsOf(row, subject)) return refuse('not-allowed')
    const part = to(row)
    if (!from.includes(row.status) || !(await updateReport(tx, row, part))) return refuse('report-state')
    return { ok: true, value: { ...row, ...part } }
  })
}

async function noted(
  deps: ReportDeps,
  subject: Subject,
  action: string,
  answer: ReportAnswer<ReportRow>,
): Promise<ReportAnswer<Report>> {
  if (!answer.ok) return answer
  await note(deps, subject, action, answer.value)
  return { ok: true, value: toReport(answer.value) }
}

const note = ({ audit }: ReportDeps, subject: Subject, action: string, { id, definition, type }: ReportRow) =>
  audit({ ...byWhom(subject), action, collection: 'reports', documentIds: [id], detail: { definition, type } })
