/**
 * What becomes of each visit of a doctor's day that cannot be held: moved to a free time, called off, or left as it is. Pure.
 *
 * Invariant: of the visits that move, no two stand at one doctor's at the same time.
 */
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Appointment } from './appointment-schemas.ts'

export const CALL_OFF = 'call-off'
export const LEAVE = 'leave'
export type DayChoice = typeof CALL_OFF | typeof LEAVE | Alternative

/** A visit of the day with the free times it could have, the best first. */
export type DayVisit = { readonly visit: Appointment; readonly free: readonly Alternative[] }
export type PlannedChange = DayVisit & {
  readonly choice: DayChoice
  /** The free times that nobody before it has taken. */
  readonly open: readonly Alternative[]
}

/** What a list offers for one visit. */
const MOST_OFFERED = 4

/**
 * The best free times for a visit: at colleagues on the same day, nearest to its time first; then on other days at whoever, its own
 * doctor before others.
 */
export function rankForVisit(
  visit: Pick<Appointment, 'doctorId' | 'start'>,
  free: readonly Alternative[],
  isSameDay: (a: Instant, b: Instant) => boolean,
): readonly Alternative[] {
  const distance = ({ start }: Alternative): number => Math.abs(start - visit.start)
  const onDay = free.filter((each) => isSameDay(each.start, visit.start) && each.doctorId !== visit.doctorId)
  const later = free.filter((each) => !isSameDay(each.start, visit.start))
  const isOther = ({ doctorId }: Alternative): number => (doctorId === visit.doctorId ? 0 : 1)
  return [
    ...onDay.toSorted((a, b) => distance(a) - distance(b)),
    ...later.toSorted((a, b) => isOther(a) - isOther(b) || distance(a) - distance(b)),
  ]
}

/** Every visit with its choice; one whose chosen time is taken by a visit before it is called off. */
export function planDay(
  visits: readonly DayVisit[],
  choices: ReadonlyMap<AppointmentId, DayChoice>,
): readonly PlannedChange[] {
  const plan: PlannedChange[] = []
  for (const { visit, free } of visits) {
    const open = openTimes(free, plan)
    const choice = choices.get(visit.id) ?? CALL_OFF
    const isGone = typeof choice === 'object' && !open.some((each) => isSame(each, choice))
    plan.push({ visit, free, open: open.slice(0, MOST_OFFERED), choice: isGone ? CALL_OFF : choice })
  }
  return plan
}

/** Moves whoever can be moved on the same day, and calls the others off. */
export function moveOnSameDay(
  visits: readonly DayVisit[],
  isSameDay: (a: Instant, b: Instant) => boolean,
): ReadonlyMap<AppointmentId, DayChoice> {
  const choices = new Map<AppointmentId, DayChoice>()
  const plan: PlannedChange[] = []
  for (const { visit, free } of visits) {
    const open = openTimes(free, plan)
    const choice = open.find(({ start }) => isSameDay(start, visit.start)) ?? CALL_OFF
    choices.set(visit.id, choice)
    plan.push({ visit, free, open, choice })
  }
  return choices
}

function openTimes(free: readonly Alternative[], plan: readonly PlannedChange[]): readonly Alternative[] {
  const taken = plan.flatMap(({ choice }) => (typeof choice === 'object' ? [choice] : []))
  return free.filter((each) => !taken.some((other) => other.doctorId === each.doctorId && overlaps(other, each)))
}

const isSame = (a: Alternative, b: Alternative): boolean => a.start === b.start && a.doctorId === b.doctorId
