/** "See again in six weeks": what a doctor orders and the desk turns into a visit. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { addDays, type LocalDay, weekdayOf } from '#domain/time/clinic-time.ts'
import type { WaitlistEntry } from './waitlist-schemas.ts'

/** The weeks offered without typing. */
export const USUAL_WEEKS = [1, 2, 4, 6, 12] as const
/** About three years: the longest order anybody gives by weeks. */
export const MOST_WEEKS = 156

/** The whole week, Monday to Sunday, in which the day so many weeks ahead lies: nobody means that very day. */
export function recallWeek(
  today: LocalDay,
  weeks: number,
): { readonly fromDay: LocalDay; readonly untilDay: LocalDay } {
  const day = addDays(today, weeks * 7)
  const fromDay = addDays(day, 1 - weekdayOf(day))
  return { fromDay, untilDay: addDays(fromDay, 6) }
}

/** What of a visit decides whether it answers an order. */
export type AnsweringVisit = Pick<Appointment, 'patientId' | 'doctorId' | 'status' | 'start' | 'createdAt'>

/**
 * The visit that was booked upon the order: the earliest one of the patient that was made after it, with a doctor who was named.
 * It follows from the visits, so that whoever books in whatever way has nothing to tick off.
 */
export function visitOfRecall<Visit extends AnsweringVisit>(
  { patientId, doctorIds, createdAt }: Pick<WaitlistEntry, 'patientId' | 'doctorIds' | 'createdAt'>,
  visits: readonly Visit[],
): Visit | undefined {
  const answers = visits.filter(
    (visit) =>
      visit.patientId === patientId &&
      holdsTime(visit.status) &&
      visit.createdAt > createdAt &&
      visit.start > createdAt &&
      (doctorIds.length === 0 || doctorIds.includes(visit.doctorId)),
  )
  return answers.toSorted((a, b) => a.start - b.start)[0]
}
