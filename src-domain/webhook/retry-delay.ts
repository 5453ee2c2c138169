/** How long a delivery waits after a failure: four times as long each time, at most six hours, and never all at once. */
import { hours, minutes, seconds } from '#domain/time/instant.ts'

const FIRST_MS = seconds(5)
const LONGEST_MS = hours(6)
/** Tries before a delivery counts as failed: the last one comes about a day and a half after the first. */
export const MOST_ATTEMPTS = 12
/** Longest time a receiver can ask for by `Retry-After`. */
const LONGEST_WISH_MS = minutes(60)

/**
 * @param attempts tries so far, at least 1
 * @param random in [0, 1): spreads the delay over the half below it and above it, so that receivers that come back are not flooded
 * @param wishedMs what the receiver asked for; a longer wait than ours is granted up to an hour
 */
export function retryDelayMs(attempts: number, random: number, wishedMs = 0): number {
  const whole = Math.min(FIRST_MS * 4 ** (attempts - 1), LONGEST_MS)
  return Math.max(Math.round(whole * (0.5 + random)), Math.min(wishedMs, LONGEST_WISH_MS))
}
