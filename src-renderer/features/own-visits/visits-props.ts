import type { ReactNode } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'

export type OwnVisitsProps = {
  readonly clinic: Clinic
  readonly api: Pick<ServerApi, 'cancel'>
  /** Where to call the clinic; '' where it has not said. */
  readonly phone: string
  /** How long before a visit its patient has to call, as the clinic decided; a type may ask for more. */
  readonly cutoffMinutes: number
  readonly onBook: () => void
  readonly onMove: (visit: Appointment) => void
  readonly onSave: (visit: Appointment) => void
  /** What else lies ahead, between what is coming and what has been. */
  readonly children?: ReactNode
}
