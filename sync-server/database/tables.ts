/**
 * Row types of every table, as the drivers give and take them.
 * Ids are 36 ASCII characters, instants epoch milliseconds, flags 0 or 1, lists and objects JSON text. A replicated document
 * has one column per field of its schema (camelCase becomes snake_case) and the tail of `DocumentTail`.
 */
import type { Generated } from 'kysely'
import type { Permission, Scope } from '#domain/access/permissions.ts'
import type { Id } from '#domain/ids.ts'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'
import type { LocalDay, LocalTime } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { AccountTables } from './account-tables.ts'
import type { DelayTables } from './delay-tables.ts'
import type { FlowTables } from './flow-tables.ts'
import type { NotificationTables } from './notification-tables.ts'
import type { ReportTables } from './report-tables.ts'

export type Flag = number

type SnakeCase<Text extends string> = Text extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${SnakeCase<Tail>}`
    : `_${Lowercase<Head>}${SnakeCase<Tail>}`
  : ''
/** `start` and `end` are words of SQL; everything else is the field's name in snake_case. */
type ColumnName<Field> = Field extends 'start' ? 'start_at' : Field extends 'end' ? 'end_at' : SnakeCase<Field & string>
type ColumnValue<Value> = Value extends string
  ? Value
  : Value extends boolean
    ? Flag
    : Value extends object
      ? string
      : Value

/** What every replicated row carries beside its content. */
export type DocumentTail = {
  /** First 32 hex characters of SHA-256 over the document's content text: equality without comparing columns. */
  content_hash: string
  is_deleted: Flag
  updated_at: Instant
}
export type DocumentRow<Name extends CollectionName> = {
  [Field in keyof Documents[Name] as ColumnName<Field>]: ColumnValue<Documents[Name][Field]>
} & DocumentTail

export type Tables = AccountTables &
  DelayTables &
  FlowTables &
  NotificationTables &
  ReportTables & {
    appointments: DocumentRow<'appointments'> & {
      /** 1 exactly when the status occupies the doctor's time; kept by a constraint. */
      holds_time: Flag
    }
    /** Whom to call about a visit that was called off or moved with the doctor's whole day; the newest change of each visit. */
    call_tasks: {
      clinic_id: Id<'Clinic'>
      appointment_id: Id<'Appointment'>
      /** Whose day it was, and which: the visit itself may have gone elsewhere. */
      doctor_id: Id<'Doctor'>
      day: LocalDay
      kind: 'cancelled' | 'moved'
      was_at: Instant
      /** The revision of the visit that the change made. */
      revision: number
      /** Whether its patient is written to as well. */
      is_messaged: Flag
      created_at: Instant
      done_at: Instant | null
      done_by_name: string
    }
    schedules: DocumentRow<'schedules'>
    schedule_templates: DocumentRow<'schedule_templates'>
    doctors: DocumentRow<'doctors'>
    patients: DocumentRow<'patients'>
    appointment_types: DocumentRow<'appointment_types'>
    rooms: DocumentRow<'rooms'>
    waitlist_entries: DocumentRow<'waitlist_entries'>
    day_notes: DocumentRow<'day_notes'>
    allotments: DocumentRow<'allotments'>
    rejected_changes: DocumentRow<'rejected_changes'>

    clinics: {
      id: Id<'Clinic'>
      name: string
      zone: string
      policies: string
      created_at: Instant
      revision: Generated<number>
    }
    locations: {
      id: Id<'Location'>
      clinic_id: Id<'Clinic'>
      name: string
      address: string
      /** null means the clinic's. */
      zone: string | null
      created_at: Instant
      /** One where nothing is said. */
      revision: Generated<number>
    }
    /** Bookable things; how many visits may use one at a time is its capacity. Not replicated. */
    equipment: {
      id: Id<'Equipment'>
      clinic_id: Id<'Clinic'>
      location_id: Id<'Location'> | null
      name: string
      capacity: number
      is_active: Flag
      revision: number
      updated_at: Instant
    }
    /** Clinic holidays. What they take from a doctor's hours stands in `schedules`, one row per doctor and day. */
    closures: {
      id: Id<'Closure'>
      clinic_id: Id<'Clinic'>
      /** null means every location. */
      location_id: Id<'Location'> | null
      name: string
      from_day: LocalDay
      until_day: LocalDay
      /** Both null: the whole day. */
      start_time: LocalTime | null
      end_time: LocalTime | null
      revision: number
      is_deleted: Flag
      updated_at: Instant
    }
    /** Which rooms and equipment an appointment takes, and when: what overlaps are looked up in. */
    appointment_resources: {
      clinic_id: Id<'Clinic'>
      appointment_id: Id<'Appointment'>
      kind: 'room' | 'equipment'
      resource_id: string
      start_at: Instant
      end_at: Instant
      holds_time: Flag
    }
    /** A time kept free for somebody who books or was offered it; over at `expires_at` by the server's clock. */
    holds: {
      id: Id<'Hold'>
      clinic_id: Id<'Clinic'>
      doctor_id: Id<'Doctor'>
      patient_id: Id<'Patient'> | null
      type_id: Id<'AppointmentType'>
      room_id: Id<'Room'> | null
      /** JSON list of ids. */
      equipment_ids: string
      start_at: Instant
      end_at: Instant
      user_id: Id<'User'>
      waitlist_entry_id: Id<'WaitlistEntry'> | null
      expires_at: Instant
      created_at: Instant
    }
    /** A held time offered to somebody who waits; one row per entry asked. */
    waitlist_offers: {
      id: Id<'WaitlistOffer'>
      clinic_id: Id<'Clinic'>
      entry_id: Id<'WaitlistEntry'>
      patient_id: Id<'Patient'>
      hold_id: Id<'Hold'>
      doctor_id: Id<'Doctor'>
      type_id: Id<'AppointmentType'>
      start_at: Instant
      end_at: Instant
      status: 'open' | 'accepted' | 'declined' | 'lost' | 'expired'
      created_by: Id<'User'>
      created_at: Instant
      expires_at: Instant
      answered_at: Instant | null
    }
    appointment_series: {
      id: Id<'AppointmentSeries'>
      clinic_id: Id<'Clinic'>
      /** JSON. */
      rule: string
      created_by: Id<'User'> | null
      created_at: Instant
    }

    users: {
      id: Id<'User'>
      name: string
      email: string
      /** Trimmed, lower case: what a log-in is looked up by. */
      email_normalised: string
      /** null until the person has set a password. */
      password_hash: string | null
      is_active: Flag
      /** Raised with every change of the person's rights. */
      access_version: number
      created_at: Instant
      updated_at: Instant
    }
    roles: { id: Id<'Role'>; clinic_id: Id<'Clinic'>; name: string }
    permissions: { name: Permission }
    role_has_permissions: { role_id: Id<'Role'>; permission: Permission; scope: Scope }
    model_has_roles: { clinic_id: Id<'Clinic'>; model_type: 'user'; model_id: string; role_id: Id<'Role'> }
    model_has_permissions: {
      clinic_id: Id<'Clinic'>
      model_type: 'user'
      model_id: string
      permission: Permission
      scope: Scope
    }

    devices: {
      id: Id<'Device'>
      clinic_id: Id<'Clinic'>
      last_user_id: Id<'User'>
      name: string
      unsent_count: number
      created_at: Instant
      last_seen_at: Instant
      revoked_at: Instant | null
    }
    sessions: {
      id: Id<'Session'>
      clinic_id: Id<'Clinic'>
      user_id: Id<'User'>
      device_id: Id<'Device'> | null
      /** SHA-256 of the token in hex; the token itself is stored nowhere. */
      token_hash: string
      transport: 'token' | 'cookie'
      device_name: string
      created_at: Instant
      last_seen_at: Instant
      expires_at: Instant
      ended_at: Instant | null
    }
    one_time_tokens: {
      token_hash: string
      kind: 'socket-ticket' | 'setup-link' | 'password-reset' | 'link-code'
      clinic_id: Id<'Clinic'> | null
      user_id: Id<'User'> | null
      session_id: Id<'Session'> | null
      device_id: Id<'Device'> | null
      origin: string | null
      created_at: Instant
      expires_at: Instant
      used_at: Instant | null
    }

    /** One row per clinic, locked first by every write to replicated rows; sequence numbers come from it alone. */
    change_counters: { clinic_id: Id<'Clinic'>; value: number; epoch: string }
    /** The last batch each writer has committed, by which the outcome of a lost COMMIT is known. */
    change_batches: { clinic_id: Id<'Clinic'>; writer_id: string; batch_id: string; committed_at: Instant }
    document_views: {
      clinic_id: Id<'Clinic'>
      collection: CollectionName
      audience: string
      document_id: string
      seq: number
      visible: Flag
    }
    /** On which day a clinic's replicated window stands, and between which days it has stood since all views were right. */
    replication_windows: { clinic_id: Id<'Clinic'>; day: LocalDay; low_day: LocalDay; high_day: LocalDay }
    /** Every audience a person's devices have ever read from: what is swept when it is lost. */
    user_audiences: {
      clinic_id: Id<'Clinic'>
      user_id: Id<'User'>
      collection: CollectionName
      audience: string
      since: Instant
    }
    /** The full content of a refused change whose author may no longer see the document; never sent to a device. */
    kept_changes: {
      rejected_change_id: Id<'RejectedChange'>
      clinic_id: Id<'Clinic'>
      attempted: string
      base: string | null
      at: Instant
    }
    appointment_revisions: {
      appointment_id: Id<'Appointment'>
      revision: number
      clinic_id: Id<'Clinic'>
      user_id: Id<'User'> | null
      door: string
      at: Instant
      /** The whole document as canonical JSON. */
      content: string
    }
    webhooks: {
      id: Id<'Webhook'>
      clinic_id: Id<'Clinic'>
      url: string
      description: string
      /** JSON list. */
      event_types: string
      /** Sealed: it must be read again to sign with. */
      secret: string
      /** The one before the last rotation, which still signs until `previous_until`. */
      previous_secret: string | null
      previous_until: Instant | null
      is_active: Flag
      disabled_reason: string
      created_by: Id<'User'>
      created_at: Instant
      updated_at: Instant
      revision: number
    }
    webhook_deliveries: {
      id: Id<'WebhookDelivery'>
      clinic_id: Id<'Clinic'>
      webhook_id: Id<'Webhook'>
      /** Of the outbox: the id that the receiver sees. */
      event_id: string
      event_type: string
      /** The bytes that every try sends. */
      body: string
      status: 'waiting' | 'delivered' | 'failed'
      attempts: number
      /** When it is due; while a try is under way, when its lease ends. */
      next_attempt_at: Instant
      last_status: number | null
      last_error: string
      created_at: Instant
      delivered_at: Instant | null
    }
    calendar_feeds: {
      id: Id<'CalendarFeed'>
      clinic_id: Id<'Clinic'>
      user_id: Id<'User'>
      doctor_id: Id<'Doctor'> | null
      patient_id: Id<'Patient'> | null
      /** SHA-256 of the secret in hex; the secret itself is stored nowhere. */
      secret_hash: string
      with_names: Flag
      created_at: Instant
      last_read_at: Instant | null
      revoked_at: Instant | null
    }
    access_events: { clinic_id: Id<'Clinic'>; id: Id<'AccessEvent'>; created_at: Instant }
    idempotency_keys: {
      user_id: Id<'User'>
      method: string
      route: string
      idempotency_key: string
      clinic_id: Id<'Clinic'>
      body_hash: string
      status: number
      collection: CollectionName
      document_id: string
      created_at: Instant
    }
    audit_log: {
      clinic_id: Id<'Clinic'>
      chain: string
      seq: number
      at: Instant
      user_id: Id<'User'> | null
      /** Null in rows older than the column. */
      door: string | null
      session_id: Id<'Session'> | null
      device_id: Id<'Device'> | null
      action: string
      collection: string
      /** JSON list of ids. */
      document_ids: string
      /** JSON of codes and counts, never health data. */
      detail: string
      previous_hash: string
      hash: string
    }
    /** Which audit rows name a document: the audit's index by whom it is about. */
    audit_documents: { clinic_id: Id<'Clinic'>; document_id: string; at: Instant; chain: string; seq: number }
    /** Signed statements of where the chains end; see audit-seal.ts. */
    audit_seals: {
      clinic_id: Id<'Clinic'>
      number: number
      at: Instant
      /** JSON lists of places in chains. */
      heads: string
      beginnings: string
      previous_signature: string
      signature: string
    }
    audit_chains: { clinic_id: Id<'Clinic'>; chain: string; seq: number; hash: string; updated_at: Instant }

    /** When each daily task was last taken in hand, by whichever instance. */
    housekeeping: { clinic_id: Id<'Clinic'>; task: string; claimed_at: Instant }

    /** Whose data was erased: ids alone, so that a restored backup can be erased again. */
    erasures: {
      clinic_id: Id<'Clinic'>
      patient_id: Id<'Patient'>
      reason: string
      erased_by: Id<'User'> | null
      erased_at: Instant
    }
    legal_holds: {
      id: Id<'LegalHold'>
      clinic_id: Id<'Clinic'>
      patient_id: Id<'Patient'>
      reason: string
      set_by: Id<'User'> | null
      set_at: Instant
      /** The last day it counts; null until it is lifted. */
      until_day: string | null
      lifted_at: Instant | null
      lifted_by: Id<'User'> | null
    }

    migrations: { number: number; name: string; steps_done: number; finished_at: Instant | null }
  }

export type TableName = keyof Tables
