/** Row types of what people are told: messages, what they chose, reminders to come, and what they answered. */
import type { Id } from '#domain/ids.ts'
import type { DeliveryStatus } from '#domain/message/delivery.ts'
import type { MessageKind } from '#domain/message/message-kinds.ts'
import type { LocalDay, LocalTime } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'

export type NotificationType = 'email' | 'sms' | 'websocket'

export type NotificationTables = {
  /** One message to one person on one channel; its life stands apart from the visit's. */
  notifications: {
    id: Id<'Notification'>
    clinic_id: Id<'Clinic'>
    type: NotificationType
    kind: MessageKind
    /** The event or reminder it comes from: with recipient and type, the key against a second one. */
    source_id: string
    /** `patient:ID` or `user:ID`. */
    recipient_key: string
    patient_id: Id<'Patient'> | null
    /** Whose list in the app it stands in. */
    user_id: Id<'User'> | null
    appointment_id: Id<'Appointment'> | null
    /** What it is about where that is no visit: an offer, a schedule, a report. */
    subject_id: string | null
    /** The revision that made the news. */
    appointment_revision: number | null
    /** The revision of the visit that was told in the end; null while nothing was. */
    told_revision: number | null
    /** What a reminder or an offer is about; another start or doctor makes it outdated. */
    about_start: Instant | null
    about_doctor_id: Id<'Doctor'> | null
    rule_id: Id<'ReminderRule'> | null
    /** Address or number it went to. */
    recipient: string
    language: string
    subject: string
    /** As it was sent; empty until then. */
    message: string
    /** What a reply by SMS repeats. */
    code: string | null
    status: DeliveryStatus
    reason: string
    /** The message that told this one's news too. */
    merged_into: Id<'Notification'> | null
    attempts: number
    /** When it is due; while it is being sent, when its lease ends. */
    next_at: Instant
    /** Of no use after that. */
    expires_at: Instant
    gateway_id: string | null
    created_at: Instant
    sent_at: Instant | null
    delivered_at: Instant | null
    read_at: Instant | null
    updated_at: Instant
    /** When it came into the list in the app; null while it waits, and for what is told by other ways. */
    shown_at: Instant | null
    /** As a document on devices: how often it was written, and what of. */
    revision: number
    content_hash: string
    is_deleted: number
  }
  notification_preferences: {
    clinic_id: Id<'Clinic'>
    /** `patient:ID` or `user:ID`. */
    owner_key: string
    email: number
    sms: number
    app: number
    reminders: number
    /** BCP 47; empty means the clinic's. */
    language: string
    updated_at: Instant
    revision: number
  }
  /** A clinic's own words in the place of the product's. */
  message_templates: {
    clinic_id: Id<'Clinic'>
    kind: MessageKind
    channel: string
    language: string
    subject: string
    body: string
    updated_at: Instant
    updated_by: Id<'User'> | null
    revision: number
  }
  reminder_rules: {
    id: Id<'ReminderRule'>
    clinic_id: Id<'Clinic'>
    name: string
    lead_minutes: number
    channel: string
    /** JSON list of ids; empty means all. */
    type_ids: string
    window_from: LocalTime
    window_until: LocalTime
    minimum_notice_minutes: number
    is_active: number
    revision: number
    updated_at: Instant
  }
  /** One row per appointment, start, channel and lead: what is to be sent, or was decided about. */
  reminders: {
    id: Id<'Reminder'>
    clinic_id: Id<'Clinic'>
    appointment_id: Id<'Appointment'>
    patient_id: Id<'Patient'>
    doctor_id: Id<'Doctor'>
    start_at: Instant
    local_day: LocalDay
    channel: string
    lead_minutes: number
    rule_id: Id<'ReminderRule'>
    due_at: Instant
    status: 'due' | 'done' | 'skipped'
    reason: string
    created_at: Instant
    settled_at: Instant | null
  }
  /** Numbers that asked for no more texts. */
  sms_opt_outs: { number: string; since: Instant }
  /** What people wrote back, each once by the gateway's id. */
  inbound_messages: {
    id: string
    clinic_id: Id<'Clinic'> | null
    number: string
    body: string
    result: string
    is_wrong_try: number
    notification_id: Id<'Notification'> | null
    /** An answer that a person is to look at, until somebody has. */
    is_open: number
    received_at: Instant
    settled_at: Instant | null
    settled_by: Id<'User'> | null
  }
  /** When a loop of a service last ran, by instance: a dead one is seen by its silence. */
  service_runs: {
    service: string
    instance_id: Id<'Instance'>
    started_at: Instant
    last_run_at: Instant
    /** JSON of counts. */
    detail: string
  }
}
