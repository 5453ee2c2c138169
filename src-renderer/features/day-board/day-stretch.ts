/** Intervals as stretches of one day's column: opening hours, and the times that others keep. Pure. */
import type { DoctorId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { type LocalDay, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import type { HeldTime } from '#renderer/local-db/held-times.ts'
import type { GridNote, Stretch } from '#renderer/ui/time-grid/grid-types.ts'

export const DAY_MINUTES = 24 * 60

type DayPlace = { readonly day: LocalDay; readonly zone: Zone }

/** The part of an interval that lies in a day, by the clinic's wall. */
export function toStretch({ start, end }: Interval, { day, zone }: DayPlace): Stretch[] {
  const [from, until] = [toLocal(start, zone), toLocal(end, zone)]
  if (from.day > day || until.day < day) return []
  const startMinute = from.day < day ? 0 : from.minuteOfDay
  const endMinute = until.day > day ? DAY_MINUTES : until.minuteOfDay
  return endMinute > startMinute ? [{ startMinute, endMinute }] : []
}

export type HeldByOthers = {
  readonly times: readonly HeldTime[]
  /** Who keeps it, in words. */
  readonly titleOf: (held: HeldTime) => string
}

/** The times of a doctor that others keep on a day. */
export function notesOfHeld(doctorId: DoctorId, { times, titleOf }: HeldByOthers, place: DayPlace): GridNote[] {
  return times
    .filter((held) => held.doctorId === doctorId)
    .flatMap((held) =>
      toStretch(held, place).map((stretch) => ({
        ...stretch,
        id: held.id,
        title: titleOf(held),
        // What a device keeps ends where it begins: nothing to count down.
        ...(held.lease === undefined && { until: held.expiresAt }),
      })),
    )
}
