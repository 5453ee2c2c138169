/**
 * Search values of type date (FHIR R4, section 3.1.1.4.6): a prefix, then a point in time that is as long as its precision.
 * `2026-10-14` is a whole day and `2026-10-14T08:30` a whole minute. A value without an offset is read in the clinic's zone.
 */
import { addDays, isLocalDay, isLocalTime, startOfDay, toInstantChoosing, type Zone } from '#domain/time/clinic-time.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '#domain/time/instant.ts'

/** The bounds of an instant: `from <= instant < until`; absent where there is none. */
export type InstantBounds = { readonly from?: Instant; readonly until?: Instant }

const SHAPE =
  /^(eq|lt|gt|le|ge|sa|eb)?(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/

/**
 * The bounds that a value stands for.
 * @returns undefined for text that is no such value; `ne` and `ap` are no single stretch and are not served
 */
export function boundsOfDate(value: string, zone: Zone): InstantBounds | undefined {
  // A plus sign that nobody escaped arrives as a blank.
  const parts = SHAPE.exec(value.replace(' ', '+'))
  if (!parts) return undefined
  const [, prefix = 'eq', ...rest] = parts
  const stretch = stretchOf(rest, zone)
  if (!stretch) return undefined
  const { start, end } = stretch
  switch (prefix) {
    case 'lt':
    case 'eb':
      return { until: start }
    case 'le':
      return { until: end }
    case 'gt':
    case 'sa':
      return { from: end }
    case 'ge':
      return { from: start }
    default:
      return { from: start, until: end }
  }
}

/** Both conditions at once. */
export function narrow(a: InstantBounds, b: InstantBounds): InstantBounds {
  const from = Math.max(a.from ?? Number.NEGATIVE_INFINITY, b.from ?? Number.NEGATIVE_INFINITY)
  const until = Math.min(a.until ?? Number.POSITIVE_INFINITY, b.until ?? Number.POSITIVE_INFINITY)
  return { ...(Number.isFinite(from) && { from }), ...(Number.isFinite(until) && { until }) }
}

type Parts = readonly (string | undefined)[]
type Stretch = { readonly start: Instant; readonly end: Instant }

function stretchOf([year = '', month, day, time, second, fraction, offset]: Parts, zone: Zone): Stretch | undefined {
  if (Number(year) < 1000) return undefined
  if (month === undefined) return days(`${year}-01-01`, `${String(Number(year) + 1).padStart(4, '0')}-01-01`, zone)
  if (day === undefined) return wholeMonth(year, month, zone)
  const local = `${year}-${month}-${day}`
  if (time === undefined) return isLocalDay(local) ? days(local, addDays(local, 1), zone) : undefined
  if (!isLocalDay(local) || !isLocalTime(time) || Number(second ?? 0) > 59) return undefined
  const minute = offset === undefined ? toInstantChoosing(local, time, zone, 'earlier') : atOffset(local, time, offset)
  if (minute === undefined) return undefined
  if (second === undefined) return { start: minute, end: minute + MINUTE_MS }
  const start = minute + Number(second) * SECOND_MS
  if (fraction === undefined) return { start, end: start + SECOND_MS }
  const exact = start + Number(fraction.padEnd(3, '0'))
  return { start: exact, end: exact + 10 ** (3 - fraction.length) }
}

function days(from: string, until: string, zone: Zone): Stretch | undefined {
  if (!isLocalDay(from) || !isLocalDay(until)) return undefined
  return { start: startOfDay(from, zone), end: startOfDay(until, zone) }
}

function wholeMonth(year: string, month: string, zone: Zone): Stretch | undefined {
  const next = month === '12' ? `${Number(year) + 1}-01-01` : `${year}-${String(Number(month) + 1).padStart(2, '0')}-01`
  return days(`${year}-${month}-01`, next, zone)
}

function atOffset(day: string, time: string, offset: string): Instant | undefined {
  const instant = Date.parse(`${day}T${time}:00${offset}`)
  return Number.isNaN(instant) ? undefined : instant
}
