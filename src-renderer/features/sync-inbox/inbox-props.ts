import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'

export type InboxProps = {
  readonly clinic: Clinic
  readonly api: Pick<ServerApi, 'alternatives'>
  /** The entry to begin with, when it was asked for from elsewhere. */
  readonly firstId: string | null
  readonly onShowOnBoard: (appointment: Appointment) => void
  readonly onChooseOnBoard: (appointment: Appointment) => void
}
