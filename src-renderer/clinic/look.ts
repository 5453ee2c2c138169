/** What a visit looks like on any screen: its status, with the time in the room told apart. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'

export type Look = Exclude<AppointmentStatus, 'fulfilled'> | 'in-room' | 'done'

/** Who has not come this long after the start counts as late. */
export const LATE_AFTER_MINUTES = 5

export function lookOf({ status, startedAt }: Pick<Appointment, 'status' | 'startedAt'>): Look {
  if (status === 'fulfilled') return 'done'
  return status === 'arrived' && startedAt !== null ? 'in-room' : status
}

export const isLateAt = ({ status, start }: Pick<Appointment, 'status' | 'start'>, now: Instant): boolean =>
  (status === 'pending' || status === 'confirmed') && minutesBetween(start, now) >= LATE_AFTER_MINUTES
