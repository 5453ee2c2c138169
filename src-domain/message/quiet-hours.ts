/**
 * Hours in which nobody is to be disturbed, on the clinic's wall clock. A switch of the clock may cut them short, make them longer
 * or begin them twice; what the wall shows at each moment decides.
 */
import {
  addDays,
  type LocalTime,
  localDayOf,
  minuteOfDayOf,
  toInstant,
  toLocal,
  type Zone,
} from '#domain/time/clinic-time.ts'
import { hours, type Instant, MINUTE_MS } from '#domain/time/instant.ts'
import { nextOffsetChange } from '#domain/time/zone-offsets.ts'

/** Half-open on the wall clock; may span midnight. `from` equal to `until` means no quiet hours at all. */
export type QuietHours = { readonly from: LocalTime; readonly until: LocalTime }

/** Longer than any quiet hours can last, with a day that the zone left out or a switch that swallowed their end. */
const REACH_MS = hours(75)

/** Whether the clinic's clock stands in the quiet hours. */
export function isQuiet(instant: Instant, { from, until }: QuietHours, zone: Zone): boolean {
  const start = minuteOfDayOf(from)
  const end = minuteOfDayOf(until)
  const { minuteOfDay } = toLocal(instant, zone)
  if (start <= end) return start <= minuteOfDay && minuteOfDay < end
  return minuteOfDay >= start || minuteOfDay < end
}

/** The instant itself where it is not quiet, else the first one after it that is not. */
export function nextAllowed(instant: Instant, quiet: QuietHours, zone: Zone): Instant {
  if (!isQuiet(instant, quiet, zone)) return instant
  const turns = turnsBetween(instant, instant + REACH_MS, quiet, zone)
  return turns.find((turn) => !isQuiet(turn, quiet, zone)) ?? instant
}

/** The instant itself where it is not quiet, else the last whole minute before it that is not. */
export function lastAllowed(instant: Instant, quiet: QuietHours, zone: Zone): Instant {
  if (!isQuiet(instant, quiet, zone)) return instant
  const turns = turnsBetween(instant - REACH_MS, instant, quiet, zone)
  const turn = turns.findLast((each) => !isQuiet(each - MINUTE_MS, quiet, zone))
  return turn === undefined ? instant : turn - MINUTE_MS
}

/** Every instant in `(from, until]` at which it may become quiet or stop being so, in order. */
function turnsBetween(from: Instant, until: Instant, quiet: QuietHours, zone: Zone): Instant[] {
  const turns: Instant[] = []
  const lastDay = addDays(localDayOf(until, zone), 1)
  for (let day = addDays(localDayOf(from, zone), -1); day <= lastDay; day = addDays(day, 1)) {
    for (const time of [quiet.from, quiet.until]) turns.push(...instantsOf(toInstant(day, time, zone)))
  }
  let change = nextOffsetChange(from, zone, until + 1)
  while (change !== undefined) {
    turns.push(change)
    change = nextOffsetChange(change, zone, until + 1)
  }
  return turns.filter((turn) => turn > from && turn <= until).toSorted((a, b) => a - b)
}

function instantsOf(answer: ReturnType<typeof toInstant>): Instant[] {
  if (answer.ok) return [answer.instant]
  return answer.reason === 'skipped-hour' ? [answer.resumes] : [answer.earlier, answer.later]
}
