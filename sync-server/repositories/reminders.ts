/** `reminder_rules` and `reminders`: what is to be reminded of, and when; one row per appointment, start, channel and lead. */

import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, ClinicId, Id, PatientId } from '#domain/ids.ts'
import type { ReminderRule } from '#domain/message/reminder-rules.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { claimDue, insertIgnore, lockRow, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'
import { toDocument } from './document-rows.ts'

export type RuleRow = Tables['reminder_rules']
export type ReminderRow = Tables['reminders']
export type ReminderId = Id<'Reminder'>
export type ReminderRuleId = Id<'ReminderRule'>

export const toRule = (row: RuleRow): ReminderRule => ({
  id: row.id,
  kind: 'reminder',
  leadMinutes: row.lead_minutes,
  channel: row.channel as ReminderRule['channel'],
  typeIds: JSON.parse(row.type_ids) as ReminderRule['typeIds'],
  window: { from: row.window_from, until: row.window_until },
  isActive: row.is_active === 1,
  minimumNoticeMinutes: row.minimum_notice_minutes,
})

export const listRules = (tx: Tx, clinicId: ClinicId): Promise<RuleRow[]> =>
  tx.selectFrom('reminder_rules').selectAll().where('clinic_id', '=', clinicId).orderBy('id').execute()

const ruleQuery = (tx: Tx, clinicId: ClinicId, id: ReminderRuleId) =>
  tx.selectFrom('reminder_rules').selectAll().where('clinic_id', '=', clinicId).where('id', '=', id)

export const findRule = (tx: Tx, clinicId: ClinicId, id: ReminderRuleId): Promise<RuleRow | undefined> =>
  ruleQuery(tx, clinicId, id).executeTakeFirst()

/** The same, for whoever changes it. */
export const lockRule = (tx: Tx, clinicId: ClinicId, id: ReminderRuleId): Promise<RuleRow | undefined> =>
  lockRow(tx, ruleQuery(tx, clinicId, id)).executeTakeFirst()

export async function insertRule(tx: Tx, row: RuleRow): Promise<void> {
  await tx.insertInto('reminder_rules').values(row).execute()
}

export async function changeRule(tx: Tx, id: ReminderRuleId, change: Partial<RuleRow>): Promise<void> {
  await tx.updateTable('reminder_rules').set(change).where('id', '=', id).execute()
}

export async function deleteRule(tx: Tx, id: ReminderRuleId): Promise<void> {
  await tx.deleteFrom('reminder_rules').where('id', '=', id).execute()
}

/** Adds a reminder unless one of this appointment, start, channel and lead is there, whatever became of it. */
export const insertReminder = (tx: Tx, row: ReminderRow): Promise<boolean> => insertIgnore(tx, 'reminders', row)

/** Reminders of an appointment that are still to be sent. */
export const listDueOfAppointment = (tx: Tx, id: AppointmentId): Promise<ReminderRow[]> =>
  lockRow(
    tx,
    tx.selectFrom('reminders').selectAll().where('appointment_id', '=', id).where('status', '=', 'due'),
  ).execute()

/** Takes reminders whose time has come, for this transaction alone. */
export const claimDueReminders = (tx: Tx, now: Instant, limit: number): Promise<ReminderRow[]> =>
  claimDue(
    tx,
    tx
      .selectFrom('reminders')
      .selectAll()
      .where('status', '=', 'due')
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .limit(limit),
  ).execute()

/** Those that would tell the same person of the same day on the same channel: told with the first of them. */
export const claimSiblings = (
  tx: Tx,
  key: { readonly patientId: PatientId; readonly localDay: LocalDay; readonly channel: string; readonly lead: number },
): Promise<ReminderRow[]> =>
  claimDue(
    tx,
    tx
      .selectFrom('reminders')
      .selectAll()
      .where('patient_id', '=', key.patientId)
      .where('local_day', '=', key.localDay)
      .where('channel', '=', key.channel)
      .where('lead_minutes', '=', key.lead)
      .where('status', '=', 'due'),
  ).execute()

export async function settleReminders(
  tx: Tx,
  ids: readonly ReminderId[],
  change: { readonly status: 'done' | 'skipped'; readonly reason: string; readonly settled_at: Instant },
): Promise<void> {
  if (ids.length > 0) await tx.updateTable('reminders').set(change).where('id', 'in', ids).execute()
}

/** Makes what was left out due anew: an appointment that came back to a time it had before. */
export async function reviveReminder(
  tx: Tx,
  key: Pick<ReminderRow, 'appointment_id' | 'start_at' | 'channel' | 'lead_minutes'>,
  change: Pick<ReminderRow, 'due_at' | 'rule_id' | 'doctor_id'>,
): Promise<void> {
  await tx
    .updateTable('reminders')
    .set({ ...change, status: 'due', reason: '', settled_at: null })
    .where('appointment_id', '=', key.appointment_id)
    .where('start_at', '=', key.start_at)
    .where('channel', '=', key.channel)
    .where('lead_minutes', '=', key.lead_minutes)
    .where('status', '=', 'skipped')
    .execute()
}

/**
 * Visits ahead that hold a time, by id: those whose reminders a changed rule may change. History and demo data, which came in
 * without a message, stay without one.
 */
export async function listVisitsAhead(
  tx: Tx,
  clinicId: ClinicId,
  page: { readonly from: Instant; readonly until: Instant; readonly after: string; readonly limit: number },
): Promise<Appointment[]> {
  const rows = await tx
    .selectFrom('appointments')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('start_at', '>', page.from)
    .where('start_at', '<', page.until)
    .where('status', 'in', ['pending', 'confirmed'])
    .where('is_deleted', '=', 0)
    .where('id', '>', page.after as AppointmentId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('appointment_revisions as first')
          .select('first.revision')
          .whereRef('first.appointment_id', '=', 'appointments.id')
          .where('first.revision', '=', 1)
          .where('first.door', 'not in', ['import', 'seed']),
      ),
    )
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map((row) => toDocument('appointments', row))
}

export type ReminderBacklog = { readonly due: number; readonly oldestDueAt: Instant | null; readonly waiting: number }

/** Reminders whose time has come and that nobody has sent, and how many are still to come. */
export async function countReminders(tx: Tx, now: Instant): Promise<ReminderBacklog> {
  const { due, oldest } = await tx
    .selectFrom('reminders')
    .select(({ fn }) => [fn.countAll().as('due'), fn.min('due_at').as('oldest')])
    .where('status', '=', 'due')
    .where('due_at', '<=', now)
    .executeTakeFirstOrThrow()
  const { waiting } = await tx
    .selectFrom('reminders')
    .select(({ fn }) => fn.countAll().as('waiting'))
    .where('status', '=', 'due')
    .where('due_at', '>', now)
    .executeTakeFirstOrThrow()
  return { due: Number(due), oldestDueAt: oldest === null ? null : Number(oldest), waiting: Number(waiting) }
}

/** Deletes reminders of visits from before an instant. */
export async function deleteOldReminders(tx: Tx, clinicId: ClinicId, before: Instant): Promise<void> {
  await tx.deleteFrom('reminders').where('clinic_id', '=', clinicId).where('start_at', '<', before).execute()
}
