/** Where a visit stands in its series. Pure. */
import type { Instant } from '#domain/time/instant.ts'
import type { Appointment } from './appointment-schemas.ts'

export type SeriesPlace = {
  /** Counted from 1, visits that were called off included, so that the numbers stay. */
  readonly place: number
  readonly count: number
  /** After this one and still to come: what may be moved or called off with it. */
  readonly later: readonly Appointment[]
}

export function placeInSeries(visits: readonly Appointment[], visit: Appointment, now: Instant): SeriesPlace {
  const inOrder = visits.toSorted((a, b) => a.start - b.start)
  return {
    place: inOrder.findIndex(({ id }) => id === visit.id) + 1,
    count: inOrder.length,
    later: inOrder.filter((each) => each.start > visit.start && isToCome(each, now)),
  }
}

/** Whether a visit is still expected, and not begun. */
export const isToCome = ({ status, start }: Pick<Appointment, 'status' | 'start'>, now: Instant): boolean =>
  (status === 'pending' || status === 'confirmed') && start > now
