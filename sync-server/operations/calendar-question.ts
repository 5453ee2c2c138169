/** What a search of free times needs to read of a clinic. */
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, ClinicId, PatientId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import type { LocalDay, Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Recall } from './read-memory.ts'

export type CalendarQuestion = {
  readonly clinicId: ClinicId
  readonly doctors: readonly Pick<Doctor, 'id'>[]
  /** Of the wanted visit. */
  readonly type: AppointmentType
  /** Every type of the clinic: visits there have buffers too. */
  readonly types: readonly AppointmentType[]
  readonly durationMinutes: number
  /** Days on which the visit may begin, `until` included, in `zone`. */
  readonly from: LocalDay
  readonly until: LocalDay
  readonly zone: Zone
  /** Holds that have run out by now keep nothing. */
  readonly now: Instant
  /** An appointment that is to be moved is not in its own way. */
  readonly except?: AppointmentId | undefined
  /** Whose visit it is, where that is known: nobody is in two places at once. */
  readonly patientId?: PatientId | undefined
  readonly recall: Recall
}
