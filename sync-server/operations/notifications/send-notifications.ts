/**
 * Sends what is due: claimed, judged anew, handed over, noted. A sender that dies between the last two sends that message again,
 * under the same id: at most one duplicate per crash.
 */

import { randomBytes } from 'node:crypto'
import { invitationText, withdrawalText } from '#domain/calendar/invitation.ts'
import { type DeliveryEvent, nextTry, statusAfter } from '#domain/message/delivery.ts'
import { htmlOfText } from '#domain/message/html-of-text.ts'
import { codeFrom } from '#domain/message/reply.ts'
import { fitSms } from '#domain/message/sms-length.ts'
import { renderTemplate, type Template } from '#domain/message/template.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { type Mail, MailRefused } from '#server/operations/mailer.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { changeNotifications, findNotification, type NotificationRow } from '#server/repositories/notifications.ts'
import { SmsRefused } from '#server/sms/sms-sender.ts'
import { claimParcels, type Parcel } from './claim-messages.ts'
import { type Judgement, judgeParcel, type Letter } from './judge-parcel.ts'
import { templateFor } from './message-words.ts'
import { channelOfType, type NotificationDeps } from './notification-deps.ts'
import { showNotice } from './own-notices.ts'

const MOST_SMS_SEGMENTS = 3
const PARCELS_AT_ONCE = 8

/** Sends one page of what is due. @returns true when there may be more */
export async function sendDueNotifications(deps: NotificationDeps): Promise<boolean> {
  const parcels = await claimParcels(deps)
  const waiting = [...parcels]
  const work = async (): Promise<void> => {
    for (let parcel = waiting.shift(); parcel; parcel = waiting.shift()) await sendParcel(deps, parcel)
  }
  await Promise.all(Array.from({ length: PARCELS_AT_ONCE }, work))
  return parcels.length > 0
}

/** One that fails by surprise stops no other: its lease ends, and it is looked at again. */
async function sendParcel(deps: NotificationDeps, parcel: Parcel): Promise<void> {
  try {
    const judgement = await deps.database.read((tx) => judgeParcel(deps, tx, parcel, deps.now()))
    await leaveOut(deps, judgement)
    for (const letter of judgement.letters) await sendLetter(deps, letter)
  } catch (error) {
    deps.log.error({ err: error, kind: parcel.rows[0].kind }, 'a message could not be looked at')
  }
}

async function leaveOut({ database, now }: NotificationDeps, { omissions }: Judgement): Promise<void> {
  if (omissions.length === 0) return
  await database.write(async (tx) => {
    for (const { row, reason } of omissions) {
      await changeNotifications(tx, [row.id], { status: statusAfter(row.status, 'skip'), reason, updated_at: now() })
    }
  })
}

type Written = Template & { readonly code: string | null }

async function sendLetter(deps: NotificationDeps, letter: Letter): Promise<void> {
  const words = await write(deps, letter)
  try {
    const gatewayId = await handOver(deps, letter, words)
    await settle(deps, letter, words, 'handed-over', gatewayId)
  } catch (error) {
    const isFinal = error instanceof MailRefused || error instanceof SmsRefused
    deps.log.warn({ err: error, type: letter.row.type, kind: letter.kind }, 'a message could not be sent')
    await (isFinal ? settle(deps, letter, words, 'refused', null) : postpone(deps, letter, error))
  }
}

/** The words are kept with a code of their own, which is the same for every try. */
async function write({ database }: NotificationDeps, { row, kind, values, isAnswerable }: Letter): Promise<Written> {
  const channel = channelOfType(row.type)
  const code = isAnswerable && row.type === 'sms' ? (row.code ?? newReplyCode()) : null
  const question = { clinicId: row.clinic_id, kind, channel, language: row.language, acceptsReplies: code !== null }
  const template = await database.read((tx) => templateFor(tx, question))
  const { subject, body } = renderTemplate(template, { ...values, ...(code !== null && { code }) })
  const text = row.type === 'sms' ? fitSms(body, MOST_SMS_SEGMENTS, code ?? '') : body
  if (code !== null && code !== row.code) {
    await database.write((tx) => changeNotifications(tx, [row.id], { code }))
  }
  return { subject, body: text, code }
}

function newReplyCode(): string {
  for (;;) {
    const code = codeFrom(randomBytes(32))
    if (code !== null) return code
  }
}

