/**
 * Reminders to come: one row per visit, start, channel and lead. Made when a visit gets its time or a rule changes; taken back when
 * the visit is off or elsewhere. The unique key is what makes a second reminder impossible, whoever plans and how often.
 */

import type { EventEnvelope } from '#domain/events/envelope.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { statusAfter } from '#domain/message/delivery.ts'
import { dueRowsOf, type RemindedVisit, type ReminderRule } from '#domain/message/reminder-rules.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { addDays, localDayOf, startOfDay } from '#domain/time/clinic-time.ts'
import { hours, type Instant, minutes } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { findRevision } from '#server/repositories/appointment-revisions.ts'
import { listClinics } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { changeNotifications, listOutdatedReminders } from '#server/repositories/notifications.ts'
import {
  insertReminder,
  listDueOfAppointment,
  listRules,
  listVisitsAhead,
  reviveReminder,
  settleReminders,
  toRule,
} from '#server/repositories/reminders.ts'
import type { NotificationDeps } from './notification-deps.ts'

type Deps = Pick<NotificationDeps, 'now' | 'newId'>
type Visit = WireDocument<'appointments'>

/** After an outage a reminder is still sent so late. */
export const CATCH_UP_MINUTES = 12 * 60
/** Rules look so far ahead at most; visits beyond are planned by the daily look. */
const VISITS_AT_ONCE = 200

/** What an event means for the reminders of its visit; in the transaction that notes the event as done. */
export async function planReminders(deps: Deps, tx: Tx, event: EventEnvelope): Promise<void> {
  if (!('appointmentId' in event.payload)) return
  const visit = await findDocument(tx, 'appointments', event.payload.appointmentId)
  if (visit) await planOfVisit(deps, tx, visit, (await listRules(tx, visit.clinicId)).map(toRule))
}

async function planOfVisit(deps: Deps, tx: Tx, visit: Visit, rules: readonly ReminderRule[]): Promise<void> {
  const now = deps.now()
  const placedAt = await placedAtOf(tx, visit)
  const reminded: RemindedVisit = { ...visit, placedAt }
  const isOff = visit._deleted || visit.status === 'unplaced'
  const wanted = isOff ? [] : dueRowsOf(reminded, rules, { catchUpMinutes: CATCH_UP_MINUTES }, visit.zone, now)
  const keyOf = (row: { channel: string; leadMinutes: number; start: Instant; doctorId: string }) =>
    `${row.channel} ${row.leadMinutes} ${row.start} ${row.doctorId}`
  const keys = new Set(wanted.map(keyOf))
  const stale = (await listDueOfAppointment(tx, visit.id)).filter(
    (row) =>
      !keys.has(
        keyOf({ channel: row.channel, leadMinutes: row.lead_minutes, start: row.start_at, doctorId: row.doctor_id }),
      ),
  )
  await settleReminders(
    tx,
    stale.map(({ id }) => id),
    { status: 'skipped', reason: 'outdated', settled_at: now },
  )
  for (const { ruleId, channel, leadMinutes, dueAt, start, doctorId } of wanted) {
    const key = { appointment_id: visit.id, start_at: start, channel, lead_minutes: leadMinutes }
    const change = { due_at: dueAt, rule_id: ruleId, doctor_id: doctorId }
    const rest = { status: 'due' as const, reason: '', created_at: now, settled_at: null }
    const row = { id: deps.newId<'Reminder'>(), clinic_id: visit.clinicId, patient_id: visit.patientId, ...rest }
    const isNew = await insertReminder(tx, { ...row, ...key, ...change, local_day: visit.localDay })
    if (!isNew) await reviveReminder(tx, key, change)
  }
  if (!isOff) await letHoldAgain(tx, visit, now)
}

/**
 * A visit that went away from its time and came back while the message of its reminder waited: what the message tells is true again.
 * As late as any other reminder, and whether or not a new one would be made for a visit placed so lately: nobody was told yet.
 */
async function letHoldAgain(tx: Tx, { id, start, doctorId }: Visit, now: Instant): Promise<void> {
  const since = now - minutes(CATCH_UP_MINUTES)
  const outdated = start > now ? await listOutdatedReminders(tx, { appointmentId: id, start, doctorId, since }) : []
  await changeNotifications(
    tx,
    outdated.map((row) => row.id),
    { status: statusAfter('skipped', 'holds-again'), reason: '', next_at: now, updated_at: now },
  )
}

/** When the visit got this start; looked up only where that was not at its booking. */
async function placedAtOf(tx: Tx, visit: Visit): Promise<Instant> {
  let placedAt = visit.createdAt
  for (let revision = visit.revision - 1; revision >= 1; revision -= 1) {
    const before = await findRevision(tx, visit.id as AppointmentId, revision)
    if (!before) return placedAt
    if (before.visit.start !== visit.start || before.visit.status === 'unplaced') {
      const after = await findRevision(tx, visit.id as AppointmentId, revision + 1)
      return after?.visit.updatedAt ?? visit.updatedAt
    }
    placedAt = before.visit.createdAt
  }
  return placedAt
}

/** Plans all visits ahead of a clinic: after its rules have changed, and once a day for what an event was lost of. */
export async function planReminderDays(
  { database, now, newId }: Pick<NotificationDeps, 'database' | 'now' | 'newId'>,
  clinicId: EventEnvelope['clinicId'],
): Promise<number> {
  const at = now()
  const clinic = (await database.read(listClinics)).find(({ id }) => id === clinicId)
  if (!clinic) return 0
  const until = startOfDay(addDays(localDayOf(at, clinic.zone), 91), clinic.zone) + hours(24)
  let planned = 0
  for (let after = ''; ; ) {
    const page = { from: at, until, after, limit: VISITS_AT_ONCE }
    const last = await database.write(async (tx) => {
      const rules = (await listRules(tx, clinicId)).map(toRule)
      const visits = await listVisitsAhead(tx, clinicId, page)
      for (const visit of visits) await planOfVisit({ now, newId }, tx, { ...visit, _deleted: false }, rules)
      planned += visits.length
      return visits.length === VISITS_AT_ONCE ? visits.at(-1)?.id : undefined
    })
    if (last === undefined) return planned
    after = last
  }
}
