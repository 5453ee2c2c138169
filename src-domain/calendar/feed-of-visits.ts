/** Visits as entries of somebody's calendar. What a visit is for stays in the clinic; a name is told only where its owner asked. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import type { CalendarEvent } from './icalendar.ts'

const STATUSES: Record<AppointmentStatus, CalendarEvent['status'] | undefined> = {
  pending: 'TENTATIVE',
  confirmed: 'CONFIRMED',
  arrived: 'CONFIRMED',
  fulfilled: 'CONFIRMED',
  noshow: 'CANCELLED',
  cancelled: 'CANCELLED',
  // It holds no time, so there is nothing to enter.
  unplaced: undefined,
}

export type FeedWords = {
  /** Whom the visit is with, as the feed's owner may read it; empty where no name is told. */
  readonly nameOf: (visit: Appointment) => string
  readonly place: string
}

/** One entry per visit that has, or had, a time. */
export function feedOfVisits(visits: readonly Appointment[], { nameOf, place }: FeedWords): CalendarEvent[] {
  return visits.flatMap((visit) => {
    const status = STATUSES[visit.status]
    if (!status) return []
    const name = nameOf(visit)
    return {
      uid: `${visit.id}@healthcare-appointment-system`,
      sequence: visit.revision,
      start: visit.start,
      end: visit.end,
      summary: name === '' ? 'Appointment' : `Appointment: ${name}`,
      location: place,
      status,
      createdAt: visit.createdAt,
      updatedAt: visit.updatedAt,
    }
  })
}
