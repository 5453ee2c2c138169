import type { ClinicId, EquipmentId, LocationId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'

/** Something that visits use and of which there is a number of units. Known to the server alone. */
export type Equipment = {
  readonly id: EquipmentId
  readonly clinicId: ClinicId
  readonly locationId: LocationId | null
  readonly name: string
  /** Units: visits that can use it at once. */
  readonly capacity: number
  readonly isActive: boolean
  readonly revision: number
  readonly updatedAt: Instant
}
