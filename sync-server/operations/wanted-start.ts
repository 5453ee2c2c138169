import type { WallTime } from '#domain/api/appointment-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { isLocalDay, toInstant, toLocal } from '#domain/time/clinic-time.ts'
import { type Instant, LAST_INSTANT } from '#domain/time/instant.ts'
import { findZoneOfDoctor } from './booking-references.ts'
import type { WriteContext } from './write-context.ts'

export type StartAnswer =
  | { readonly ok: true; readonly start: Instant }
  | { readonly ok: false; readonly rejection: Rejection }

/** The instant a visit shall begin: the one given, or that of a wall time in the zone of the doctor's place. */
export async function toWantedStart(
  ctx: WriteContext,
  start: Instant | WallTime,
  doctorId: DoctorId,
): Promise<StartAnswer> {
  if (typeof start === 'number') return { ok: true, start }
  if (!isLocalDay(start.day)) return refused('invalid-document', 'start.day')
  const zone = await findZoneOfDoctor(ctx, doctorId)
  if (!zone) return refused('unknown-reference', 'doctorId')
  const answer = toInstant(start.day, start.time, zone)
  if (answer.ok)
    return isHeld(answer.instant) ? { ok: true, start: answer.instant } : refused('invalid-document', 'start.day')
  if (answer.reason === 'skipped-hour') return refused('skipped-hour', 'start.time')
  return start.repeat ? { ok: true, start: answer[start.repeat] } : refused('repeated-hour', 'start.repeat')
}

/** The same as it hangs on the wall of the doctor's place; an instant of a repeated hour says which of the two it is. */
export async function toWallTime(ctx: WriteContext, start: Instant | WallTime, doctorId: DoctorId): Promise<WallTime> {
  if (typeof start !== 'number') return start
  // A doctor who is not there is refused with the booking.
  const zone = (await findZoneOfDoctor(ctx, doctorId)) ?? 'UTC'
  const { day, time } = toLocal(start, zone)
  const answer = toInstant(day, time, zone)
  if (answer.ok || answer.reason !== 'repeated-hour') return { day, time }
  return { day, time, repeat: answer.earlier === start ? 'earlier' : 'later' }
}

/** A wall time may lie in years that an instant cannot. */
const isHeld = (start: Instant): boolean => start >= 0 && start <= LAST_INSTANT

const refused = (reason: Rejection['reason'], field: string): StartAnswer => ({
  ok: false,
  rejection: { reason, field },
})
