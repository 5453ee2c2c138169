/** Places, times and what is filled in, as the booking panel speaks of them. */
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { Seats } from '#domain/appointment/group-session.ts'
import type { DoctorId, PatientId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { LocalReason } from '#renderer/local-db/place-check.ts'

/** A place on the board that was pointed at. */
export type Wanted = { readonly doctorId: DoctorId; readonly day: LocalDay; readonly minute: number }

export type Slot = { readonly doctorId: DoctorId; readonly start: Instant }
/** A slot with the places of the group that meets then; null for a visit of one patient. */
export type SeatedSlot = Slot & {
  readonly seats: Seats | null
  /** Whether this device keeps it, so that it stands without the server. */
  readonly isKept?: boolean
}
/** What is chosen; an overbooked one goes beside visits that leave no room for it. */
export type Choice = Slot & { readonly isOverbooked: boolean }
export type Offer = SeatedSlot & {
  /** Null when the visit fits. */
  readonly obstacle: LocalReason | null
  /** Whether this person may book it beside what is in the way. */
  readonly canOverbook: boolean
  /** Which of the two times of a repeated hour. */
  readonly repeat: 'earlier' | 'later' | null
}
export type Slots = {
  /** What was named in words, else what the cursor points at: one offer as a rule, two in a repeated hour. */
  readonly asked: readonly Offer[]
  /** Free times, at most four: the caller's own doctor's first. */
  readonly proposals: readonly SeatedSlot[]
  /** Whether a wish in words was followed, rather than the cursor. */
  readonly isWish: boolean
}

/** What the panel holds so far. */
export type Filled = {
  readonly patientId: PatientId | null
  readonly type: AppointmentType | undefined
  readonly slot: Choice | null
  readonly reason: string
  readonly overbookReason: string
}
