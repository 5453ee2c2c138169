/** Whom a freed time fits, and who is asked first. */
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import { type LocalDay, type LocalTime, weekdayOf } from '#domain/time/clinic-time.ts'
import type { WaitlistEntry } from './waitlist-schemas.ts'

/** A time as it hangs on the wall where its doctor works. */
export type FreedTime = {
  readonly doctorId: DoctorId
  readonly specialization: string
  readonly typeId: AppointmentTypeId
  readonly day: LocalDay
  readonly startTime: LocalTime
  /** The end on the same day; '24:00' and beyond where the visit runs past midnight. */
  readonly endTime: LocalTime
}

/** True when the time is one that the entry waits for: type, doctor, day, and the whole visit within the part of the day. */
export function fitsEntry(entry: WaitlistEntry, time: FreedTime): boolean {
  const { doctorIds, specialization, weekdays, fromTime, untilTime, fromDay, untilDay } = entry
  return (
    entry.status === 'waiting' &&
    entry.typeId === time.typeId &&
    (doctorIds.length === 0 || doctorIds.includes(time.doctorId)) &&
    (specialization === '' || specialization === time.specialization) &&
    (weekdays.length === 0 || weekdays.includes(weekdayOf(time.day))) &&
    (fromTime === null || fromTime <= time.startTime) &&
    (untilTime === null || time.endTime <= untilTime) &&
    fromDay <= time.day &&
    (untilDay === null || time.day <= untilDay)
  )
}

/** How many wishes of the entry the time meets: who asked for this doctor, weekday or hour finds such a time less often. */
export function scoreOf({ doctorIds, specialization, weekdays, fromTime, untilTime }: WaitlistEntry): number {
  return [
    doctorIds.length > 0,
    specialization !== '',
    weekdays.length > 0,
    fromTime !== null || untilTime !== null,
  ].filter(Boolean).length
}

/** The entries that the time fits, in the order to ask: the narrower wish first, then who has waited longer, then the id. */
export function rankedFits<Entry extends WaitlistEntry>(entries: readonly Entry[], time: FreedTime): Entry[] {
  return entries
    .filter((entry) => fitsEntry(entry, time))
    .sort((a, b) => scoreOf(b) - scoreOf(a) || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
}
