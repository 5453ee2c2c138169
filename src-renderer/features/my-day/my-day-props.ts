import type { ReactNode } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { Steps } from '#renderer/clinic/use-steps.ts'
import type { MyDay } from './use-my-day.ts'

export type MyDayProps = {
  readonly clinic: Clinic
  readonly myDay: MyDay
  readonly steps: Steps
  /** How late the doctor has said they are today; 0 for nothing. */
  readonly saidLate: number
  /** What is to be known about the day. */
  readonly notes: ReactNode
  readonly isBlurred: boolean
  readonly onDay: (day: LocalDay) => void
  readonly onVisit: (id: AppointmentId) => void
  readonly onBlur: () => void
  readonly onStart: () => void
  /** Says to every desk that it is a step later by now, or on time again. */
  readonly onLater: () => void
  readonly onTime: () => void
  readonly onFinish: () => void
  readonly onBoard: (visit: Appointment) => void
}
