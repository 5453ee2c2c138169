/**
 * What a person is told about a visit: the difference between what they were told last and how the visit stands now. Changes that
 * took each other back within the undo window leave nothing to tell.
 */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { MessageKind } from './message-kinds.ts'

export type VisitState = Pick<Appointment, 'status' | 'start' | 'end' | 'doctorId'>

export type News =
  | { readonly kind: MessageKind }
  /** `undone`: as they know it · `cancelled-before-sending`: it came and went · `outdated`: no longer of interest. */
  | { readonly skip: 'undone' | 'cancelled-before-sending' | 'outdated' }

/**
 * @param told how the visit stood before the first change that they have not been told of; null when it did not exist
 * @param now how it stands
 * @param at the present: of what has begun nobody is told any more
 */
export function newsOf(told: VisitState | null, now: VisitState, at: number): News {
  if (now.start <= at) return { skip: 'outdated' }
  const before = told && isPlaced(told) ? told : null
  if (now.status === 'cancelled') {
    const knew = told !== null && told.status !== 'cancelled'
    return knew ? { kind: 'cancelled' } : { skip: told === null ? 'cancelled-before-sending' : 'undone' }
  }
  if (now.status === 'unplaced') return told?.status === 'unplaced' ? { skip: 'undone' } : { kind: 'unplaced' }
  if (!isPlaced(now)) return { skip: 'outdated' }
  if (!before) return { kind: told?.status === 'unplaced' ? 'placed' : 'booked' }
  if (before.start !== now.start || before.doctorId !== now.doctorId) return { kind: 'moved' }
  return before.status === 'pending' && now.status === 'confirmed' ? { kind: 'confirmed' } : { skip: 'undone' }
}

/** Ahead and holding a time. */
const isPlaced = ({ status }: VisitState): boolean => status === 'pending' || status === 'confirmed'
