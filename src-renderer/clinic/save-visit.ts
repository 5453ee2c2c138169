import type { TFunction } from 'i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { feedOfVisits } from '#domain/calendar/feed-of-visits.ts'
import { icalendarText } from '#domain/calendar/icalendar.ts'
import type { Platform, SaveResult } from '#renderer/platform/types.ts'

type Words = { readonly t: TFunction; readonly clinicName: string; readonly doctorName: string }

/**
 * One visit as a file for the person's own calendar. It bears the same name there as in a calendar feed, so a visit that was moved
 * takes the place of the one before. What it is for stays out of it.
 */
export function saveVisit(
  platform: Pick<Platform, 'saveFile'>,
  visit: Appointment,
  { t, clinicName, doctorName }: Words,
): Promise<SaveResult> {
  const events = feedOfVisits([visit], { nameOf: () => '', place: clinicName }).map((event) => ({
    ...event,
    summary: t('own-visits.calendar-entry', { doctor: doctorName }),
  }))
  return platform.saveFile({
    name: `visit-${visit.localDay}.ics`,
    kind: 'ics',
    content: icalendarText({ name: clinicName, events }),
  })
}
