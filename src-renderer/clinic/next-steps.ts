/**
 * What can be done to a visit now, from the transition table and the person's permissions. Pure.
 * The first step offered is the one a day usually takes next.
 */
import type { Permission } from '#domain/access/permissions.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { type AppointmentStatus, findStep } from '#domain/appointment/appointment-status.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'

export const STEPS = ['confirm', 'arrived', 'in-room', 'done', 'no-show'] as const
export type StepName = (typeof STEPS)[number]

export type NextSteps = {
  readonly steps: readonly StepName[]
  readonly canMove: boolean
  readonly canCancel: boolean
  /** The status that taking the last step back leads to; null when there is nothing to take back. */
  readonly undo: { readonly to: AppointmentStatus; readonly isFromRoom: boolean } | null
}

type Asked = {
  readonly now: Instant
  readonly may: (permission: Permission) => boolean
}

/** The steps offered for a visit. */
export function nextStepsOf(visit: Appointment, { now, may }: Asked): NextSteps {
  const allows = (to: AppointmentStatus): boolean => {
    const step = findStep(visit.status, to)
    return step !== undefined && may(step.permission)
  }
  const isToday = localDayOf(now, visit.zone) === visit.localDay
  const isInRoom = visit.status === 'arrived' && visit.startedAt !== null
  const isAhead = visit.status === 'pending' || visit.status === 'confirmed'
  const steps: Record<StepName, boolean> = {
    confirm: visit.status === 'pending' && allows('confirmed'),
    arrived: isAhead && isToday && allows('arrived'),
    'in-room': visit.status === 'arrived' && !isInRoom && may('check-in-patient'),
    done: visit.status === 'arrived' && allows('fulfilled'),
    'no-show': isAhead && visit.start <= now && allows('noshow'),
  }
  return {
    steps: STEPS.filter((name) => steps[name]),
    canMove: (isAhead || visit.status === 'unplaced') && may('move-appointment'),
    canCancel: visit.status !== 'noshow' && visit.status !== 'arrived' && allows('cancelled'),
    undo: undoOf(visit, isInRoom, allows, may),
  }
}

function undoOf(
  { status }: Appointment,
  isInRoom: boolean,
  allows: (to: AppointmentStatus) => boolean,
  may: Asked['may'],
): NextSteps['undo'] {
  if (isInRoom) return may('check-in-patient') ? { to: 'arrived', isFromRoom: true } : null
  const to: Partial<Record<AppointmentStatus, AppointmentStatus>> = {
    arrived: 'confirmed',
    fulfilled: 'arrived',
    noshow: 'confirmed',
    cancelled: 'confirmed',
  }
  const back = to[status]
  return back !== undefined && allows(back) ? { to: back, isFromRoom: false } : null
}
