/**
 * The life of one message on one channel. It stands apart from the visit: whatever happens to a message, the visit stays as it is.
 * The table is total, so reports that come late, twice or in the wrong order have an answer too.
 */
import { MOST_ATTEMPTS, retryDelayMs } from '#domain/webhook/retry-delay.ts'

export const DELIVERY_STATUSES = ['pending', 'sent', 'delivered', 'failed', 'skipped', 'parked'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** Why a message was never handed over. */
export const SKIP_REASONS = [
  'no-address',
  'opted-out',
  'cancelled-before-sending',
  'outdated',
  'quiet-too-late',
  'duplicate',
  'not-allowed',
  'expired',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

export const DELIVERY_EVENTS = [
  /** The mail server or gateway took it. */
  'handed-over',
  /** A try failed that a later one may mend. */
  'tried-in-vain',
  /** The mail server or gateway will never take it. */
  'refused',
  /** The tries are used up. */
  'gave-up',
  /** It is not to be sent any more. */
  'skip',
  /** What it tells came true again before its time was over: a visit went away from its time and back. */
  'holds-again',
  /** The gateway tells later that it arrived, or that it did not. */
  'reported-delivered',
  'reported-failed',
  /** Somebody asks for another round of tries. */
  'replay',
] as const
export type DeliveryEvent = (typeof DELIVERY_EVENTS)[number]

/** Only what differs from "stays as it is" is written down. */
const CHANGES: Record<DeliveryStatus, { readonly [Event in DeliveryEvent]?: DeliveryStatus }> = {
  pending: {
    'handed-over': 'sent',
    refused: 'failed',
    'gave-up': 'parked',
    skip: 'skipped',
    // The gateway can be faster than our own note that it took the message.
    'reported-delivered': 'delivered',
    'reported-failed': 'failed',
  },
  sent: { 'reported-delivered': 'delivered', 'reported-failed': 'failed' },
  // What arrived, arrived.
  delivered: {},
  failed: { 'reported-delivered': 'delivered', replay: 'pending' },
  // A sender that died after it handed the message over leaves it looking unsent.
  skipped: { 'handed-over': 'sent', 'reported-delivered': 'delivered', 'holds-again': 'pending' },
  parked: {
    'handed-over': 'sent',
    skip: 'skipped',
    'reported-delivered': 'delivered',
    'reported-failed': 'failed',
    replay: 'pending',
  },
}

/** The status after an event; the same one where the event changes nothing. */
export const statusAfter = (status: DeliveryStatus, event: DeliveryEvent): DeliveryStatus =>
  CHANGES[status][event] ?? status

/** True when nothing is left to be done by itself; a report of the gateway may still change what is known. */
export const isSettled = (status: DeliveryStatus): boolean => status !== 'pending'

export type NextTry = { readonly kind: 'again'; readonly delayMs: number } | { readonly kind: 'parked' }

/**
 * What follows a try in vain: another one, four times as late each time and at most six hours, or, after the last, the parking
 * place where somebody looks at it.
 * @param attempts tries so far, at least 1
 * @param random in [0, 1)
 * @param wishedMs what the other side asked for; granted up to an hour
 */
export function nextTry(attempts: number, random: number, wishedMs = 0): NextTry {
  if (attempts >= MOST_ATTEMPTS) return { kind: 'parked' }
  return { kind: 'again', delayMs: retryDelayMs(attempts, random, wishedMs) }
}
