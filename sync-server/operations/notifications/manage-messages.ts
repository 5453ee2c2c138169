/** The messages of a clinic: what was sent, what waits and why, and one of them sent again. */
import { can, type Subject } from '#domain/access/can.ts'
import type { MessageView } from '#domain/api/notification-api.ts'
import { statusAfter } from '#domain/message/delivery.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import {
  changeNotifications,
  type DeliveryFilter,
  findNotification,
  listOfClinic,
  type NotificationId,
  type NotificationRow,
} from '#server/repositories/notifications.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }

const toView = (row: NotificationRow): MessageView => ({
  id: row.id,
  type: row.type,
  kind: row.kind,
  patientId: row.patient_id,
  userId: row.user_id,
  appointmentId: row.appointment_id,
  recipient: row.recipient,
  subject: row.subject,
  message: row.message,
  status: row.status,
  reason: row.reason,
  mergedInto: row.merged_into,
  attempts: row.attempts,
  nextAttemptAt: row.status === 'pending' ? row.next_at : null,
  createdAt: row.created_at,
  sentAt: row.sent_at,
  deliveredAt: row.delivered_at,
})

/** A page of the clinic's messages, newest first; undefined for who may not look at the whole clinic. */
export async function listMessages({ database, audit }: Deps, subject: Subject, filter: DeliveryFilter) {
  const { clinicId } = subject
  if (!can(subject, 'view-activity', { clinicId })) return undefined
  const found = await database.read((tx) => listOfClinic(tx, clinicId, { ...filter, limit: filter.limit + 1 }))
  const rows = found.slice(0, filter.limit)
  await noteShown({ audit }, subject, rows)
  return { messages: rows.map(toView), last: found.length > filter.limit ? (rows.at(-1)?.id ?? null) : null }
}

async function noteShown({ audit }: Pick<Deps, 'audit'>, subject: Subject, rows: readonly NotificationRow[]) {
  const patients = [...new Set(rows.flatMap(({ patient_id }) => patient_id ?? []))]
  if (patients.length === 0) return
  await audit({ ...byWhom(subject), action: 'read', collection: 'patients', documentIds: patients })
}

/** Begins the tries of a message anew that was given up; undefined when there is none of that id. */
export async function resendMessage(
  { database, now, audit }: Deps,
  subject: Subject,
  id: NotificationId,
): Promise<MessageView | undefined> {
  const { clinicId } = subject
  if (!can(subject, 'view-activity', { clinicId })) return undefined
  const row = await database.write(async (tx) => {
    const current = await findNotification(tx, id)
    if (current?.clinic_id !== clinicId) return undefined
    const status = statusAfter(current.status, 'replay')
    if (status === current.status) return current
    const change = { status, reason: '', attempts: 0, next_at: now(), updated_at: now() }
    await changeNotifications(tx, [id], change)
    return { ...current, ...change }
  })
  if (!row) return undefined
  const documentIds = row.patient_id === null ? [] : [row.patient_id]
  await audit({ ...byWhom(subject), action: 'message-resent', collection: 'patients', documentIds })
  return toView(row)
}
