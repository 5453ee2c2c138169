/**
 * Slows down guessing, per address and per account, before a password is checked. Every try is counted when it begins, so tries
 * side by side cannot pass the limit together; a success takes the account's count back. Accounts that do not exist are counted
 * alike, so the limit tells nothing about them. Counts live in this process.
 */
import type { Instant } from '#domain/time/instant.ts'
import { minutes, SECOND_MS } from '#domain/time/instant.ts'

export type ThrottleLimits = {
  readonly windowMs: number
  /** A clinic's desks share one address. */
  readonly triesPerAddress: number
  readonly triesPerAccount: number
}
export const LOG_IN_LIMITS: ThrottleLimits = { windowMs: minutes(15), triesPerAddress: 100, triesPerAccount: 10 }

export type LogInThrottle = {
  /** Counts a try. Answers for how many seconds no more tries are taken, 0 when this one may go on. */
  begin(address: string, account: string, now: Instant): number
  /** The password was right: the account's count starts again, and this try does not count for the address. */
  succeed(address: string, account: string): void
}

type Window = { count: number; endsAt: Instant }
const MOST_KEYS = 50_000

export function createLogInThrottle(limits: ThrottleLimits = LOG_IN_LIMITS): LogInThrottle {
  const windows = new Map<string, Window>()
  const windowOf = (key: string, now: Instant): Window => {
    const known = windows.get(key)
    if (known && known.endsAt > now) return known
    if (windows.size >= MOST_KEYS) dropPast(windows, now)
    const fresh = { count: 0, endsAt: now + limits.windowMs }
    windows.set(key, fresh)
    return fresh
  }
  return {
    begin(address, account, now) {
      const byAddress = windowOf(`address ${address}`, now)
      const byAccount = windowOf(`account ${account}`, now)
      const full = [
        ...(byAddress.count >= limits.triesPerAddress ? [byAddress] : []),
        ...(byAccount.count >= limits.triesPerAccount ? [byAccount] : []),
      ]
      if (full.length > 0) return Math.ceil((Math.max(...full.map(({ endsAt }) => endsAt)) - now) / SECOND_MS)
      byAddress.count += 1
      byAccount.count += 1
      return 0
    },
    succeed(address, account) {
      windows.delete(`account ${account}`)
      const byAddress = windows.get(`address ${address}`)
      if (byAddress) byAddress.count = Math.max(0, byAddress.count - 1)
    },
  }
}

/** Makes room: past windows first, then the oldest. */
function dropPast(windows: Map<string, Window>, now: Instant): void {
  for (const [key, { endsAt }] of windows) if (endsAt <= now) windows.delete(key)
  for (const key of windows.keys()) {
    if (windows.size < MOST_KEYS) return
    windows.delete(key)
  }
}
