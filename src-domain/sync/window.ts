/**
 * The replicated window: a document that belongs to a day lies on devices only while that day is near, from 30 days back to 180
 * days ahead on the clinic's calendar. Everything older or later stays with the server.
 *
 * Pure. A server keeps, per clinic, the day its window stands on and the days it has stood on since every row was last as the
 * rule says; so whatever interrupts the nightly move, the rows that may still be wrong are known.
 */
import type { Audience } from '#domain/access/audiences.ts'
import { addDays, daysBetween, type LocalDay } from '#domain/time/clinic-time.ts'
import type { CollectionName, Documents } from './collections.ts'

/** Calendar days around today, both ends included. */
export const WINDOW_DAYS = { past: 30, ahead: 180 } as const

/** Half-open: `until` is the first day outside. */
export type DayRange = { readonly from: LocalDay; readonly until: LocalDay }

/** The collections whose documents belong to a day, and the field that names it. */
const DAY_FIELDS = {
  appointments: 'localDay',
  schedules: 'date',
  day_notes: 'date',
  allotments: 'date',
} as const satisfies {
  [Name in CollectionName]?: keyof Documents[Name]
}
export type DatedCollection = keyof typeof DAY_FIELDS
export const DATED_COLLECTIONS = Object.keys(DAY_FIELDS) as readonly DatedCollection[]

/** The day a document belongs to; null where its collection knows no days, so that it travels always. */
export function dayOfDocument<Name extends CollectionName>(name: Name, document: Documents[Name]): LocalDay | null {
  const field = (DAY_FIELDS as Partial<Record<CollectionName, string>>)[name]
  return field === undefined ? null : ((document as Readonly<Record<string, unknown>>)[field] as LocalDay)
}

/** The days on devices while it is `today`. */
export const windowOf = (today: LocalDay): DayRange => ({
  from: addDays(today, -WINDOW_DAYS.past),
  until: addDays(today, WINDOW_DAYS.ahead + 1),
})

/** Where a day lies as the devices of a desk or a doctor see it. */
export type Reach = 'held' | 'before' | 'beyond'

export function reachOf(day: LocalDay, today: LocalDay): Reach {
  const { from, until } = windowOf(today)
  if (day < from) return 'before'
  return day < until ? 'held' : 'beyond'
}

/** True when an audience's devices hold a document of this day. A person's own past stays with them: `user:` has no past edge. */
export function isReplicated(audience: Audience, day: LocalDay, today: LocalDay): boolean {
  const reach = reachOf(day, today)
  return reach === 'held' || (reach === 'before' && audience.startsWith('user:'))
}

/** Where a clinic's window stands, and between which days it has stood since every row was last as the rule says. */
export type WindowState = {
  readonly day: LocalDay
  readonly lowDay: LocalDay
  readonly highDay: LocalDay
}

/** A window that has always stood here: of a clinic without rows, or when all of them have been looked at. */
export const settledAt = (day: LocalDay): WindowState => ({ day, lowDay: day, highDay: day })

/** The first window of a clinic whose rows know nothing of windows: every day may be wrong. */
export const unsettledAt = (day: LocalDay): WindowState => ({ day, lowDay: '0101-01-01', highDay: '9999-01-01' })

export const isSettled = ({ day, lowDay, highDay }: WindowState): boolean => lowDay === day && highDay === day

/**
 * The window after a look at the clock. It follows the clock forward at once. Backward it follows only by more than a day: less
 * is two servers around midnight or a clock that was put right, and the rows would go to and fro for nothing.
 */
export function followClock(state: WindowState, clockDay: LocalDay): WindowState {
  const { day, lowDay, highDay } = state
  if (clockDay <= day && daysBetween(clockDay, day) <= 1) return state
  return {
    day: clockDay,
    lowDay: clockDay < lowDay ? clockDay : lowDay,
    highDay: clockDay > highDay ? clockDay : highDay,
  }
}

/** The days whose rows may not be as the rule says: those over which an edge has moved, in either direction. */
export function unsettledDays({ lowDay, highDay }: WindowState): readonly DayRange[] {
  if (lowDay === highDay) return []
  const [low, high] = [windowOf(lowDay), windowOf(highDay)]
  return [
    { from: low.from, until: high.from },
    { from: low.until, until: high.until },
  ]
}
