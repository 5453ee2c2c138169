/**
 * From an event to messages that wait: who is to be told, on which channels, and from when. What exactly they are told is decided
 * when it is sent, because it may have changed by then.
 */
import type { DomainEvent } from '#domain/events/domain-events.ts'
import type { EventEnvelope } from '#domain/events/envelope.ts'
import type { ClinicId, DoctorId, PatientId, UserId } from '#domain/ids.ts'
import { KIND_RULES, type MessageKind, UNDO_WINDOW_MINUTES } from '#domain/message/message-kinds.ts'
import { DELAY_UNDO_MS } from '#domain/schedule/doctor-delay.ts'
import { hours, type Instant, minutes } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { findRevision, type Revision } from '#server/repositories/appointment-revisions.ts'
import { findLastAuthor } from '#server/repositories/audit-log.ts'
import { findCallTask } from '#server/repositories/call-tasks.ts'
import { getPolicies } from '#server/repositories/clinic-rows.ts'
import { listNoticesOfBatch } from '#server/repositories/delays.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { insertNotification, type NotificationRow } from '#server/repositories/notifications.ts'
import { findReportRow } from '#server/repositories/reports.ts'
import { findOffer } from '#server/repositories/waitlist.ts'
import { type NotificationDeps, typeOfChannel } from './notification-deps.ts'
import { findPatientRecipient, findUserRecipient, type Recipient } from './recipients.ts'

type Deps = Pick<NotificationDeps, 'now' | 'newId'>

/** News older than this is no news: after a longer outage nobody is told of it. */
const NEWS_LIFE_MS = hours(24)
const NEVER: Instant = 9_999_999_999_999

/** What one message is about, beside whom it is for. */
type Subject = Pick<NotificationRow, 'kind' | 'source_id' | 'clinic_id'> &
  Partial<
    Pick<
      NotificationRow,
      'appointment_id' | 'subject_id' | 'appointment_revision' | 'about_start' | 'about_doctor_id' | 'expires_at'
    >
  >

/** Writes the messages that an event asks for; in the transaction that notes the event as done. */
export async function planNotifications(deps: Deps, tx: Tx, event: EventEnvelope): Promise<void> {
  switch (event.type) {
    case 'AppointmentBooked':
    case 'AppointmentMoved':
    case 'AppointmentCancelled':
    case 'AppointmentConfirmed':
    case 'AppointmentUnplaced':
      return planVisit(deps, tx, event)
    case 'WaitlistOfferMade':
      return planOffer(deps, tx, event)
    case 'DoctorDelayTold':
      return planDelay(deps, tx, event)
    case 'ScheduleChanged':
      return planSchedule(deps, tx, event)
    case 'ReportFinished':
      return planReport(deps, tx, event)
    case 'DeviceRevoked':
      return planForUser(deps, tx, event, 'device-revoked', event.payload.userId)
    case 'SignedInFromNewDevice':
      return planForUser(deps, tx, event, 'new-device-sign-in', event.payload.userId)
    default:
      return undefined
  }
}

type VisitEvent = EventEnvelope &
  Extract<
    DomainEvent,
    {
      type:
        | 'AppointmentBooked'
        | 'AppointmentMoved'
        | 'AppointmentCancelled'
        | 'AppointmentConfirmed'
        | 'AppointmentUnplaced'
    }
  >

const KIND_OF_EVENT: Readonly<Record<VisitEvent['type'], MessageKind>> = {
  AppointmentBooked: 'booked',
  AppointmentMoved: 'moved',
  AppointmentCancelled: 'cancelled',
  AppointmentConfirmed: 'confirmed',
  AppointmentUnplaced: 'unplaced',
}

