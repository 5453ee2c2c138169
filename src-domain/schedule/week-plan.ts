/**
 * A doctor's week as it is painted and typed: for odd and for even weeks, per weekday, stretches of the day with who may book into
 * them. Minutes of the wall clock; what runs past midnight belongs to the day it begins on and ends after minute 1440.
 *
 * Invariant ("normal"): the pieces of a day are in order, do not overlap, and two that touch differ in who may book. So every week
 * has exactly one form, and painting the same twice is painting once.
 */
import { type LocalTime, minuteOfDayOf, timeOfMinute } from '#domain/time/clinic-time.ts'
import { subtract } from './interval.ts'
import type { ScheduleTemplate } from './schedule-schemas.ts'

export type Publish = ScheduleTemplate['publish']
export type Weeks = ScheduleTemplate['weeks']
/** What the server is sent, and what a typed row says. */
export type WeekRange = Pick<ScheduleTemplate, 'weekday' | 'startTime' | 'endTime' | 'weeks' | 'publish'>

type Parity = 'odd' | 'even'
type Piece = { readonly start: number; readonly end: number; readonly publish: Publish }
type DayPlan = Readonly<Record<Parity, readonly Piece[]>>
/** Index 0 is Monday. */
export type WeekPlan = readonly DayPlan[]

/** Where something is painted, and in which weeks. `end` of 1440 is midnight. */
export type Stroke = { readonly weekday: number; readonly start: number; readonly end: number; readonly weeks: Weeks }

export const DAY_MINUTES = 24 * 60
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

const EMPTY_DAY: DayPlan = { odd: [], even: [] }
export const EMPTY_WEEK: WeekPlan = WEEKDAYS.map(() => EMPTY_DAY)

const paritiesOf = (weeks: Weeks): readonly Parity[] => (weeks === 'every' ? ['odd', 'even'] : [weeks])

/** The week with the stretch open in this way; whatever was there in these weeks is covered. */
export const paint = (plan: WeekPlan, stroke: Stroke, publish: Publish): WeekPlan => cover(plan, stroke, publish)

/** The week without the stretch. */
export const erase = (plan: WeekPlan, stroke: Stroke): WeekPlan => cover(plan, stroke, null)

/** The week in which other days are as one is. */
export const copyDay = (plan: WeekPlan, from: number, to: readonly number[]): WeekPlan =>
  plan.map((day, index) => (to.includes(index + 1) ? (plan[from - 1] ?? day) : day))

function cover(plan: WeekPlan, { weekday, start, end, weeks }: Stroke, publish: Publish | null): WeekPlan {
  if (end <= start) return plan
  return plan.map((day, index) => {
    if (index !== weekday - 1) return day
    const next = { ...day }
    for (const parity of paritiesOf(weeks)) next[parity] = coverDay(day[parity], { start, end, publish })
    return next
  })
}

function coverDay(
  pieces: readonly Piece[],
  { start, end, publish }: { readonly start: number; readonly end: number; readonly publish: Publish | null },
): readonly Piece[] {
  const left = pieces.flatMap((piece) =>
    subtract([piece], [{ start, end }]).map((rest) => ({ ...rest, publish: piece.publish })),
  )
  return merged(publish === null ? left : [...left, { start, end, publish }])
}

function merged(pieces: readonly Piece[]): readonly Piece[] {
  const whole: Piece[] = []
  for (const piece of pieces.toSorted((a, b) => a.start - b.start)) {
    const last = whole.at(-1)
    if (last && last.end === piece.start && last.publish === piece.publish)
      whole[whole.length - 1] = { ...last, end: piece.end }
    else whole.push(piece)
  }
  return whole
}

/** The week that some ranges make; of two that overlap the later one counts. */
export const planOf = (ranges: readonly WeekRange[]): WeekPlan =>
  ranges.reduce((plan, range) => paint(plan, strokeOf(range), range.publish), EMPTY_WEEK)

/** Where a range lies. An end that is not after the start is on the next day. */
export function strokeOf({ weekday, startTime, endTime, weeks }: Omit<WeekRange, 'publish'>): Stroke {
  const [start, end] = [minuteOfDayOf(startTime), minuteOfDayOf(endTime)]
  return { weekday, start, end: end <= start ? end + DAY_MINUTES : end, weeks }
}

/** The ranges of the week by day and time, as few as say the same: what holds in odd and even weeks alike is one range. */
export function rangesOf(plan: WeekPlan): readonly WeekRange[] {
  return plan.flatMap((day, index) =>
    piecesOf(day).map(({ start, end, publish, weeks }) => ({
      weekday: index + 1,
      startTime: wallTime(start),
      endTime: wallTime(end),
      weeks,
      publish,
    })),
  )
}

/** The stretches of one weekday, as few as say the same. */
export const stretchesOf = (plan: WeekPlan, weekday: number): readonly (Piece & { readonly weeks: Weeks })[] =>
  piecesOf(plan[weekday - 1] ?? EMPTY_DAY)

const wallTime = (minute: number): LocalTime => timeOfMinute(minute % DAY_MINUTES)

function piecesOf({ odd, even }: DayPlan): readonly (Piece & { readonly weeks: Weeks })[] {
  const shared = odd.flatMap((piece) =>
    even.flatMap((other) => {
      const [start, end] = [Math.max(piece.start, other.start), Math.min(piece.end, other.end)]
      return start < end && piece.publish === other.publish ? [{ start, end, publish: piece.publish }] : []
    }),
  )
  const only = (pieces: readonly Piece[], weeks: Parity) =>
    pieces.flatMap((piece) => subtract([piece], shared).map((rest) => ({ ...rest, publish: piece.publish, weeks })))
  const every = merged(shared).map((piece) => ({ ...piece, weeks: 'every' as const }))
  return [...every, ...only(odd, 'odd'), ...only(even, 'even')].toSorted(
    (a, b) => a.start - b.start || (a.weeks < b.weeks ? -1 : 1),
  )
}

/** True when both weeks say the same. */
export const isSameWeek = (a: WeekPlan, b: WeekPlan): boolean =>
  JSON.stringify(rangesOf(a)) === JSON.stringify(rangesOf(b))

/** Open minutes of an average week. */
export const weeklyMinutes = (plan: WeekPlan): number =>
  plan.flatMap(({ odd, even }) => [...odd, ...even]).reduce((sum, { start, end }) => sum + (end - start), 0) / 2
