/** The map between minutes of the day and pixels of the grid, and what follows from it. Pure. */
import type { Stretch } from './grid-types.ts'

/** 1.6 px a minute makes a quarter of an hour 24 px high, the target size WCAG 2.5.8 asks for. */
export const PIXELS_PER_MINUTE = 1.6

export const toPixels = (minutes: number, scale = PIXELS_PER_MINUTE): number => minutes * scale

/** The same as a length of the stylesheet, which follows the scale of the grid it stands in without being drawn again. */
export const toLength = (minutes: number): string => `calc(${minutes} * var(--minute))`

/** Pixels from the top of the range → minute of the day, on the snap grid and inside the range. */
export function minuteAt(
  pixels: number,
  range: Stretch,
  snapMinutes: number,
  lengthMinutes = 0,
  scale = PIXELS_PER_MINUTE,
): number {
  const raw = range.startMinute + pixels / scale
  const snapped = Math.round(raw / snapMinutes) * snapMinutes
  return Math.max(range.startMinute, Math.min(snapped, range.endMinute - lengthMinutes))
}

/** The start of the row a point lies in. */
export function rowAt(pixels: number, range: Stretch, stepMinutes: number, scale = PIXELS_PER_MINUTE): number {
  const raw = range.startMinute + pixels / scale
  const row = Math.floor(raw / stepMinutes) * stepMinutes
  return Math.max(range.startMinute, Math.min(row, range.endMinute - stepMinutes))
}

/** What is left of the range around the open stretches, which are sorted and apart. */
export function closedStretches(open: readonly Stretch[], range: Stretch): Stretch[] {
  const closed: Stretch[] = []
  let from = range.startMinute
  for (const { startMinute, endMinute } of open) {
    if (startMinute > from) closed.push({ startMinute: from, endMinute: Math.min(startMinute, range.endMinute) })
    from = Math.max(from, endMinute)
  }
  if (from < range.endMinute) closed.push({ startMinute: from, endMinute: range.endMinute })
  return closed
}

/** Every full hour inside the range, the end excluded. */
export function hoursIn({ startMinute, endMinute }: Stretch): number[] {
  const first = Math.ceil(startMinute / 60) * 60
  return Array.from({ length: Math.max(0, Math.ceil((endMinute - first) / 60)) }, (_, index) => first + index * 60)
}
