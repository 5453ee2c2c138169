/**
 * Half-open stretches of time `[start, end)` and their algebra. Two visits back to back touch and do not overlap.
 *
 * "Normal" lists are sorted, without empty members, and no two members touch: every function that returns a list returns a
 * normal one, and every set of instants has exactly one normal list.
 */
import type { Instant } from '#domain/time/instant.ts'

export type Interval = { readonly start: Instant; readonly end: Instant }

/** Where a card stands among the cards it overlaps: lane 0 is the first of `laneCount` equal columns. */
export type Lane = { readonly lane: number; readonly laneCount: number }

export const isEmpty = (interval: Interval): boolean => interval.end <= interval.start

/** True when some instant lies in both. An empty interval overlaps nothing. */
export const overlaps = (a: Interval, b: Interval): boolean => Math.max(a.start, b.start) < Math.min(a.end, b.end)

/** True when every instant of `inner` lies in `outer`; an empty `inner` is contained where it stands. */
export const contains = (outer: Interval, inner: Interval): boolean =>
  outer.start <= inner.start && inner.end <= outer.end

export const containsInstant = (interval: Interval, instant: Instant): boolean =>
  interval.start <= instant && instant < interval.end

/** The stretch that lies in both, or undefined when there is none. */
export function intersect(a: Interval, b: Interval): Interval | undefined {
  const both = { start: Math.max(a.start, b.start), end: Math.min(a.end, b.end) }
  return isEmpty(both) ? undefined : both
}

/** The normal list of everything covered by at least one member. */
export function normalise(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter((interval) => !isEmpty(interval)).sort((a, b) => a.start - b.start)
  const normal: Interval[] = []
  for (const { start, end } of sorted) {
    const last = normal.at(-1)
    if (last && start <= last.end) normal[normal.length - 1] = { start: last.start, end: Math.max(last.end, end) }
    else normal.push({ start, end })
  }
  return normal
}

/** Everything covered by either list. */
export const union = (a: readonly Interval[], b: readonly Interval[]): Interval[] => normalise([...a, ...b])

/** Everything covered by `from` and by no member of `taken`. */
export function subtract(from: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const holes = normalise(taken)
  const rest: Interval[] = []
  let first = 0
  for (const whole of normalise(from)) {
    while ((holes[first]?.end ?? Number.POSITIVE_INFINITY) <= whole.start) first += 1
    let start = whole.start
    for (let at = first; start < whole.end; at += 1) {
      const hole = holes[at]
      if (!hole || hole.start >= whole.end) break
      if (hole.start > start) rest.push({ start, end: hole.start })
      start = hole.end
    }
    if (start < whole.end) rest.push({ start, end: whole.end })
  }
  return rest
}

/** Everything covered by both lists. */
export function intersectAll(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const left = normalise(a)
  const right = normalise(b)
  const both: Interval[] = []
  for (let i = 0, j = 0; ; ) {
    const first = left[i]
    const second = right[j]
    if (!first || !second) return both
    const common = intersect(first, second)
    if (common) both.push(common)
    if (first.end <= second.end) i += 1
    else j += 1
  }
}

/** The sum of the lengths in milliseconds, overlaps counted once. */
export const totalMs = (intervals: readonly Interval[]): number =>
  normalise(intervals).reduce((sum, { start, end }) => sum + end - start, 0)

/**
 * Side-by-side places for overlapping cards, one per interval, in the order given.
 * Cards connected by a chain of overlaps share one `laneCount`, which is the largest number of them at any instant; each takes
 * the first free lane in order of start, longer first, then as given, so that the answer does not depend on anything else.
 * An empty interval is placed as if it lasted an instant.
 */
export function lanesOf(intervals: readonly Interval[]): Lane[] {
  const order = intervals
    .map(({ start, end }, index) => ({ start, end: Math.max(end, start + 1), index }))
    .sort((a, b) => a.start - b.start || b.end - a.end || a.index - b.index)
  const lanes: Lane[] = new Array(intervals.length)
  let group: { index: number; lane: number }[] = []
  let laneEnds: Instant[] = []
  let groupEnd = Number.NEGATIVE_INFINITY
  const closeGroup = (): void => {
    for (const { index, lane } of group) lanes[index] = { lane, laneCount: laneEnds.length }
  }
  for (const { start, end, index } of order) {
    if (start >= groupEnd) {
      closeGroup()
      group = []
      laneEnds = []
    }
    const free = laneEnds.findIndex((laneEnd) => laneEnd <= start)
    const lane = free === -1 ? laneEnds.length : free
    laneEnds[lane] = end
    group.push({ index, lane })
    groupEnd = Math.max(groupEnd, end)
  }
  closeGroup()
  return lanes
}
