import type { ClinicId, ClosureId, LocationId } from '#domain/ids.ts'
import type { LocalDay, LocalTime } from '#domain/time/clinic-time.ts'

/**
 * Days on which the clinic, or one of its places, is closed. What that takes from each doctor's hours stands in `schedules`, one
 * row per doctor and day that names the closure, so that everything that reads hours knows it.
 */
export type Closure = {
  readonly id: ClosureId
  readonly clinicId: ClinicId
  /** Null means every place. */
  readonly locationId: LocationId | null
  readonly name: string
  readonly fromDay: LocalDay
  /** Included. */
  readonly untilDay: LocalDay
  /** Both null: the whole day. */
  readonly startTime: LocalTime | null
  readonly endTime: LocalTime | null
  readonly revision: number
}