/** The patient is told, and the doctors whose day it changes unless they changed it themselves. */
async function planVisit(deps: Deps, tx: Tx, event: VisitEvent): Promise<void> {
  const { payload, clinicId } = event
  const written = await findRevision(tx, payload.appointmentId, payload.revision)
  // Somebody who stands at the desk need not be told that they do.
  if (!written || isOver(written, event) || isAtTheDesk(written, event)) return
  const policies = await getPolicies(tx, clinicId)
  const kind = KIND_OF_EVENT[event.type]
  const subject: Subject = {
    kind,
    source_id: event.id,
    clinic_id: clinicId,
    appointment_id: payload.appointmentId,
    appointment_revision: payload.revision,
  }
  const patient = await findPatientRecipient(tx, clinicId, payload.patientId, policies)
  if (patient && !(await isLeftToCall(tx, event))) await addAll(deps, tx, event, subject, patient)
  // A lost wish never stood in a doctor's day.
  if (kind === 'unplaced' || kind === 'confirmed') return
  for (const doctorId of doctorsOf(event)) {
    const doctor = await findDoctorRecipient(tx, clinicId, doctorId, written.userId)
    if (doctor) await addAll(deps, tx, event, { ...subject, about_doctor_id: doctorId }, doctor, ['app'], event.at)
  }
}

/** Whoever changed a whole day may have said that its patients are called, and not written to. */
async function isLeftToCall(tx: Tx, { clinicId, payload }: VisitEvent): Promise<boolean> {
  const task = await findCallTask(tx, clinicId, payload.appointmentId)
  return task !== undefined && task.is_messaged === 0 && task.revision === payload.revision
}

const isOver = ({ visit }: Revision, { at }: VisitEvent): boolean => visit.start <= at
const isAtTheDesk = ({ visit }: Revision, { type }: VisitEvent): boolean =>
  visit.origin === 'walk-in' && type !== 'AppointmentMoved'

const doctorsOf = (event: VisitEvent): readonly DoctorId[] => [
  ...new Set([event.payload.doctorId, ...(event.type === 'AppointmentMoved' ? [event.payload.previousDoctorId] : [])]),
]

/** The doctor's account, unless it is the author's own. */
async function findDoctorRecipient(
  tx: Tx,
  clinicId: ClinicId,
  id: DoctorId,
  author: UserId | null,
): Promise<Recipient | undefined> {
  const doctor = await findDocument(tx, 'doctors', id)
  if (!doctor?.userId || doctor.userId === author) return undefined
  return findUserRecipient(tx, clinicId, doctor.userId, await getPolicies(tx, clinicId))
}

async function planOffer(
  deps: Deps,
  tx: Tx,
  event: EventEnvelope & Extract<DomainEvent, { type: 'WaitlistOfferMade' }>,
): Promise<void> {
  const { clinicId, payload } = event
  const offer = await findOffer(tx, clinicId, payload.offerId)
  if (offer?.status !== 'open') return
  const recipient = await findPatientRecipient(tx, clinicId, payload.patientId, await getPolicies(tx, clinicId))
  if (!recipient) return
  const subject: Subject = {
    kind: 'waitlist-offer',
    source_id: event.id,
    clinic_id: clinicId,
    subject_id: payload.offerId,
    about_start: offer.start,
    about_doctor_id: offer.doctorId,
    expires_at: offer.expiresAt,
  }
  await addAll(deps, tx, event, subject, recipient)
}

/** One message for each visit; who was told another figure before hears of this one all the same. */
async function planDelay(
  deps: Deps,
  tx: Tx,
  event: EventEnvelope & Extract<DomainEvent, { type: 'DoctorDelayTold' }>,
): Promise<void> {
  const { clinicId, payload } = event
  const policies = await getPolicies(tx, clinicId)
  for (const notice of await listNoticesOfBatch(tx, clinicId, payload.batchId)) {
    const visit = await findDocument(tx, 'appointments', notice.appointment_id)
    const patient = visit && (await findPatientRecipient(tx, clinicId, visit.patientId, policies))
    if (!visit || !patient) continue
    const subject: Subject = {
      kind: 'doctor-delayed',
      source_id: notice.id,
      clinic_id: clinicId,
      appointment_id: visit.id,
      subject_id: notice.id,
      about_start: visit.start,
      about_doctor_id: payload.doctorId,
      // Who is in the room by then sees it.
      expires_at: visit.start + minutes(notice.minutes),
    }
    await addAll(deps, tx, event, subject, patient, undefined, event.at + DELAY_UNDO_MS)
  }
}

