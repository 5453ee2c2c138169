/** What the messages of a parcel come to at the moment of sending: some are told, alone or together, the others are left out. */

import { isExpected } from '#domain/appointment/own-day.ts'
import type { Id, ScheduleId, WaitlistOfferId } from '#domain/ids.ts'
import { mergedValues, mergeSameDay } from '#domain/message/merge-same-day.ts'
import { KIND_RULES, type MessageKind, type MessageValues } from '#domain/message/message-kinds.ts'
import { newsOf } from '#domain/message/news.ts'
import { isStillRight } from '#domain/message/reminder-rules.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { toInstantChoosing } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { findRevision } from '#server/repositories/appointment-revisions.ts'
import { getClinic, getPolicies } from '#server/repositories/clinic-rows.ts'
import { findDelay, findDelayNotice, hasLaterNotice } from '#server/repositories/delays.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { findKnownRevision, type NotificationRow } from '#server/repositories/notifications.ts'
import { findRule, toRule } from '#server/repositories/reminders.ts'
import { findOffer } from '#server/repositories/waitlist.ts'
import { isNews, type Parcel } from './claim-messages.ts'
import { type Told, valuesFor } from './message-values.ts'
import { channelOfType, type NotificationDeps } from './notification-deps.ts'
import { addressOn, findPatientRecipient, findUserRecipient, type Recipient } from './recipients.ts'

/** One message to be sent: the row that carries it, those it tells too, and what it says. */
export type Letter = {
  readonly row: NotificationRow
  readonly merged: readonly NotificationRow[]
  /** The revision that is told of each visit, by the id of its row. */
  readonly toldRevisions: ReadonlyMap<NotificationRow['id'], number | null>
  readonly kind: MessageKind
  readonly address: string
  readonly name: string
  readonly values: MessageValues
  /** The visits it is about, for calendars. */
  readonly visits: readonly WireDocument<'appointments'>[]
  readonly isAnswerable: boolean
}
export type Omission = { readonly row: NotificationRow; readonly reason: string }
export type Judgement = { readonly letters: readonly Letter[]; readonly omissions: readonly Omission[] }

type Deps = Pick<NotificationDeps, 'linkTo'>
type Part = {
  readonly row: NotificationRow
  readonly kind: MessageKind
  readonly told: Told
  readonly visit: WireDocument<'appointments'> | null
}

/** Reads everything anew; what is decided here was true a moment before it is sent. */
export async function judgeParcel(deps: Deps, tx: Tx, { rows }: Parcel, now: Instant): Promise<Judgement> {
  const omissions: Omission[] = []
  const parts: Part[] = []
  for (const group of byVisit(rows)) {
    const judged = await judgeGroup(deps, tx, group, now)
    if ('part' in judged) parts.push(judged.part)
    omissions.push(...judged.omissions)
  }
  const [first] = parts
  if (!first) return { letters: [], omissions }
  const recipient = await recipientOf(tx, first.row)
  const reached = recipient ? await addressOn(tx, recipient, channelOfType(first.row.type)) : NOBODY
  if (!recipient || 'skip' in reached) {
    const reason = 'skip' in reached ? reached.skip : 'no-address'
    return { letters: [], omissions: [...omissions, ...parts.map(({ row }) => ({ row, reason }))] }
  }
  return { letters: await lettersOf(tx, parts, recipient, reached.address), omissions }
}

const NOBODY = { skip: 'no-address' } as const

/** News of one visit belong together; everything else stands alone. */
function byVisit(rows: readonly NotificationRow[]): readonly (readonly [NotificationRow, ...NotificationRow[]])[] {
  const groups = new Map<string, [NotificationRow, ...NotificationRow[]]>()
  for (const row of rows) {
    const key = isNews(row) ? (row.appointment_id ?? row.id) : row.id
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups.values()]
}

type Judged =
  | { readonly part: Part; readonly omissions: readonly Omission[] }
  | { readonly omissions: readonly Omission[] }

