/** Why the server refuses a change or cannot place a booking. Codes on the wire and in tables; sentences in `locales`. */
export const REJECTION_REASONS = [
  'slot-taken',
  /** Somebody is booking it this minute, was offered it, or keeps it for a device that may lose its connection. */
  'held',
  'group-full',
  'room-taken',
  'equipment-taken',
  'overbook-reason-missing',
  'patient-busy',
  'outside-hours',
  'in-the-past',
  'too-soon',
  'too-far-ahead',
  /** After the cut-off for patients who move or cancel by themselves. */
  'too-late',
  'limit-reached',
  'type-not-offered',
  'skipped-hour',
  'repeated-hour',
  'end-before-start',
  'wrong-duration',
  'status-jump',
  'not-allowed',
  'server-owned-field',
  'read-only-collection',
  'unknown-reference',
  'invalid-document',
  'gone',
  'not-found',
  'stale-revision',
] as const
export type RejectionReason = (typeof REJECTION_REASONS)[number]

/** What stands in the inbox although the change was taken: its author has something to do because of it. */
export const VISITS_STRANDED = 'visits-stranded'

/** A refusal that a person can act on: the rule, and the field it is about where there is one. */
export type Rejection = {
  readonly reason: RejectionReason
  readonly field?: string
  /** Who holds the time and since when; filled only for readers who may see that row. */
  readonly takenBy?: string
  readonly takenAt?: number
}
