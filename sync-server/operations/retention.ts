/**
 * What a clinic keeps no longer than its policies say: audit rows, the words of old visits, ended sessions, used-up secrets.
 * Each task works in small transactions, may be cut off between two of them, and may run at several instances.
 */
import { blankVersion, blankVisit } from '#domain/appointment/blank-visit.ts'
import type { AppointmentId, ClinicId } from '#domain/ids.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import { addDays, localDayOf } from '#domain/time/clinic-time.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { listAuditChains } from '#server/repositories/append-only.ts'
import { rewriteRevisions } from '#server/repositories/blanked-rows.ts'
import { getClinic, getPolicies } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { deleteSettledHandIns } from '#server/repositories/hand-ins.ts'
import { deleteOldInbound } from '#server/repositories/inbound-messages.ts'
import { deleteOldNotifications } from '#server/repositories/notifications.ts'
import {
  deleteAuditRows,
  deleteOldSessions,
  deleteOldTokens,
  listOldestAuditRows,
  listWordyVisits,
} from '#server/repositories/old-rows.ts'
import { deleteOldReminders } from '#server/repositories/reminders.ts'
import { type SealKey, sealAudit } from './audit-seal.ts'
import type { ClinicWriter } from './clinic-writer.ts'
import type { DailyTask } from './housekeeping.ts'
import { levelNotices } from './notifications/level-notices.ts'
import { lockDocument, saveDocument } from './save-document.ts'
import type { WriteContext } from './write-context.ts'

export type RetentionDeps = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly sealKey: SealKey
}

const DAY_MS = hours(24)
const AUDIT_ROWS_AT_ONCE = 500
const VISITS_AT_ONCE = 20
const SESSIONS_AT_ONCE = 200
/** How long it can still be seen where somebody was signed in. */
const SESSIONS_KEPT_MS = 90 * DAY_MS
const MESSAGES_KEPT_MS = 396 * DAY_MS
/** So that a mark that was a mistake can still be taken back. */
const HAND_INS_KEPT_MS = 90 * DAY_MS
const TOKENS_KEPT_MS = 7 * DAY_MS
/** Years of the calendar differ by a day; a visit is never blanked before its time. */
const YEAR_DAYS = 366

export const retentionTasks = (deps: RetentionDeps): readonly DailyTask[] => [
  { name: 'old-audit', run: (clinicId) => forgetOldAudit(deps, clinicId) },
  { name: 'old-visits', run: (clinicId) => blankOldVisits(deps, clinicId) },
  { name: 'old-sessions', run: (clinicId) => forgetOldSessions(deps, clinicId) },
  { name: 'notices', run: (clinicId) => levelNotices(deps, clinicId) },
  { name: 'old-hand-ins', run: (clinicId) => forgetSettledHandIns(deps, clinicId) },
  { name: 'old-messages', run: (clinicId) => forgetOldMessages(deps, clinicId) },
]

/** Removes the beginnings of the chains and seals where they begin now, in one transaction each: so the audit still verifies. */
async function forgetOldAudit({ database, now, sealKey }: RetentionDeps, clinicId: ClinicId): Promise<void> {
  const { auditRetentionDays } = await database.read((tx) => getPolicies(tx, clinicId))
  const before = now() - auditRetentionDays * DAY_MS
  for (const { chain } of await database.read((tx) => listAuditChains(tx, clinicId))) {
    for (let hasMore = true; hasMore; ) {
      hasMore = await database.write(async (tx) => {
        const rows = await listOldestAuditRows(tx, { clinicId, chain, before, limit: AUDIT_ROWS_AT_ONCE })
        const last = rows.at(-1)
        if (!last) return false
        await deleteAuditRows(tx, { clinicId, chain }, rows)
        await sealAudit(tx, sealKey, { clinicId, at: now(), beginnings: [{ chain, seq: last.seq, hash: last.hash }] })
        return rows.length === AUDIT_ROWS_AT_ONCE
      })
    }
  }
}

/** Takes the words out of visits older than the policy, their history included. 0 years: they are kept for ever. */
async function blankOldVisits({ database, writer, now }: RetentionDeps, clinicId: ClinicId): Promise<void> {
  const { visitRetentionYears } = await database.read((tx) => getPolicies(tx, clinicId))
  if (visitRetentionYears === 0) return
  const { zone } = await database.read((tx) => getClinic(tx, clinicId))
  const today = localDayOf(now(), zone)
  const before = addDays(today, -visitRetentionYears * YEAR_DAYS)
  for (let hasMore = true; hasMore; ) {
    const page = { clinicId, before, today, limit: VISITS_AT_ONCE }
    const ids = await database.read((tx) => listWordyVisits(tx, page))
    hasMore = ids.length === VISITS_AT_ONCE
    if (ids.length === 0) return
    await writer.submit(clinicId, 'bulk', {
      subject: null,
      door: 'job',
      run: async (ctx) => {
        for (const id of ids) await blankOne(ctx, id)
        return { ok: true, value: undefined }
      },
    })
  }
}

async function blankOne(ctx: WriteContext, id: AppointmentId): Promise<void> {
  const visit = await lockDocument(ctx, 'appointments', id)
  if (!visit) return
  const patientUser = (await findDocument(ctx.tx, 'patients', visit.patientId))?.userId ?? null
  await rewriteRevisions(ctx.tx, [id], (content) => canonicalText(blankVersion(JSON.parse(content), patientUser)))
  await saveDocument(ctx, 'appointments', visit, blankVisit(visit, patientUser, ctx.now))
}

/** What was said to whom, as long as it may be asked for: a year and a month. */
async function forgetOldMessages({ database, now }: RetentionDeps, clinicId: ClinicId): Promise<void> {
  const before = now() - MESSAGES_KEPT_MS
  for (let hasMore = true; hasMore; ) {
    hasMore = await database.write((tx) => deleteOldNotifications(tx, clinicId, before, SESSIONS_AT_ONCE))
  }
  await database.write(async (tx) => {
    await deleteOldReminders(tx, clinicId, before)
    await deleteOldInbound(tx, before)
  })
}

/** What revoked devices had not sent, once somebody has dealt with it. */
async function forgetSettledHandIns({ database, now }: RetentionDeps, clinicId: ClinicId): Promise<void> {
  const before = now() - HAND_INS_KEPT_MS
  for (let hasMore = true; hasMore; ) {
    hasMore = await database.write((tx) => deleteSettledHandIns(tx, clinicId, before, SESSIONS_AT_ONCE))
  }
}

async function forgetOldSessions({ database, now }: RetentionDeps, clinicId: ClinicId): Promise<void> {
  const page = { clinicId, before: now() - SESSIONS_KEPT_MS, limit: SESSIONS_AT_ONCE }
  for (let hasMore = true; hasMore; ) hasMore = await database.write((tx) => deleteOldSessions(tx, page))
  await database.write((tx) => deleteOldTokens(tx, now() - TOKENS_KEPT_MS))
}
