/** Rooms and equipment: what takes several visits at once, and when no place is left. */
import type { Instant } from '#domain/time/instant.ts'
import { type Interval, isEmpty, overlaps } from './interval.ts'

/** A room or a piece of equipment, with every session that takes a place of it. */
export type Resource = { readonly capacity: number; readonly taken: readonly Interval[] }

/** When every place of a resource is taken: the stretches in which as many overlap as it has places (at least one), as a normal list. */
export function fullTimes({ capacity, taken }: Resource): Interval[] {
  const edges: { readonly at: Instant; readonly step: 1 | -1 }[] = []
  for (const interval of taken) {
    if (isEmpty(interval)) continue
    edges.push({ at: interval.start, step: 1 }, { at: interval.end, step: -1 })
  }
  // Half-open: whoever leaves at an instant is gone when the next one comes.
  edges.sort((a, b) => a.at - b.at || a.step - b.step)
  const full: Interval[] = []
  let load = 0
  let since: Instant | undefined
  for (const { at, step } of edges) {
    load += step
    if (step === 1 && load === capacity) since = at
    if (step === -1 && load === capacity - 1 && since !== undefined) {
      addFull(full, { start: since, end: at })
      since = undefined
    }
  }
  return full
}

/** A place that is taken again in the instant it becomes free was never free. */
function addFull(full: Interval[], { start, end }: Interval): void {
  const last = full.at(-1)
  if (last && last.end === start) full[full.length - 1] = { start: last.start, end }
  else full.push({ start, end })
}

/** Whether stretches asked in order of their start meet a normal list; each answer goes on where the last one ended. */
export function meets(list: readonly Interval[]): (stretch: Interval) => boolean {
  let at = 0
  return (stretch) => {
    while ((list[at]?.end ?? Number.POSITIVE_INFINITY) <= stretch.start) at += 1
    const next = list[at]
    return next !== undefined && overlaps(stretch, next)
  }
}
