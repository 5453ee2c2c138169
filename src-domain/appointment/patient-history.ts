/** What a patient's visits say about the next one. */
import type { Instant } from '#domain/time/instant.ts'
import type { Appointment } from './appointment-schemas.ts'

/** The visit a returning caller means by "the same again": the latest that took place, else the next that is booked. */
export function visitToRepeat<Visit extends Pick<Appointment, 'start' | 'status'>>(
  visits: readonly Visit[],
  now: Instant,
): Visit | undefined {
  const kept = visits.filter(({ status }) => status !== 'cancelled' && status !== 'noshow' && status !== 'unplaced')
  const [latest] = kept.filter(({ start }) => start <= now).toSorted((a, b) => b.start - a.start)
  const [next] = kept.filter(({ start }) => start > now).toSorted((a, b) => a.start - b.start)
  return latest ?? next
}

/** How often the patient did not come. */
export const countNoShows = (visits: readonly Pick<Appointment, 'status'>[]): number =>
  visits.filter(({ status }) => status === 'noshow').length
