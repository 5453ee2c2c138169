/**
 * From a due reminder to a message. Any number of schedulers claim rows side by side; the reminder is judged by the visit as it is
 * now, and its message carries the reminder's id, so that it exists once whatever happens.
 */

import type { ClinicPolicies } from '#domain/clinic/policies.ts'
import type { Channel } from '#domain/message/message-kinds.ts'
import { isStillRight } from '#domain/message/reminder-rules.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { getPolicies } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { insertNotification } from '#server/repositories/notifications.ts'
import {
  claimDueReminders,
  claimSiblings,
  findRule,
  type ReminderRow,
  settleReminders,
  toRule,
} from '#server/repositories/reminders.ts'
import { type NotificationDeps, typeOfChannel } from './notification-deps.ts'
import { blankNotification } from './plan-notifications.ts'
import { addressOn, findPatientRecipient, patientKey } from './recipients.ts'

type Deps = Pick<NotificationDeps, 'database' | 'now' | 'newId'>

const AT_ONCE = 50

/** Turns one page of due reminders into messages. @returns how many reminders were decided about */
export function raiseReminders(deps: Deps): Promise<number> {
  return deps.database.write(async (tx) => {
    const now = deps.now()
    const due = await claimDueReminders(tx, now, AT_ONCE)
    const seen = new Set<string>()
    for (const row of due) {
      if (seen.has(row.id)) continue
      // Visits of one day are told together, with the first of them.
      const together = [row, ...(await siblingsOf(tx, row)).filter(({ id }) => id !== row.id && !seen.has(id))]
      for (const each of together) {
        seen.add(each.id)
        await raiseOne(deps, tx, each, now)
      }
    }
    return seen.size
  })
}

const siblingsOf = (tx: Tx, row: ReminderRow): Promise<ReminderRow[]> =>
  claimSiblings(tx, {
    patientId: row.patient_id,
    localDay: row.local_day,
    channel: row.channel,
    lead: row.lead_minutes,
  })

async function raiseOne({ newId }: Deps, tx: Tx, row: ReminderRow, now: Instant): Promise<void> {
  const skip = await reasonAgainst(tx, row, now)
  if (skip !== null) {
    return settleReminders(tx, [row.id], { status: 'skipped', reason: skip, settled_at: now })
  }
  const channel = row.channel as Channel
  const policies = await getPolicies(tx, row.clinic_id)
  const recipient = await findPatientRecipient(tx, row.clinic_id, row.patient_id, policies)
  const reached = recipient ? await addressOn(tx, recipient, channel) : ({ skip: 'no-address' } as const)
  const isReached = recipient !== undefined && 'address' in reached && recipient.wantsReminders
  const reason = isReached ? '' : 'skip' in reached ? reached.skip : 'opted-out'
  await insertNotification(tx, {
    ...blankNotification(now),
    id: newId<'Notification'>(),
    clinic_id: row.clinic_id,
    type: typeOfChannel(channel),
    kind: 'reminder',
    source_id: row.id,
    recipient_key: patientKey(row.patient_id),
    patient_id: row.patient_id,
    user_id: recipient?.userId ?? null,
    appointment_id: row.appointment_id,
    about_start: row.start_at,
    about_doctor_id: row.doctor_id,
    rule_id: row.rule_id,
    language: recipient?.language ?? languageOf(policies),
    status: isReached ? 'pending' : 'skipped',
    reason,
    expires_at: row.start_at,
  })
  await settleReminders(tx, [row.id], { status: isReached ? 'done' : 'skipped', reason, settled_at: now })
}

const languageOf = ({ messageLanguage }: ClinicPolicies): string => messageLanguage

async function reasonAgainst(tx: Tx, row: ReminderRow, now: Instant): Promise<string | null> {
  if (row.start_at <= now) return 'expired'
  const visit = await findDocument(tx, 'appointments', row.appointment_id)
  const rule = await findRule(tx, row.clinic_id, row.rule_id)
  if (!visit || visit._deleted) return 'outdated'
  const about = { start: row.start_at, doctorId: row.doctor_id }
  return isStillRight(about, visit, rule && toRule(rule)) ? null : 'outdated'
}
