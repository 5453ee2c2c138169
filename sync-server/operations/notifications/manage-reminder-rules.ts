/** Which reminders a clinic sends, and what a rule would do before it does it. */
import type { Subject } from '#domain/access/can.ts'
import type { DryRun, ReminderRuleBody, ReminderRuleEdit, ReminderRuleView } from '#domain/api/notification-api.ts'
import type { ClinicId } from '#domain/ids.ts'
import { dueRowsOf, type ReminderRule } from '#domain/message/reminder-rules.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { outboxRow } from '#server/events/outbox-row.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import type { NewId } from '#server/operations/new-id.ts'
import { type SeenRevision, wasSeen } from '#server/operations/seen-revision.ts'
import { getPolicies } from '#server/repositories/clinic-rows.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import {
  changeRule,
  deleteRule,
  insertRule,
  listRules,
  listVisitsAhead,
  lockRule,
  type ReminderRuleId,
  type RuleRow,
} from '#server/repositories/reminders.ts'
import { CATCH_UP_MINUTES } from './plan-reminders.ts'
import { addressOn, findPatientRecipient } from './recipients.ts'

export type RuleDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
}
export type RuleAnswer =
  | { readonly ok: true; readonly rule: ReminderRuleView }
  | { readonly ok: false; readonly reason: 'not-found' | 'stale-revision' }

const MOST_SHOWN = 100
const MOST_VISITS = 5_000
const PAGE = 500
/** A rule looks no further ahead than its longest lead. */
const REACH_MS = hours(24 * 91)

const toView = (row: RuleRow): ReminderRuleView => ({
  id: row.id,
  name: row.name,
  leadMinutes: row.lead_minutes,
  channel: row.channel as ReminderRuleView['channel'],
  typeIds: JSON.parse(row.type_ids) as ReminderRuleView['typeIds'],
  window: { from: row.window_from, until: row.window_until },
  isActive: row.is_active === 1,
  minimumNoticeMinutes: row.minimum_notice_minutes,
  revision: row.revision,
})

const columnsOf = (body: ReminderRuleEdit): Partial<RuleRow> => ({
  ...(body.name !== undefined && { name: body.name }),
  ...(body.leadMinutes !== undefined && { lead_minutes: body.leadMinutes }),
  ...(body.channel !== undefined && { channel: body.channel }),
  ...(body.typeIds !== undefined && { type_ids: JSON.stringify(body.typeIds) }),
  ...(body.window !== undefined && { window_from: body.window.from, window_until: body.window.until }),
  ...(body.isActive !== undefined && { is_active: Number(body.isActive) }),
  ...(body.minimumNoticeMinutes !== undefined && { minimum_notice_minutes: body.minimumNoticeMinutes }),
})

export const showReminderRules = ({ database }: Pick<RuleDeps, 'database'>, { clinicId }: Subject) =>
  database.read(async (tx) => (await listRules(tx, clinicId)).map(toView))

export async function addReminderRule(
  { database, now, newId, audit }: RuleDeps,
  subject: Subject,
  body: ReminderRuleBody,
): Promise<ReminderRuleView> {
  const { clinicId } = subject
  const id = newId<'ReminderRule'>()
  const row = { id, clinic_id: clinicId, revision: 1, updated_at: now(), ...columnsOf(body) } as RuleRow
  await database.write(async (tx) => {
    await insertRule(tx, row)
    await tellOf(tx, { newId, clinicId, now: now() }, id)
  })
  await audit({ ...byWhom(subject), action: 'reminder-rule-changed', documentIds: [id] })
  return toView(row)
}

/** Reminders that were planned by the rule before are planned anew. */
export async function editReminderRule(
  { database, now, newId, audit }: RuleDeps,
  subject: Subject,
  id: ReminderRuleId,
  edit: ReminderRuleEdit,
  seen: SeenRevision,
): Promise<RuleAnswer> {
  const { clinicId } = subject
  const answer = await database.write(async (tx): Promise<RuleAnswer> => {
    const row = await lockRule(tx, clinicId, id)
    if (!row) return { ok: false, reason: 'not-found' }
    if (!wasSeen(seen, row.revision)) return { ok: false, reason: 'stale-revision' }
    const change = { ...columnsOf(edit), revision: row.revision + 1, updated_at: now() }
    await changeRule(tx, id, change)
    await tellOf(tx, { newId, clinicId, now: now() }, id)
    return { ok: true, rule: toView({ ...row, ...change }) }
  })
  if (answer.ok) await audit({ ...byWhom(subject), action: 'reminder-rule-changed', documentIds: [id] })
  return answer
}

/** @returns false when the clinic has no such rule */
export async function removeReminderRule(
  { database, now, newId, audit }: RuleDeps,
  subject: Subject,
  id: ReminderRuleId,
): Promise<boolean> {
  const { clinicId } = subject
  const wasThere = await database.write(async (tx) => {
    if (!(await lockRule(tx, clinicId, id))) return false
    await deleteRule(tx, id)
    await tellOf(tx, { newId, clinicId, now: now() }, id)
    return true
  })
  if (wasThere) await audit({ ...byWhom(subject), action: 'reminder-rule-changed', documentIds: [id] })
  return wasThere
}

const tellOf = (
  tx: Tx,
  parts: { readonly newId: NewId; readonly clinicId: ClinicId; readonly now: Instant },
  ruleId: ReminderRuleId,
): Promise<void> => insertEvents(tx, [outboxRow(parts, { type: 'ReminderRulesChanged', payload: { ruleId } })])

/** What a rule would send for the visits ahead. Nothing is written. */
export const tryReminderRule = (
  { database, now, newId }: RuleDeps,
  { clinicId }: Subject,
  { name: _, ...body }: ReminderRuleBody,
): Promise<DryRun> =>
  database.read(async (tx) => {
    const at = now()
    const rule: ReminderRule = { id: newId<'ReminderRule'>(), kind: 'reminder', ...body, isActive: true }
    const policies = await getPolicies(tx, clinicId)
    const reminders: DryRun['reminders'] = []
    let visitCount = 0
    for (let after = '', hasMore = true; hasMore && visitCount < MOST_VISITS; ) {
      const visits = await listVisitsAhead(tx, clinicId, { from: at, until: at + REACH_MS, after, limit: PAGE })
      visitCount += visits.length
      for (const visit of visits) {
        const reminded = { ...visit, placedAt: visit.createdAt }
        const [row] = dueRowsOf(reminded, [rule], { catchUpMinutes: CATCH_UP_MINUTES }, visit.zone, at)
        if (!row) continue
        const recipient = await findPatientRecipient(tx, clinicId, visit.patientId, policies)
        const reached = recipient?.wantsReminders ? await addressOn(tx, recipient, rule.channel) : undefined
        const isReachable = reached !== undefined && 'address' in reached
        reminders.push({ appointmentId: visit.id, start: visit.start, dueAt: row.dueAt, isReachable })
      }
      after = visits.at(-1)?.id ?? ''
      hasMore = visits.length === PAGE
    }
    reminders.sort((a, b) => a.dueAt - b.dueAt)
    const unreachableCount = reminders.filter(({ isReachable }) => !isReachable).length
    return { visitCount, reminderCount: reminders.length, unreachableCount, reminders: reminders.slice(0, MOST_SHOWN) }
  })
