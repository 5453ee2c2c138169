/**
 * The life of an appointment. `pending`, `confirmed` and `cancelled` are the product's words, `arrived`, `fulfilled`
 * and `noshow` are FHIR's; `unplaced` is a booking that lost the time it wanted and holds none.
 * The table is total: a new status does not compile until every row has decided about it.
 */
import type { Permission } from '#domain/access/permissions.ts'
import { rankIn } from '#domain/life-cycle.ts'

export const APPOINTMENT_STATUSES = [
  'pending',
  'confirmed',
  'arrived',
  'fulfilled',
  'noshow',
  'cancelled',
  'unplaced',
] as const
export type AppointmentStatus = (typeof APPOINTMENT_STATUSES)[number]

type Step = {
  readonly permission: Permission /** true when the step takes an earlier one back */
  readonly isUndo?: true
}
type Row = { readonly [To in AppointmentStatus]?: Step }

const confirm: Step = { permission: 'confirm-appointment' }
const cancel: Step = { permission: 'cancel-appointment' }
const progress: Step = { permission: 'check-in-patient' }
const undoConfirm: Step = { permission: 'confirm-appointment', isUndo: true }
const undoCancel: Step = { permission: 'cancel-appointment', isUndo: true }
const undoProgress: Step = { permission: 'check-in-patient', isUndo: true }
const place: Step = { permission: 'move-appointment' }

/** From each status, where it may go, and which permission the step needs. `arrived` after `cancelled` or `noshow` is the patient who came after all. */
export const TRANSITIONS = {
  pending: {
    confirmed: confirm,
    arrived: progress,
    noshow: progress,
    cancelled: cancel,
  },
  confirmed: {
    pending: undoConfirm,
    arrived: progress,
    noshow: progress,
    cancelled: cancel,
  },
  arrived: {
    pending: undoProgress,
    confirmed: undoProgress,
    noshow: undoProgress,
    fulfilled: progress,
    cancelled: cancel,
  },
  fulfilled: { arrived: undoProgress },
  noshow: {
    pending: undoProgress,
    confirmed: undoProgress,
    arrived: progress,
    cancelled: cancel,
  },
  cancelled: { pending: undoCancel, confirmed: undoCancel, arrived: progress },
  unplaced: { pending: place, confirmed: place, cancelled: cancel },
} as const satisfies Record<AppointmentStatus, Row>

/** True when an appointment in this status occupies its doctor's time. */
export const holdsTime = (status: AppointmentStatus): boolean =>
  status === 'pending' || status === 'confirmed' || status === 'arrived' || status === 'fulfilled'

/** The single step between two statuses, or undefined when the table has none. */
export const findStep = (from: AppointmentStatus, to: AppointmentStatus): Step | undefined =>
  (TRANSITIONS[from] as Row)[to]

/**
 * The steps that lead from one status to another. One step as a rule; a visit that was checked in and finished while
 * offline arrives as one change and counts as two steps, which `arrivedAt` proves.
 * Returns undefined when the change is a jump the table does not know.
 */
export function stepsBetween(
  from: AppointmentStatus,
  to: AppointmentStatus,
  evidence: { readonly arrivedAt: number | null },
): readonly Step[] | undefined {
  if (from === to) return []
  const direct = findStep(from, to)
  if (direct) return [direct]
  if (to !== 'fulfilled' || evidence.arrivedAt === null) return undefined
  const arrival = findStep(from, 'arrived')
  return arrival && [arrival, TRANSITIONS.arrived.fulfilled]
}

/** Where two desks disagree, the status further along wins; someone who came beats someone who was called off. */
const LIFECYCLE: Record<AppointmentStatus, number> = {
  unplaced: 0,
  pending: 1,
  confirmed: 2,
  noshow: 3,
  cancelled: 4,
  arrived: 5,
  fulfilled: 6,
}

/** The later of two statuses in the order of a visit's life; symmetric, and total: what is no status comes before all. */
export const laterStatus = (a: AppointmentStatus, b: AppointmentStatus): AppointmentStatus =>
  rankIn(LIFECYCLE, a) >= rankIn(LIFECYCLE, b) ? a : b
