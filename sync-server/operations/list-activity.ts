/** Who did, saw or was refused what, for those who may look into it. The look itself is noted. */
import { can, type Subject } from '#domain/access/can.ts'
import { type ActivityEntry, type ActivityFilters, MOST_IDS_SHOWN, MOST_NEWS } from '#domain/api/activity-api.ts'
import type { UserId } from '#domain/ids.ts'
import { addDays, isLocalDay, localDayOf, startOfDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { type AuditPlace, type AuditRow, countAuditSince, listAuditLog } from '#server/repositories/audit-log.ts'
import { listDeviceNames, listDoctorUserIds, listUserNames } from '#server/repositories/audit-names.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { listDocumentsOfPatient } from '#server/repositories/patient-documents.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'

export type ActivityDeps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }

export type ActivityAnswer =
  | { readonly ok: true; readonly entries: ActivityEntry[]; readonly last: AuditPlace | null }
  | { readonly ok: false; readonly reason: 'invalid-field' | 'end-before-start'; readonly field: 'from' | 'to' }
  | { readonly ok: false; readonly reason: 'not-allowed'; readonly field?: undefined }

type Stretch = { readonly limit: number; readonly after: AuditPlace | undefined }

/** A look at everything goes back this far, so that it never reads years for a page of them. */
const MONTH_DAYS = 31

/** A page of the clinic's audit log, newest first. `last` is where the next one begins; null on the last page. */
export async function listActivity(
  { database, now, audit }: ActivityDeps,
  subject: Subject,
  filters: ActivityFilters,
  { limit, after }: Stretch,
): Promise<ActivityAnswer> {
  const { from, to, patientId, documentId, ...rest } = filters
  for (const [field, day] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (day !== undefined && !isLocalDay(day)) return { ok: false, reason: 'invalid-field', field }
  }
  if (from !== undefined && to !== undefined && to < from) return { ok: false, reason: 'end-before-start', field: 'to' }
  const { clinicId } = subject
  // What a log says of others is for those who may look at the whole clinic, whatever else they hold.
  if (!can(subject, 'view-activity', { clinicId })) return { ok: false, reason: 'not-allowed' }
  const page = await database.read(async (tx) => {
    const documentIds = await documentsOf(tx, subject, filters)
    const isNarrow = rest.userId !== undefined || documentIds !== undefined
    const stretch = await stretchOf(tx, subject, { from, to, isNarrow, now: now() })
    const found = await listAuditLog(tx, { clinicId, ...stretch, ...rest, documentIds, after, limit: limit + 1 })
    const rows = found.slice(0, limit)
    const last = found.length > limit ? (rows.at(-1) ?? null) : null
    return { entries: await toEntries(tx, subject, rows), last: last && placeOf(last) }
  })
  const named = [patientId, documentId].filter((id) => id !== undefined)
  await audit({ ...byWhom(subject), action: 'activity-viewed', documentIds: named })
  return { ok: true, ...page }
}

/** How much is new in the log, for a reader who is in the middle of it: a number and nothing else, so that it is not noted. */
export async function countNews(
  { database }: Pick<ActivityDeps, 'database'>,
  subject: Subject,
  since: Instant,
): Promise<{ readonly ok: true; readonly count: number } | { readonly ok: false; readonly reason: 'not-allowed' }> {
  const { clinicId } = subject
  if (!can(subject, 'view-activity', { clinicId })) return { ok: false, reason: 'not-allowed' }
  const question = { clinicId, since, without: 'activity-viewed', most: MOST_NEWS }
  return { ok: true, count: await database.read((tx) => countAuditSince(tx, question)) }
}

const placeOf = ({ at, chain, seq }: AuditRow): AuditPlace => ({ at, chain, seq })

async function documentsOf(
  tx: Tx,
  { clinicId }: Subject,
  { patientId, documentId }: Pick<ActivityFilters, 'patientId' | 'documentId'>,
): Promise<readonly string[] | undefined> {
  if (patientId === undefined) return documentId === undefined ? undefined : [documentId]
  const ofPatient = await listDocumentsOfPatient(tx, clinicId, patientId)
  return documentId === undefined ? ofPatient : ofPatient.filter((id) => id === documentId)
}

async function stretchOf(
  tx: Tx,
  { clinicId }: Subject,
  { from, to, isNarrow, now }: { from?: string | undefined; to?: string | undefined; isNarrow: boolean; now: Instant },
): Promise<{ readonly from: Instant; readonly until: Instant }> {
  const { zone } = await getClinic(tx, clinicId)
  const lastDay = to ?? localDayOf(now, zone)
  const until = startOfDay(addDays(lastDay, 1), zone)
  if (from !== undefined) return { from: startOfDay(from, zone), until }
  return { from: isNarrow ? 0 : startOfDay(addDays(lastDay, -MONTH_DAYS), zone), until }
}

async function toEntries(tx: Tx, subject: Subject, rows: readonly AuditRow[]): Promise<ActivityEntry[]> {
  const userIds = [...new Set(rows.flatMap(({ user_id }) => user_id ?? []))]
  const names = await listUserNames(tx, await knownTo(tx, subject, userIds))
  const devices = await listDeviceNames(tx, subject.clinicId, [
    ...new Set(rows.flatMap(({ device_id }) => device_id ?? [])),
  ])
  return rows.map((row) => {
    const ids = JSON.parse(row.document_ids) as string[]
    return {
      at: row.at,
      userId: row.user_id,
      userName: (row.user_id && names.get(row.user_id)) ?? null,
      action: row.action,
      collection: row.collection,
      documentIds: ids.slice(0, MOST_IDS_SHOWN),
      documentCount: ids.length,
      door: row.door,
      sessionId: row.session_id,
      deviceId: row.device_id,
      deviceName: (row.device_id && devices.get(row.device_id)) ?? null,
      detail: JSON.parse(row.detail) as ActivityEntry['detail'],
    }
  })
}

/** Whose names the reader may know: everybody's where they manage accounts, else their own and those of doctors. */
async function knownTo(tx: Tx, subject: Subject, userIds: readonly UserId[]): Promise<readonly UserId[]> {
  if (can(subject, 'manage-users', { clinicId: subject.clinicId })) return userIds
  const known = await listDoctorUserIds(tx, subject.clinicId, userIds)
  return userIds.filter((id) => id === subject.userId || known.has(id))
}