async function judgeGroup(
  deps: Deps,
  tx: Tx,
  rows: readonly [NotificationRow, ...NotificationRow[]],
  now: Instant,
): Promise<Judged> {
  const [row] = rows
  const all = (reason: string): Judged => ({ omissions: rows.map((each) => ({ row: each, reason })) })
  if (rows.every(({ expires_at }) => expires_at <= now)) return all('expired')
  if (isNews(row)) return judgeNews(deps, tx, rows, now)
  if (row.kind === 'reminder') return judgeReminder(deps, tx, row)
  if (row.kind === 'waitlist-offer') return judgeOffer(deps, tx, row, now)
  if (row.kind === 'doctor-delayed') return judgeDelay(deps, tx, row)
  const { zone } = await getClinic(tx, row.clinic_id)
  const plain: Told = { start: row.created_at, zone, doctorId: null, locationId: null, link: deps.linkTo('/') }
  if (row.kind !== 'schedule-changed') return { part: { row, kind: row.kind, told: plain, visit: null }, omissions: [] }
  const schedule = await findDocument(tx, 'schedules', row.subject_id as ScheduleId)
  if (!schedule) return all('outdated')
  const start = toInstantChoosing(schedule.date, schedule.startTime, schedule.zone, 'earlier')
  const told = { ...plain, start, zone: schedule.zone, doctorId: schedule.doctorId }
  return { part: { row, kind: row.kind, told, visit: null }, omissions: [] }
}

/** What the person knows is what they were told last; what they are told now is how the visit stands. */
async function judgeNews(
  { linkTo }: Deps,
  tx: Tx,
  rows: readonly [NotificationRow, ...NotificationRow[]],
  now: Instant,
): Promise<Judged> {
  const last = rows.at(-1) ?? rows[0]
  const all = (reason: string): Judged => ({ omissions: rows.map((row) => ({ row, reason })) })
  const id = last.appointment_id
  const visit = id && (await findDocument(tx, 'appointments', id))
  if (!id || !visit || visit._deleted) return all('outdated')
  const first = Math.min(...rows.map(({ appointment_revision }) => appointment_revision ?? visit.revision))
  const known = await findKnownRevision(tx, last, first)
  const before = known > 0 ? ((await findRevision(tx, id, known))?.visit ?? null) : null
  const news = newsOf(before, seenBy(last, visit), now)
  if ('skip' in news) return all(news.skip === 'undone' ? 'cancelled-before-sending' : news.skip)
  // A booking is no news for a phone: what it comes to was told on the channels of its kind.
  if (!KIND_RULES[news.kind].channels.includes(channelOfType(last.type))) return all('duplicate')
  const byUserId = (await findRevision(tx, id, last.appointment_revision ?? visit.revision))?.userId ?? null
  const told: Told = {
    start: visit.start,
    zone: visit.zone,
    doctorId: visit.doctorId,
    locationId: visit.locationId,
    previousStart: before?.start ?? null,
    byUserId,
    // A patient who called off by SMS has no account that did it.
    byName: visit.status === 'cancelled' ? visit.cancelledByName : '',
    link: linkTo('/'),
  }
  const omissions = rows.slice(0, -1).map((row) => ({ row, reason: 'duplicate' }))
  return { part: { row: last, kind: news.kind, told, visit }, omissions }
}

/** For a doctor who has lost the visit to another one it is gone. */
function seenBy({ about_doctor_id }: NotificationRow, visit: WireDocument<'appointments'>) {
  const isGone = about_doctor_id !== null && about_doctor_id !== visit.doctorId && visit.status !== 'cancelled'
  return isGone ? { ...visit, status: 'cancelled' as const } : visit
}

async function judgeReminder({ linkTo }: Deps, tx: Tx, row: NotificationRow): Promise<Judged> {
  const visit = row.appointment_id && (await findDocument(tx, 'appointments', row.appointment_id))
  const rule = row.rule_id ? await findRule(tx, row.clinic_id, row.rule_id) : undefined
  const about = { start: row.about_start ?? 0, doctorId: row.about_doctor_id ?? ('' as never) }
  if (!visit || visit._deleted || !isStillRight(about, visit, rule && toRule(rule))) {
    return { omissions: [{ row, reason: 'outdated' }] }
  }
  const { start, zone, doctorId, locationId } = visit
  const told = { start, zone, doctorId, locationId, link: linkTo('/') }
  return { part: { row, kind: 'reminder', told, visit }, omissions: [] }
}

