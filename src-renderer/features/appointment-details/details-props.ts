import type { ReactNode } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { Steps } from './use-steps.ts'

export type DetailsProps = {
  readonly clinic: Clinic
  readonly appointment: Appointment
  readonly steps: Steps
  /** What stands in place of the buttons, while a form asks for more. */
  readonly form: ReactNode
  readonly onMove: () => void
  readonly onCancel: () => void
  readonly onReview: () => void
  readonly onBookAgain: () => void
  readonly onOpen: (appointment: Appointment) => void
  readonly onClose: () => void
}