/** @returns the gateway's id, where there is one */
async function handOver(deps: NotificationDeps, letter: Letter, words: Written): Promise<string | null> {
  const { row, address } = letter
  if (row.type === 'websocket') return null
  if (row.type === 'email') {
    await deps.mailer.send(await mailOf(deps, letter, words))
    return null
  }
  const statusCallback = deps.statusCallback?.(row.id)
  const { gatewayId } = await deps.sms.send({
    id: row.id,
    to: address,
    body: words.body,
    ...(statusCallback !== undefined && { statusCallback }),
  })
  return gatewayId
}

async function mailOf(deps: NotificationDeps, letter: Letter, { subject, body }: Written): Promise<Mail> {
  const { row, address, name } = letter
  const calendar = await calendarOf(deps, letter)
  return {
    id: row.id,
    to: { name, address },
    subject,
    text: `${body}\n`,
    html: htmlOfText(body, { language: row.language, title: subject }),
    ...(calendar && { calendar }),
  }
}

/** An entry for the recipient's calendar where the message is about one visit; several would each need a mail of their own. */
async function calendarOf(
  { database, mailFrom, now }: NotificationDeps,
  { row, kind, visits, address, name, values }: Letter,
): Promise<Mail['calendar']> {
  const [visit, ...others] = visits
  if (!visit || others.length > 0 || kind === 'reminder' || kind === 'unplaced') return undefined
  const clinic = await database.read((tx) => getClinic(tx, row.clinic_id))
  const invitation = {
    visit,
    organizer: { name: clinic.name, address: mailFrom },
    attendee: { name, address },
    summary: [clinic.name, values.doctorName].filter(Boolean).join(', '),
    place: values.place ?? '',
    now: now(),
  }
  const isOff = kind === 'cancelled'
  return isOff
    ? { method: 'CANCEL', text: withdrawalText(invitation) }
    : { method: 'REQUEST', text: invitationText(invitation) }
}

async function settle(
  deps: NotificationDeps,
  { row, merged, toldRevisions, address, kind }: Letter,
  words: Written,
  event: DeliveryEvent,
  gatewayId: string | null,
): Promise<void> {
  const at = deps.now()
  const isSent = event === 'handed-over'
  const isShown = isSent && row.type === 'websocket'
  const note = async (tx: Tx): Promise<void> => {
    const current = await findNotification(tx, row.id)
    if (!current) return
    const change: Partial<NotificationRow> = {
      kind,
      status: statusAfter(current.status, event),
      reason: isSent ? '' : 'refused',
      recipient: address,
      subject: words.subject,
      message: words.body,
      code: words.code,
      attempts: current.attempts + 1,
      updated_at: at,
      ...(isSent && { sent_at: at, told_revision: toldRevisions.get(row.id) ?? null }),
      ...(gatewayId !== null && { gateway_id: gatewayId }),
    }
    await changeNotifications(tx, [row.id], change)
    const together = { status: change.status ?? 'sent', merged_into: row.id, updated_at: at }
    for (const { id } of merged) {
      const told = isSent ? { sent_at: at, told_revision: toldRevisions.get(id) ?? null } : {}
      await changeNotifications(tx, [id], { ...together, ...told })
    }
  }
  await (isShown ? showWith(deps, row, at, note) : deps.database.write(note))
  if (isShown && row.user_id !== null) deps.onShown([row.user_id])
}

/** What stands in the app comes into its reader's list in the same write. */
const showWith = (
  { writer }: NotificationDeps,
  { id, clinic_id }: NotificationRow,
  at: Instant,
  note: (tx: Tx) => Promise<void>,
): Promise<void> =>
  writer.submit<void>(clinic_id, 'bulk', {
    subject: null,
    door: 'job',
    run: async (ctx) => {
      await note(ctx.tx)
      await showNotice(ctx, id, at)
      return { ok: true, value: undefined }
    },
  })

/** Later, or put aside after the last try. */
async function postpone(deps: NotificationDeps, { row, merged }: Letter, error: unknown): Promise<void> {
  const at = deps.now()
  const wish = (error as { retryAfterMs?: unknown }).retryAfterMs
  await deps.database.write(async (tx) => {
    const current = await findNotification(tx, row.id)
    if (!current) return
    const attempts = current.attempts + 1
    const next = nextTry(attempts, deps.random(), typeof wish === 'number' ? wish : 0)
    const isOver = next.kind === 'parked'
    const ids = [row, ...merged].map(({ id }) => id)
    await changeNotifications(tx, ids, {
      attempts,
      updated_at: at,
      reason: 'unreachable',
      ...(isOver ? { status: statusAfter(current.status, 'gave-up') } : { next_at: at + next.delayMs }),
    })
  })
}
