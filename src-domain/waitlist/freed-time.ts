/** A time that has become free, and whom of those who wait it could serve. */
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import type { AppointmentTypeId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { timeOfMinute, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import { rankedFits } from './fit.ts'
import type { WaitlistEntry } from './waitlist-schemas.ts'

type Visit = Pick<Appointment, 'status' | 'doctorId' | 'start' | 'end'>
export type FreedStretch = Pick<Appointment, 'doctorId' | 'start' | 'end'>

/** The time a visit gave up between two states of it; null when it kept what it had, or had none. */
export function freedBy(before: Visit, after: Visit): FreedStretch | null {
  if (!holdsTime(before.status)) return null
  const isKept = holdsTime(after.status) && after.doctorId === before.doctorId && after.start === before.start
  return isKept ? null : { doctorId: before.doctorId, start: before.start, end: before.end }
}

/** Who could use the time, in the order to ask. Each is measured by the length of their own kind of visit. */
export function fitsOf<Entry extends WaitlistEntry>(
  entries: readonly Entry[],
  { doctorId, start, end }: FreedStretch,
  around: {
    readonly doctor: Pick<Doctor, 'specialization'>
    readonly typeOf: (id: AppointmentTypeId) => AppointmentType | undefined
    readonly zone: Zone
  },
): readonly Entry[] {
  const { day, minuteOfDay } = toLocal(start, around.zone)
  const fits = [...new Set(entries.map(({ typeId }) => typeId))].flatMap((typeId) => {
    const type = around.typeOf(typeId)
    const isOffered = type?.isActive && (type.doctorIds.length === 0 || type.doctorIds.includes(doctorId))
    if (!type || !isOffered || type.durationMinutes > minutesBetween(start, end)) return []
    return rankedFits(entries, {
      doctorId,
      specialization: around.doctor.specialization,
      typeId,
      day,
      startTime: timeOfMinute(minuteOfDay),
      endTime: timeOfMinute(minuteOfDay + type.durationMinutes),
    })
  })
  return entries.filter((entry) => fits.includes(entry)).toSorted((a, b) => fits.indexOf(a) - fits.indexOf(b))
}
