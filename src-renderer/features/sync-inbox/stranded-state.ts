/** How a visit that lost its hours stands by now, beside the list the server wrote when it lost them. Pure. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import type { StrandedVisit, StrandedVisits } from '#domain/sync/stranded-visits.ts'

export type StrandedState =
  /** Still where it was. */
  | 'waits'
  /** At another time, or with another doctor. */
  | 'moved'
  /** Called off, or over. */
  | 'settled'
  /** Not on this computer, which keeps some weeks of visits only. */
  | 'unknown'

export function strandedStateOf(
  { doctorId }: Pick<StrandedVisits['schedule'], 'doctorId'>,
  listed: StrandedVisit,
  visit: Appointment | undefined,
): StrandedState {
  if (!visit) return 'unknown'
  if (visit.status === 'fulfilled' || !holdsTime(visit.status)) return 'settled'
  return visit.start === listed.start && visit.doctorId === doctorId ? 'waits' : 'moved'
}
