/** Row types of accounts: who belongs to a clinic, how people come in, and what waits to be sent to them. */
import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'

export type AccountTables = {
  /** One row per session that ended with its device's revocation and may hand in its unsent changes once. */
  device_hand_ins: {
    session_id: Id<'Session'>
    clinic_id: Id<'Clinic'>
    device_id: Id<'Device'>
    user_id: Id<'User'>
    /** SHA-256 of the ticket given out last. */
    ticket_hash: string | null
    expires_at: Instant | null
    handed_in_at: Instant | null
    change_count: number
    created_at: Instant
  }
  /** Changes of revoked devices: applied by nobody, kept for the administration. */
  handed_in_changes: {
    id: Id<'HandedInChange'>
    clinic_id: Id<'Clinic'>
    device_id: Id<'Device'>
    user_id: Id<'User'>
    collection: string
    document_id: string
    /** Whom it is about, where it is about a patient. */
    patient_id: Id<'Patient'> | null
    /** Canonical JSON, and what it was based on. */
    attempted: string
    base: string | null
    at: Instant
    done_at: Instant | null
    done_by_name: string
  }
  /** Who belongs to a clinic, staff and patients alike. Switched off, a person keeps roles there and can use none. */
  clinic_users: { clinic_id: Id<'Clinic'>; user_id: Id<'User'>; is_active: number; created_at: Instant }
  /** Links and codes that work once: each is stored as the SHA-256 of its secret. */
  account_tokens: {
    token_hash: string
    kind: 'registration' | 'invitation' | 'password-reset' | 'email-change' | 'link-code' | 'second-factor'
    clinic_id: Id<'Clinic'> | null
    user_id: Id<'User'> | null
    patient_id: Id<'Patient'> | null
    /** What the token carries, encrypted; empty where it carries nothing. */
    sealed: string
    /** Wrong answers so far, where a token is answered with a code. */
    attempts: number
    created_at: Instant
    expires_at: Instant
    used_at: Instant | null
  }
  /** E-mails about accounts that are not sent yet; a row goes when its mail has gone. */
  account_mails: {
    id: Id<'Mail'>
    kind: string
    /** Recipient and text, encrypted: it holds the secret of a link. */
    sealed: string
    attempts: number
    next_at: Instant
    /** When the mail would be of no use any more. */
    expires_at: Instant
    created_at: Instant
  }
  second_factors: {
    user_id: Id<'User'>
    /** The shared secret, encrypted. */
    sealed: string
    /** The last time step that a code was taken of: none is taken twice. */
    last_step: number
    /** null until a first code has proved that the person has the secret. */
    confirmed_at: Instant | null
    created_at: Instant
  }
  recovery_codes: { user_id: Id<'User'>; code_hash: string; used_at: Instant | null }
  access_tokens: {
    id: Id<'AccessToken'>
    clinic_id: Id<'Clinic'>
    user_id: Id<'User'>
    name: string
    token_hash: string
    /** JSON list of permissions. */
    abilities: string
    created_at: Instant
    expires_at: Instant
    last_used_at: Instant | null
    revoked_at: Instant | null
  }
  /** Pairs of patients that may be one person, for the desk to look at. Nothing is merged by itself. */
  likely_duplicates: {
    clinic_id: Id<'Clinic'>
    patient_id: Id<'Patient'>
    other_id: Id<'Patient'>
    created_at: Instant
    settled_at: Instant | null
    settled_by: Id<'User'> | null
  }
}
