import type { TFunction } from 'i18next'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import type { Format } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'

/** What somebody waits for, in a few words: doctor, part of the day, days. */
export function entryWords(entry: WaitlistEntry, clinic: Clinic, t: TFunction, format: Format): string {
  const { doctorIds, specialization, fromTime, untilTime, fromDay, untilDay } = entry
  const doctors = doctorIds.flatMap((id) => clinic.doctorOf(id)?.name ?? [])
  const today = localDayOf(clinic.desk.now(), clinic.zone)
  const part =
    fromTime !== null && untilTime !== null
      ? `${fromTime}–${untilTime}`
      : fromTime !== null
        ? t('waitlist.after', { time: fromTime })
        : untilTime !== null && t('waitlist.before', { time: untilTime })
  return [
    doctors.length > 0 ? doctors.join(', ') : specialization || t('waitlist.any-doctor'),
    part,
    fromDay > today && t('waitlist.from', { day: format.day(fromDay) }),
    untilDay !== null && t('waitlist.until', { day: format.day(untilDay) }),
  ]
    .filter(Boolean)
    .join(' · ')
}
