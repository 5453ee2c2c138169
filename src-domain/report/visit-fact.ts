import type { Origin } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import type { AppointmentId, AppointmentTypeId, DoctorId, RoomId } from '#domain/ids.ts'
import type { LocalDay, LocalTime } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'

/** All that a report may know about one visit. Names are those of today; a name that is not known is empty. */
export type VisitFact = {
  readonly id: AppointmentId
  readonly doctorId: DoctorId
  readonly doctorName: string
  readonly patientName: string
  readonly typeId: AppointmentTypeId
  readonly typeName: string
  readonly roomId: RoomId | null
  readonly roomName: string
  readonly status: AppointmentStatus
  /** What the patient was promised, on the wall of the visit's own zone. */
  readonly localDay: LocalDay
  readonly localStart: LocalTime
  readonly start: Instant
  readonly end: Instant
  readonly createdAt: Instant
  readonly arrivedAt: Instant | null
  readonly startedAt: Instant | null
  readonly finishedAt: Instant | null
  readonly origin: Origin
  /** Whether a reminder of this visit was sent before it. */
  readonly wasReminded: boolean
}