async function planSchedule(
  deps: Deps,
  tx: Tx,
  event: EventEnvelope & Extract<DomainEvent, { type: 'ScheduleChanged' }>,
): Promise<void> {
  const { clinicId, payload } = event
  const author = await findLastAuthor(tx, clinicId, payload.scheduleId)
  const doctor = await findDoctorRecipient(tx, clinicId, payload.doctorId, author)
  const schedule = await findDocument(tx, 'schedules', payload.scheduleId)
  if (!doctor || !schedule) return
  const subject: Subject = {
    kind: 'schedule-changed',
    source_id: event.id,
    clinic_id: clinicId,
    subject_id: payload.scheduleId,
  }
  await addAll(deps, tx, event, subject, doctor, ['app'], event.at)
}

/** By e-mail only what was made by a schedule: who has asked for a report looks for it in the app. */
async function planReport(
  deps: Deps,
  tx: Tx,
  event: EventEnvelope & Extract<DomainEvent, { type: 'ReportFinished' }>,
): Promise<void> {
  const { reportId, userId } = event.payload
  const report = await findReportRow(tx, reportId)
  const recipient = await findUserRecipient(tx, event.clinicId, userId, await getPolicies(tx, event.clinicId))
  if (!report || !recipient) return
  const subject: Subject = {
    kind: 'report-ready',
    source_id: event.id,
    clinic_id: event.clinicId,
    subject_id: reportId,
  }
  await addAll(deps, tx, event, subject, recipient, report.schedule_id === null ? ['app'] : undefined)
}

async function planForUser(deps: Deps, tx: Tx, event: EventEnvelope, kind: MessageKind, userId: UserId): Promise<void> {
  const recipient = await findUserRecipient(tx, event.clinicId, userId, await getPolicies(tx, event.clinicId))
  if (!recipient) return
  await addAll(deps, tx, event, { kind, source_id: event.id, clinic_id: event.clinicId }, recipient)
}

/** One waiting message per channel that reaches them. */
async function addAll(
  { now, newId }: Deps,
  tx: Tx,
  event: EventEnvelope,
  subject: Subject,
  recipient: Recipient,
  channels = KIND_RULES[subject.kind].channels,
  dueAt = KIND_RULES[subject.kind].isDelayed ? event.at + minutes(UNDO_WINDOW_MINUTES) : event.at,
): Promise<void> {
  for (const channel of channels) {
    if (!recipient.allowed.has(channel) || (channel === 'app' && recipient.userId === null)) continue
    const expiresAt = subject.expires_at ?? (channel === 'app' ? NEVER : event.at + NEWS_LIFE_MS)
    await insertNotification(tx, {
      ...blankNotification(now()),
      ...subject,
      id: newId<'Notification'>(),
      type: typeOfChannel(channel),
      recipient_key: recipient.key,
      patient_id: recipient.patientId,
      user_id: recipient.userId,
      language: recipient.language,
      next_at: dueAt,
      expires_at: expiresAt,
    })
  }
}

type Blank = Omit<NotificationRow, 'id' | 'clinic_id' | 'type' | 'kind' | 'source_id' | 'recipient_key'>

/** A message about nothing to nobody. */
export const blankNotification = (now: Instant): Blank => ({
  patient_id: null as PatientId | null,
  user_id: null,
  appointment_id: null,
  subject_id: null,
  appointment_revision: null,
  told_revision: null,
  about_start: null,
  about_doctor_id: null,
  rule_id: null,
  recipient: '',
  language: 'en',
  subject: '',
  message: '',
  code: null,
  status: 'pending',
  reason: '',
  merged_into: null,
  attempts: 0,
  next_at: now,
  expires_at: NEVER,
  gateway_id: null,
  created_at: now,
  sent_at: null,
  delivered_at: null,
  read_at: null,
  updated_at: now,
  shown_at: null,
  revision: 0,
  content_hash: '',
  is_deleted: 0,
})
