/** How far a device's clock is from the server's. */
import { type Instant, minutes } from './instant.ts'

/** Codes of authenticator apps, leases and the order of offline edits go by the clock; a device further off than this is not let in. */
export const MAX_SKEW_MS = minutes(2)

export type ClockReading = {
  /** By the device, when the question left and when the answer came. */
  readonly askedAt: Instant
  readonly answeredAt: Instant
  /** By the server, somewhere in between. */
  readonly serverTime: Instant
}

/** @returns milliseconds to add to the device's clock; what the way took counts half each way */
export const skewOf = ({ askedAt, answeredAt, serverTime }: ClockReading): number =>
  Math.round(serverTime - (askedAt + answeredAt) / 2)

/** What the way itself may account for is not held against the clock. */
export const isClockRight = (reading: ClockReading): boolean =>
  Math.abs(skewOf(reading)) - (reading.answeredAt - reading.askedAt) / 2 <= MAX_SKEW_MS
