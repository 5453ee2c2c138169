/**
 * UTC offsets of IANA zones, looked up in a table instead of through Intl each time: the board converts thousands of
 * instants per frame and a formatter call costs microseconds.
 *
 * Per zone and stretch of about 400 days the table holds the spans of constant offset, found once by scanning @date-fns/tz
 * every 12 hours and bisecting where the offset changes. Invariant: spans of a stretch are in order and without gaps.
 */
import { tzOffset } from '@date-fns/tz'
import { HOUR_MS, type Instant, MINUTE_MS } from './instant.ts'

/** A stretch of time with one UTC offset; `end` is exclusive. */
export type OffsetSpan = { readonly start: Instant; readonly end: Instant; readonly offsetMs: number }

const STRETCH_MS = 400 * 24 * HOUR_MS
const SCAN_STEP_MS = 12 * HOUR_MS

type ZoneTable = { readonly zone: string; readonly stretches: Map<number, readonly OffsetSpan[]>; latest: OffsetSpan }

const tables = new Map<string, ZoneTable>()

/**
 * The offset to add to a UTC instant to get the zone's wall clock, in milliseconds.
 * @throws RangeError when the runtime does not know the zone or the instant is outside what a Date can hold.
 */
export function offsetMsAt(instant: Instant, zone: string): number {
  return offsetSpanAt(instant, zone).offsetMs
}

/** The span of constant offset around an instant. A span may end at a table edge with the same offset on both sides. */
export function offsetSpanAt(instant: Instant, zone: string): OffsetSpan {
  const table = tableOf(zone)
  const { latest } = table
  if (instant >= latest.start && instant < latest.end) return latest
  const stretch = stretchOf(table, Math.floor(instant / STRETCH_MS))
  const span = stretch.find((candidate) => instant < candidate.end)
  if (!span) throw new RangeError(`No offset for instant ${instant} in zone ${zone}`)
  table.latest = span
  return span
}

/** The first instant after `instant` at which the zone's offset differs; `undefined` when none follows before `limit`. */
export function nextOffsetChange(instant: Instant, zone: string, limit: Instant): Instant | undefined {
  const { offsetMs, end } = offsetSpanAt(instant, zone)
  for (let edge = end; edge < limit; ) {
    const next = offsetSpanAt(edge, zone)
    if (next.offsetMs !== offsetMs) return edge
    edge = next.end
  }
  return undefined
}

function tableOf(zone: string): ZoneTable {
  const known = tables.get(zone)
  if (known) return known
  const made: ZoneTable = { zone, stretches: new Map(), latest: { start: 0, end: 0, offsetMs: 0 } }
  lookUp(zone, 0)
  tables.set(zone, made)
  return made
}

function stretchOf(table: ZoneTable, index: number): readonly OffsetSpan[] {
  const known = table.stretches.get(index)
  if (known) return known
  const made = scan(table.zone, index * STRETCH_MS, (index + 1) * STRETCH_MS)
  table.stretches.set(index, made)
  return made
}

function scan(zone: string, from: Instant, until: Instant): readonly OffsetSpan[] {
  const spans: OffsetSpan[] = []
  let start = from
  let offsetMs = lookUp(zone, from)
  for (let at = from + SCAN_STEP_MS; at < until; at += SCAN_STEP_MS) {
    const next = lookUp(zone, at)
    if (next === offsetMs) continue
    const change = bisect(zone, at - SCAN_STEP_MS, at, offsetMs)
    spans.push({ start, end: change, offsetMs })
    start = change
    offsetMs = next
  }
  spans.push({ start, end: until, offsetMs })
  return spans
}

/** The first whole second in (low, high] whose offset is no longer `offsetMs`. */
function bisect(zone: string, low: Instant, high: Instant, offsetMs: number): Instant {
  let before = low / 1_000
  let after = high / 1_000
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (lookUp(zone, middle * 1_000) === offsetMs) before = middle
    else after = middle
  }
  return after * 1_000
}

function lookUp(zone: string, instant: Instant): number {
  const offset = tzOffset(zone, new Date(instant))
  if (Number.isNaN(offset)) throw new RangeError(`Unknown zone ${zone} or instant ${instant}`)
  return Math.round(offset * MINUTE_MS)
}
