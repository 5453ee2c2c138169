/**
 * What people write back, and what the gateway reports. A reply acts only when number and code name exactly one message that waits;
 * everything else becomes a task for a person. Each message of the gateway counts once, by its id.
 */
import { can, type Subject } from '#domain/access/can.ts'
import type { ReplyView } from '#domain/api/notification-api.ts'
import type { AppointmentId, ClinicId } from '#domain/ids.ts'
import { statusAfter } from '#domain/message/delivery.ts'
import { decideReply, parseReply, type ReplyDecision } from '#domain/message/reply.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import { lockDocument, saveDocument } from '#server/operations/save-document.ts'
import { isTooLateForPatient } from '#server/operations/self-service-rules.ts'
import { findDocument } from '#server/repositories/documents.ts'
import {
  countWrongTries,
  insertInbound,
  listOpenInbound,
  setInbound,
  settleInbound,
} from '#server/repositories/inbound-messages.ts'
import { optIn, optOut } from '#server/repositories/notification-settings.ts'
import {
  changeNotifications,
  findByGatewayId,
  findNotification,
  listAnswerable,
  type NotificationId,
  type NotificationRow,
} from '#server/repositories/notifications.ts'

export type ReplyDeps = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
}

export type InboundMessage = {
  /** The gateway's id. */
  readonly id: string
  /** E.164. */
  readonly from: string
  readonly body: string
}

export type ReplyOutcome =
  | 'confirmed'
  | 'cancelled'
  | 'opted-out'
  | 'opted-in'
  | 'task'
  | 'locked'
  | 'repeated'
  | 'too-late'

/** Takes an answer in. Never throws for what it says. */
export async function takeReply({ database, writer, now }: ReplyDeps, message: InboundMessage): Promise<ReplyOutcome> {
  const decided = await database.write((tx) => decide(tx, message, now()))
  if (decided === 'repeated') return 'repeated'
  const { decision, row } = decided
  if (decision.do === 'opt-out' || decision.do === 'opt-in') return decision.do === 'opt-out' ? 'opted-out' : 'opted-in'
  if (decision.do === 'locked' || decision.do === 'task' || !row?.appointment_id) {
    return decision.do === 'locked' ? 'locked' : 'task'
  }
  const isDone = await act(writer, row.clinic_id, row.appointment_id, decision.do, row.about_start)
  const result = isDone ? (decision.do === 'confirm' ? 'confirmed' : 'cancelled') : 'too-late'
  await database.write((tx) => setInbound(tx, message.id, { result, is_open: isDone ? 0 : 1 }))
  return result
}

const HOUR_MS = hours(1)

/** Notes the message, once, and what it means. */
async function decide(
  tx: Tx,
  { id, from, body }: InboundMessage,
  now: Instant,
): Promise<'repeated' | { readonly decision: ReplyDecision; readonly row: NotificationRow | undefined }> {
  const waiting = await listAnswerable(tx, from, now)
  const pending = waiting.map((row) => ({ id: row.id as string, phone: row.recipient, code: row.code ?? '' }))
  const wrongTries = await countWrongTries(tx, from, now - HOUR_MS)
  const decision = decideReply(parseReply(body), pending, from, wrongTries)
  const row = 'messageId' in decision ? waiting.find((each) => each.id === decision.messageId) : undefined
  const isNew = await insertInbound(tx, {
    id,
    // Whose desk it is for: where the number is known, the clinic that wrote to it last.
    clinic_id: row?.clinic_id ?? waiting.at(-1)?.clinic_id ?? null,
    number: from,
    body: body.slice(0, 1600),
    result: decision.do === 'task' ? decision.reason : decision.do,
    is_wrong_try: decision.do === 'task' && decision.isWrongTry ? 1 : 0,
    notification_id: row?.id ?? null,
    is_open: decision.do === 'task' ? 1 : 0,
    received_at: now,
    settled_at: null,
    settled_by: null,
  })
  if (!isNew) return 'repeated'
  if (decision.do === 'opt-out') await optOut(tx, from, now)
  if (decision.do === 'opt-in') await optIn(tx, from)
  return { decision, row }
}

