import type { ClinicId, LocationId } from '#domain/ids.ts'
import type { Zone } from '#domain/time/clinic-time.ts'

/** A place where doctors see patients. Its zone is the clinic's unless the place lies elsewhere. */
export type LocationRow = {
  readonly id: LocationId
  readonly clinicId: ClinicId
  readonly name: string
  readonly address: string
  readonly zone: Zone
}
