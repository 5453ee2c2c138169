import type { ReactNode } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { Platform } from '#renderer/platform/types.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'

export type PatientsProps = {
  readonly clinic: Clinic
  readonly api: ServerApi
  readonly platform: Platform
  readonly patientId: PatientId | null
  readonly recent: readonly PatientId[]
  /** Answers of patients that somebody must look at; composed by the app, since another screen shows them too. */
  readonly replies: ReactNode
  readonly onPatient: (id: PatientId | null) => void
  readonly onBook: (id: PatientId) => void
  readonly onVisit: (visit: Appointment) => void
}