/** Confirms or cancels a visit that still stands at the time the message was about, for its patient. */
function act(
  writer: ClinicWriter,
  clinicId: ClinicId,
  id: AppointmentId,
  action: 'confirm' | 'cancel',
  start: Instant | null,
): Promise<boolean> {
  return writer.submit<boolean>(clinicId, 'interactive', {
    subject: null,
    door: 'job',
    run: async (ctx) => {
      const visit = await lockDocument(ctx, 'appointments', id)
      const stands = visit && !visit._deleted && visit.start === start && visit.start > ctx.now
      if (!stands || (visit.status !== 'pending' && visit.status !== 'confirmed')) return { ok: true, value: false }
      if (action === 'confirm') {
        if (visit.status === 'pending')
          await saveDocument(ctx, 'appointments', visit, { ...visit, status: 'confirmed' })
        return { ok: true, value: true }
      }
      // So near the visit its patient has to call: the desk finds the answer among its tasks.
      if (await isTooLateForPatient(ctx, visit)) return { ok: true, value: false }
      const patient = await findDocument(ctx.tx, 'patients', visit.patientId)
      const by = { cancelledBy: null, cancelledByName: (patient?.name ?? '').slice(0, 120) }
      const cancelled = { cancelledAt: ctx.now, ...by, cancelReason: 'SMS' }
      await saveDocument(ctx, 'appointments', visit, { ...visit, ...cancelled, status: 'cancelled' })
      return { ok: true, value: true }
    },
  })
}

export type DeliveryReport = {
  readonly notificationId: NotificationId | null
  /** Null where no gateway is in between: an e-mail. */
  readonly gatewayId: string | null
  readonly state: 'delivered' | 'failed' | 'under-way'
}

/** Notes what the gateway says became of a text, or a mail server of an e-mail. @returns false where there is no such message */
export const takeReport = (
  { database, now }: Pick<ReplyDeps, 'database' | 'now'>,
  { notificationId, gatewayId, state }: DeliveryReport,
): Promise<boolean> =>
  database.write(async (tx) => {
    const row =
      notificationId === null ? await findByGatewayId(tx, gatewayId ?? '') : await findNotification(tx, notificationId)
    if (!row) return false
    if (state === 'under-way') return true
    const status = statusAfter(row.status, state === 'delivered' ? 'reported-delivered' : 'reported-failed')
    const isNews = status !== row.status
    await changeNotifications(tx, [row.id], {
      status,
      ...(gatewayId !== null && { gateway_id: gatewayId }),
      updated_at: now(),
      ...(isNews && status === 'delivered' && { delivered_at: now() }),
      ...(isNews && status === 'failed' && { reason: 'undeliverable' }),
    })
    return true
  })

/** Answers that wait for a person, oldest first; undefined for who may not see the clinic's patients. */
export async function listReplies(
  { database, audit }: Pick<ReplyDeps, 'database'> & { readonly audit: NoteAccess },
  subject: Subject,
): Promise<ReplyView[] | undefined> {
  const { clinicId } = subject
  if (!can(subject, 'view-patients', { clinicId })) return undefined
  const rows = await database.read((tx) => listOpenInbound(tx, clinicId))
  if (rows.length > 0) await audit({ ...byWhom(subject), action: 'replies-viewed' })
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    body: row.body,
    result: row.result,
    notificationId: row.notification_id,
    receivedAt: row.received_at,
  }))
}

/** Somebody has looked. @returns false where there is no such answer of this clinic */
export async function settleReply(
  { database, now, audit }: Pick<ReplyDeps, 'database' | 'now'> & { readonly audit: NoteAccess },
  subject: Subject,
  id: string,
): Promise<boolean> {
  const { clinicId, userId } = subject
  if (!can(subject, 'view-patients', { clinicId })) return false
  const isSettled = await database.write((tx) => settleInbound(tx, { clinicId, id, userId, now: now() }))
  if (isSettled) await audit({ ...byWhom(subject), action: 'reply-settled' })
  return isSettled
}