async function judgeOffer({ linkTo }: Deps, tx: Tx, row: NotificationRow, now: Instant): Promise<Judged> {
  const offer = await findOffer(tx, row.clinic_id, row.subject_id as WaitlistOfferId)
  if (offer?.status !== 'open' || offer.expiresAt <= now) return { omissions: [{ row, reason: 'outdated' }] }
  const { zone } = await getClinic(tx, row.clinic_id)
  const told = { start: offer.start, zone, doctorId: offer.doctorId, locationId: null, link: linkTo('/') }
  return { part: { row, kind: 'waitlist-offer', told, visit: null }, omissions: [] }
}

/** Told as ordered, as long as the doctor is late still and the patient still to come; of two figures only the later one. */
async function judgeDelay({ linkTo }: Deps, tx: Tx, row: NotificationRow): Promise<Judged> {
  const skip = (reason: string): Judged => ({ omissions: [{ row, reason }] })
  const notice = await findDelayNotice(tx, row.subject_id as Id<'DelayNotice'>)
  if (!notice) return skip('cancelled-before-sending')
  const { doctor_id: doctorId, local_day: day } = notice
  const visit = await findDocument(tx, 'appointments', notice.appointment_id)
  const delay = await findDelay(tx, { clinicId: row.clinic_id, doctorId, day })
  const isThere = visit && !visit._deleted && visit.localDay === day && visit.doctorId === doctorId
  if (!isThere || !isExpected(visit) || !delay || delay.minutes === 0) return skip('outdated')
  if (await hasLaterNotice(tx, notice)) return skip('duplicate')
  const { start, zone, locationId } = visit
  const told: Told = { start, zone, doctorId, locationId, minutesLate: notice.minutes, link: linkTo('/') }
  return { part: { row, kind: row.kind, told, visit: null }, omissions: [] }
}

async function recipientOf(tx: Tx, row: NotificationRow): Promise<Recipient | undefined> {
  const policies = await getPolicies(tx, row.clinic_id)
  if (row.patient_id !== null) return findPatientRecipient(tx, row.clinic_id, row.patient_id, policies)
  return row.user_id === null ? undefined : findUserRecipient(tx, row.clinic_id, row.user_id, policies)
}

/** Several visits of one day make one letter. */
async function lettersOf(
  tx: Tx,
  parts: readonly Part[],
  recipient: Recipient,
  address: string,
): Promise<readonly Letter[]> {
  const [{ row: any }] = parts as readonly [Part, ...Part[]]
  const { zone } = await getClinic(tx, any.clinic_id)
  const { smsReplies } = await getPolicies(tx, any.clinic_id)
  const mergeable = parts.map((part) => ({
    part,
    clinicId: part.row.clinic_id,
    recipient: `${recipient.key} ${address}`,
    channel: channelOfType(part.row.type),
    kind: part.kind,
    start: part.told.start,
  }))
  const letters: Letter[] = []
  for (const { messages } of mergeSameDay(mergeable, zone)) {
    const [{ part: first }, ...others] = messages
    const values: MessageValues[] = []
    for (const { part } of messages) values.push(await valuesFor(tx, part.row, recipient.name, part.told))
    letters.push({
      row: first.row,
      merged: others.map(({ part }) => part.row),
      toldRevisions: new Map(messages.map(({ part }) => [part.row.id, part.visit?.revision ?? null])),
      kind: first.kind,
      address,
      name: recipient.name,
      values: mergedValues(values as [MessageValues, ...MessageValues[]]),
      visits: messages.flatMap(({ part }) => part.visit ?? []),
      isAnswerable: smsReplies === 'on' && first.kind === 'reminder' && messages.length === 1,
    })
  }
  return letters
}
