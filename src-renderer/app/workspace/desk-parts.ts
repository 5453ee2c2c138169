import type { RefObject } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Renewal } from '#renderer/app/session/renewal.ts'
import type { OpenSession } from '#renderer/app/session/session-state.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import type { Lateness } from '#renderer/clinic/use-lateness.ts'
import type { Steps } from '#renderer/clinic/use-steps.ts'
import type { MoveAppointment } from '#renderer/features/move-appointment/use-move-appointment.ts'
import type { MyDay } from '#renderer/features/my-day/use-my-day.ts'
import type { Platform } from '#renderer/platform/types.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { TimeGridHandle } from '#renderer/ui/time-grid/time-grid-props.ts'

/** What surrounds the open data: the host, the server, and the session's own doors. */
export type Host = {
  readonly platform: Platform
  readonly api: ServerApi
  readonly session: OpenSession
  readonly onLock: () => void
  /** Asks anew who the person is and what they may do. */
  readonly onPersonChanged: () => Promise<void>
  /** So long nobody may have touched the computer before it locks. */
  readonly idleLockMs: number
  readonly onRenew: (password: string, code?: string) => Promise<Renewal>
  /** @returns how many changes stand in the way */
  readonly onSignOut: (isWiped: boolean) => Promise<number>
}

export type DeskParts = {
  readonly host: Host
  readonly clinic: Clinic
  readonly clinicDay: ClinicDay
  readonly today: LocalDay
  /** Null for who is no doctor. */
  readonly myDay: MyDay | null
  readonly mover: MoveAppointment
  readonly steps: Steps
  readonly lateness: Lateness
  readonly grid: RefObject<TimeGridHandle | null>
  readonly beginMove: (visit: Appointment) => void
}
