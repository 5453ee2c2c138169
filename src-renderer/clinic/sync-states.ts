/**
 * The states a change can be in on its way between this computer and the server, as data: one vocabulary, which the cards of the
 * board, the pill in the header and the inbox read. A word stands once, under `state.<name>` in the catalogues.
 */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'

export const SYNC_STATES = [
  /** Here and with the server. */
  'synced',
  /** Changed here; kept on this computer until the server answers. */
  'to-send',
  /** On its way. */
  'syncing',
  /** Booked here; the time is certain only once the server has agreed. */
  'provisional',
  /** Booked here into a time that this computer keeps: it is certain, whenever the server hears of it. */
  'final',
  /** Somebody else was first: a time or an edit was lost, and a person decides. */
  'conflict',
  /** The server did not take it; what was wanted stays in sight until it is dealt with. */
  'rejected',
  /** So long without the server that the board may be out of date. */
  'stale',
  /** Somebody else has just changed it. */
  'changed',
] as const
export type SyncState = (typeof SYNC_STATES)[number]
/** Those that have a word for one change; the others are told by the board's head, and by a tint. */
export type SpokenState = Exclude<SyncState, 'stale' | 'changed'>

/** What a state does to a card; the states that do nothing to one share `none`. */
export type CardMark = 'none' | 'to-send' | 'provisional' | 'final' | 'rejected' | 'changed'

export type StateRow = {
  /** How a card shows it: edge, stroke or tint, beside the word. A lost time is told by the visit's own status. */
  readonly card: CardMark | 'status'
  /** Whether the card says the word, and the sign where there is no room for it. */
  readonly sign: string | null
  /** How the pill shows it: as its own words, as a count beside them, or not at all. */
  readonly pill: 'words' | 'count' | null
  /** Whether an entry of the inbox carries the word. */
  readonly isInInbox: boolean
}

export const STATE_ROWS: Readonly<Record<SyncState, StateRow>> = {
  synced: { card: 'none', sign: null, pill: 'words', isInInbox: false },
  'to-send': { card: 'to-send', sign: '↑', pill: 'count', isInInbox: true },
  syncing: { card: 'none', sign: null, pill: 'count', isInInbox: true },
  provisional: { card: 'provisional', sign: '?', pill: 'count', isInInbox: true },
  final: { card: 'final', sign: '✓', pill: 'count', isInInbox: true },
  conflict: { card: 'status', sign: '!', pill: 'count', isInInbox: true },
  rejected: { card: 'rejected', sign: '✗', pill: 'count', isInInbox: true },
  stale: { card: 'none', sign: null, pill: null, isInInbox: false },
  changed: { card: 'changed', sign: null, pill: null, isInInbox: false },
}

export type VisitFacts = {
  readonly visit: Pick<Appointment, 'status' | 'revision'>
  /** Not yet with the server. */
  readonly isUnsent: boolean
  /** The server can be reached, so that what is unsent is gone in a moment. */
  readonly isOnline: boolean
  /** Lies in a time that this device keeps. */
  readonly isKept?: boolean
  /** Stands for a wish that the server did not take. */
  readonly isRejected?: boolean
  /** Somebody else changed it a moment ago. */
  readonly isChanged?: boolean
}

/** The state of one visit; where several hold, the one that needs somebody most. */
export function stateOfVisit({ visit, isUnsent, isOnline, isKept, isRejected, isChanged }: VisitFacts): SyncState {
  if (isRejected) return 'rejected'
  if (visit.status === 'unplaced') return 'conflict'
  if (isUnsent && isOnline) return 'syncing'
  if (isUnsent && visit.revision === 0) return isKept ? 'final' : 'provisional'
  if (isUnsent) return 'to-send'
  return isChanged ? 'changed' : 'synced'
}

/** What the board says of its age from then on. */
export const STALE_AFTER_MS = minutes(5)

/** @param lastContact with the server; null while there is contact or never was any */
export const isStale = (lastContact: Instant | null, now: Instant): boolean =>
  lastContact !== null && now - lastContact >= STALE_AFTER_MS

/** How long a card that somebody else changed is tinted. */
export const CHANGED_FOR_MS = 1_000
