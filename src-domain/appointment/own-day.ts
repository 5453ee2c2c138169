/**
 * A doctor's day as it runs: who is in the room, who comes next, and how far behind the doctor is. All of it follows from what is
 * on record, so that every screen says the same and nobody has to keep it up to date by hand.
 */
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import type { Appointment } from './appointment-schemas.ts'

/** What of a visit decides how the day runs. */
export type RunningVisit = Pick<Appointment, 'start' | 'end' | 'status' | 'startedAt' | 'finishedAt'>

/** The days of My day around today: yesterday for what was left open, a week for what comes. */
export const OWN_DAYS = { past: 1, ahead: 7 } as const

/** Yesterday to a week from today, in order. */
export const ownDaysAround = (today: LocalDay): readonly LocalDay[] =>
  Array.from({ length: OWN_DAYS.past + 1 + OWN_DAYS.ahead }, (_, index) => addDays(today, index - OWN_DAYS.past))

/** The patient is with the doctor now. */
export const isInRoom = ({ status, startedAt }: RunningVisit): boolean => status === 'arrived' && startedAt !== null

/** The patient is in the house and has not been called in. */
export const isWaiting = ({ status, startedAt }: RunningVisit): boolean => status === 'arrived' && startedAt === null

/** The patient is expected and has not come yet. */
export const isExpected = ({ status }: RunningVisit): boolean => status === 'pending' || status === 'confirmed'

/**
 * How many minutes after its time the doctor's next visit will begin, by what is known now: the visit in the room takes as long as
 * it was booked for, and at least until now. Who has not come is not waited for. Never negative; 0 when nothing is ahead.
 */
export function minutesBehind(visits: readonly RunningVisit[], now: Instant): number {
  const running = visits.filter(isInRoom)
  const freeAt = Math.max(now, ...running.map(({ start, end, startedAt }) => (startedAt ?? now) + end - start))
  // Whoever shares a group's session with a patient in the room is there already.
  const begun = new Set(running.map(({ start }) => start))
  const ahead = visits.filter((visit) => isWaiting(visit) || (isExpected(visit) && visit.start >= now))
  const next = Math.min(...ahead.map(({ start }) => start).filter((start) => !begun.has(start)))
  return Number.isFinite(next) ? Math.max(0, minutesBetween(next, freeAt)) : 0
}

/**
 * The visit a doctor needs to see first: the one in the room, else who has waited for the earliest time, else who comes next, else
 * the last who has not come. Undefined when the day is done.
 */
export function visitAtHand<Visit extends RunningVisit>(visits: readonly Visit[], now: Instant): Visit | undefined {
  const byTime = visits.toSorted((a, b) => a.start - b.start)
  return (
    byTime.findLast(isInRoom) ??
    byTime.find(isWaiting) ??
    byTime.find((visit) => isExpected(visit) && visit.end > now) ??
    byTime.findLast(isExpected)
  )
}
