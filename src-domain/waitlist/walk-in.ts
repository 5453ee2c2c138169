/**
 * Who came without a booking and waits for a time today. It is an entry of the waitlist that can use any time of one day from
 * the minute on in which they came, and was written when they came: whoever asks for a later time of the day does not stand there.
 */

import { type LocalDay, type LocalTime, timeOfMinute, toInstant, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { WaitlistEntry } from './waitlist-schemas.ts'

type Times = Pick<WaitlistEntry, 'fromDay' | 'untilDay' | 'fromTime' | 'untilTime'>

/** Between the clock of a desk and that of the server. */
const SKEW_MS = minutes(1)

/** What an entry says that is written for somebody who comes now. */
export function walkInTimes(now: Instant, zone: Zone): Times {
  const { day, minuteOfDay } = toLocal(now, zone)
  return { fromDay: day, untilDay: day, fromTime: timeOfMinute(minuteOfDay), untilTime: null }
}

/** True for an entry that `walkInTimes` made. */
export function isWalkIn(entry: Times & Pick<WaitlistEntry, 'kind' | 'createdAt'>, zone: Zone): boolean {
  const { kind, fromDay, untilDay, fromTime, untilTime, createdAt } = entry
  if (kind !== 'wait' || fromDay !== untilDay || fromTime === null || untilTime !== null) return false
  const came = instantOf(fromDay, fromTime, zone)
  return came !== null && came <= createdAt + SKEW_MS
}

/** Since when somebody waits; null for an entry whose time the clock skips. */
export const cameAt = ({ fromDay, fromTime }: Times, zone: Zone): Instant | null =>
  fromTime === null ? null : instantOf(fromDay, fromTime, zone)

function instantOf(day: LocalDay, time: LocalTime, zone: Zone): Instant | null {
  const answer = toInstant(day, time, zone)
  if (answer.ok) return answer.instant
  return answer.reason === 'repeated-hour' ? answer.earlier : null
}
