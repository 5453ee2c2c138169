import type { ReactNode } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { SeriesOf } from '#renderer/clinic/use-series-of.ts'
import type { Steps } from '#renderer/clinic/use-steps.ts'

export type DetailsProps = {
  readonly clinic: Clinic
  readonly appointment: Appointment
  /** The series it is part of, if any. */
  readonly series: SeriesOf | null
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
