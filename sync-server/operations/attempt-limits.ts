/**
 * Slows down guessing and mail bombs, before anything that costs is done. Three counts in one window of time:
 *
 * - per address: a clinic's desks share one, so it is wide;
 * - per account from one place (address): narrow;
 * - per account from everywhere: wide, and when it is full tries are not refused until the window ends but let through one by one
 *   at a pace. Places from which the person has succeeded lately are outside it. So a stranger with many addresses is slowed to
 *   the pace, and cannot lock a known person out: not at all where the person is known, elsewhere for one pace at a time.
 *
 * Every try is counted when it begins, so tries side by side cannot pass a limit together; a success takes its counts back.
 * Accounts that do not exist are counted alike, so a limit tells nothing about them. Counts live in this process; shared-attempts.ts
 * shares them with other instances.
 */
import { hours, type Instant, minutes, SECOND_MS, seconds } from '#domain/time/instant.ts'
import { createWindows, makeRoom, type Window } from './count-windows.ts'

export type AttemptLimits = {
  readonly windowMs: number
  readonly triesPerAddress: number
  /** From one address. */
  readonly triesPerAccount: number
  /** From everywhere together, before the pace. */
  readonly triesPerAccountEverywhere?: number
  /** Between two tries beyond that. */
  readonly paceMs?: number
}

export const LOG_IN_LIMITS: AttemptLimits = {
  windowMs: minutes(15),
  triesPerAddress: 100,
  triesPerAccount: 10,
  triesPerAccountEverywhere: 50,
  paceMs: seconds(15),
}
/** Six digits, three of a million right at a time: twenty tries, then one in five minutes, leave one chance in 900 per day. */
export const SECOND_FACTOR_LIMITS: AttemptLimits = {
  windowMs: minutes(15),
  triesPerAddress: 100,
  triesPerAccount: 5,
  triesPerAccountEverywhere: 20,
  paceMs: minutes(5),
}
/** Each writes an e-mail to somebody who may not have asked for it. */
export const MAIL_LIMITS: AttemptLimits = {
  windowMs: minutes(60),
  triesPerAddress: 30,
  triesPerAccount: 4,
  triesPerAccountEverywhere: 8,
  paceMs: minutes(15),
}
/** The code of the desk, typed by somebody who is signed in. */
export const LINK_CODE_LIMITS: AttemptLimits = { windowMs: minutes(60), triesPerAddress: 60, triesPerAccount: 8 }

export type Attempts = {
  /** Counts a try. Answers for how many seconds no more tries are taken, 0 when this one may go on. */
  begin(address: string, account: string, now: Instant): number | Promise<number>
  /** The try was right: it does not count, and the person is known at this address from now on. */
  succeed(address: string, account: string, now: Instant): void | Promise<void>
}
/** Counts of this process alone answer at once. */
export type LocalAttempts = {
  begin(...request: Parameters<Attempts['begin']>): number
  succeed(...request: Parameters<Attempts['succeed']>): void
}

export const KNOWN_MS = hours(30 * 24)
const EVERYWHERE_TIMES = 10
const PACE_MS = seconds(15)

export function createAttempts(limits: AttemptLimits = LOG_IN_LIMITS): LocalAttempts {
  const { triesPerAddress, triesPerAccount } = limits
  const { everywhere, paceMs } = boundsOf(limits)
  const windows = createWindows(limits.windowMs)
  const known = new Map<string, Instant>()
  const isKnown = (place: string, now: Instant) => (known.get(place) ?? 0) > now
  return {
    begin(address, account, now) {
      const place = `${networkOf(address)} ${account}`
      const byAddress = windows.get(`address ${networkOf(address)}`, now)
      const byPlace = windows.get(`place ${place}`, now)
      const byAccount = windows.get(`account ${account}`, now)
      const waits = [waitOf(byAddress, triesPerAddress, now), waitOf(byPlace, triesPerAccount, now)]
      const isPaced = !isKnown(place, now) && byAccount.count >= everywhere
      if (isPaced) waits.push(byAccount.lastPacedAt + paceMs - now)
      const wait = Math.max(...waits)
      if (wait > 0) return Math.ceil(wait / SECOND_MS)
      if (isPaced) byAccount.lastPacedAt = now
      for (const window of [byAddress, byPlace, byAccount]) window.count += 1
      return 0
    },
    succeed(address, account, now) {
      const place = `${networkOf(address)} ${account}`
      windows.forget(`place ${place}`)
      for (const key of [`address ${networkOf(address)}`, `account ${account}`]) {
        const window = windows.get(key, now)
        window.count = Math.max(0, window.count - 1)
      }
      makeRoom(known, (until) => until <= now)
      known.set(place, now + KNOWN_MS)
    },
  }
}

/** What a limit says of tries from everywhere, its defaults filled in. */
export const boundsOf = ({ triesPerAccount, triesPerAccountEverywhere, paceMs = PACE_MS }: AttemptLimits) => ({
  everywhere: triesPerAccountEverywhere ?? triesPerAccount * EVERYWHERE_TIMES,
  paceMs,
})

/** Milliseconds until a full window ends; 0 for one with room. */
const waitOf = ({ count, endsAt }: Window, most: number, now: Instant): number => (count >= most ? endsAt - now : 0)

/** One customer of IPv6 has a whole /64 to choose from, so that counts as one address (RFC 6177). */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? []
  const start = head.split(':').filter(Boolean)
  const end = tail.split(':').filter(Boolean)
  const missing = Math.max(0, 8 - start.length - end.length)
  return [...start, ...Array.from({ length: missing }, () => '0'), ...end].slice(0, 4).join(':')
}
