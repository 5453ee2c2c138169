import type { AppointmentView } from '#domain/api/appointment-api.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { PatientApi } from '#renderer/server-api/patient-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { Start } from './draft.ts'

/** What somebody waits for when no time suits them. */
export type Wish = {
  readonly patientId: PatientId
  readonly typeId: AppointmentTypeId
  readonly doctorId: DoctorId | null
}

export type BookProps = {
  readonly clinic: Clinic
  readonly api: Pick<ServerApi, 'book' | 'move'>
  readonly patientApi: PatientApi
  readonly start: Start
  /** Where to call the clinic; '' where it has not said. */
  readonly phone: string
  /** Ends the booking, done or not. */
  readonly onLeave: () => void
  readonly onWait: (wish: Wish) => void
  readonly onSave: (visit: AppointmentView) => void
}
