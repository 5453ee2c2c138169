/** How soon and how far ahead a visit may be booked, by the clock alone: one rule for bookings and for the times offered. */
import { addDays, type LocalDay, localDayOf, type Zone } from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'

/** Who asks: patients are held to notice, horizon and what is published to them; staff to what has not passed. */
export type Asker = 'patient' | 'staff'

export type BookingWindow = {
  /** The earliest start, itself included. */
  readonly earliest: Instant
  /** The last day on which a visit may begin, in `zone`; null without one. */
  readonly lastDay: LocalDay | null
  /** Of the place where the visit is to be. */
  readonly zone: Zone
}

/** What a type of visit leaves open to an asker at this moment. A patient's visit begins after now, staff's now or later. */
export function bookingWindow({
  asker,
  now,
  zone,
  noticeMinutes,
  horizonDays,
}: {
  readonly asker: Asker
  readonly now: Instant
  readonly zone: Zone
  readonly noticeMinutes: number
  readonly horizonDays: number
}): BookingWindow {
  if (asker === 'staff') return { earliest: now, lastDay: null, zone }
  return {
    earliest: Math.max(now + 1, now + minutes(noticeMinutes)),
    lastDay: addDays(localDayOf(now, zone), horizonDays),
    zone,
  }
}

/** Whether a start lies inside, or on which side it does not. */
export function placeInWindow(
  start: Instant,
  { earliest, lastDay, zone }: BookingWindow,
): 'before' | 'inside' | 'after' {
  if (start < earliest) return 'before'
  return lastDay !== null && localDayOf(start, zone) > lastDay ? 'after' : 'inside'
}
