/**
 * What times can be offered, found by trying every minute: the rules as they are written down, without the interval algebra and
 * without the clock module of the product. The wall clock comes from Intl.
 */
import type { Asker } from '#domain/schedule/booking-window.ts'
import type { Buffers } from '#domain/schedule/buffers.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { DoctorCalendar, PublishMode } from '#domain/schedule/slot-search.ts'
import type { SlotRules } from '#domain/schedule/slots.ts'

const MINUTE = 60_000
const MINUTES_OF_DAY = 1_440
/** Minutes tried: the day before the first, seven days, and what a zone may lie ahead. */
const SPAN = 8 * MINUTES_OF_DAY
const MOST_AHEAD = 15 * 60
const QUARTER_DAY = 360

export type HeldVisit = Interval & Buffers

export type OracleCase = SlotRules & {
  readonly zone: string
  readonly asker: Asker
  readonly now: number
  readonly noticeMinutes: number
  readonly horizonDays: number
  /** The UTC day from whose midnight on minutes are tried. */
  readonly firstDay: string
  readonly from: string
  readonly until: string
  readonly calendar: Pick<DoctorCalendar, 'doctorId' | 'templates' | 'schedules'>
  readonly visits: readonly HeldVisit[]
  /** The visit needs one of these; null when it needs none. */
  readonly rooms: readonly OracleResource[] | null
  /** The visit needs one place of each. */
  readonly equipment: readonly OracleResource[]
  /** The patient's visits to others. */
  readonly elsewhere: readonly Interval[]
}

/** Something with places, and the visits that take one each, without buffers. */
export type OracleResource = { readonly capacity: number; readonly visits: readonly Interval[] }

/** `room` is the place in the list of rooms, -1 where none is needed. */
export type OracleSlot = { readonly start: number; readonly mode: PublishMode; readonly room: number }

/** Every time at which the visit can be had. */
export function slotsByTrying(question: OracleCase): OracleSlot[] {
  const origin = Date.parse(`${question.firstDay}T00:00Z`)
  const published = paintHours(question, origin)
  const isOpen = (minute: number): boolean =>
    published[minute] !== 0 && (question.asker === 'staff' || published[minute] !== STAFF)
  const taken = paintVisits(question.visits, origin)
  const load = ({ capacity, visits }: OracleResource) => ({ capacity, load: countVisits(visits, origin) })
  const rooms = question.rooms?.map(load) ?? null
  const needed = [...question.equipment, { capacity: 1, visits: question.elsewhere }].map(load)
  const wall = wallMinutes(question.zone, question.firstDay)
  const latestDay = dayOf(wallAt(question.zone, question.now)) + question.horizonDays
  const [firstDay, lastDay] = [dayNumber(question.from), dayNumber(question.until)]
  const found: OracleSlot[] = []
  let stretchBegan = -1
  for (let minute = 0; minute < SPAN; minute += 1) {
    if (!isOpen(minute)) {
      stretchBegan = -1
      continue
    }
    if (stretchBegan < 0) stretchBegan = minute
    if ((minute - stretchBegan) % question.stepMinutes !== 0) continue
    const day = dayOf(wall[minute] ?? 0)
    if (day < firstDay || day > lastDay) continue
    const start = origin + minute * MINUTE
    const isTimely =
      question.asker === 'staff'
        ? start >= question.now
        : start > question.now && start >= question.now + question.noticeMinutes * MINUTE && day <= latestDay
    if (!isTimely) continue
    const mode = modeOf(question, minute, isOpen, published)
    if (!mode || !isDoctorFree(question, minute, taken)) continue
    const end = minute + question.durationMinutes
    if (!needed.every((each) => hasPlace(each, minute, end))) continue
    const room = rooms ? rooms.findIndex((each) => hasPlace(each, minute, end)) : -1
    if (rooms === null || room >= 0) found.push({ start, mode, room })
  }
  return found
}

const ONLINE = 4
const ASK = 2
const STAFF = 1
const BITS = { online: ONLINE, ask: ASK, staff: STAFF } as const

/** The mode of a visit that begins at this minute, or undefined when it does not lie inside the hours. */
function modeOf(
  { durationMinutes }: OracleCase,
  start: number,
  isOpen: (minute: number) => boolean,
  published: Uint8Array,
): PublishMode | undefined {
  let isOnline = true
  let isAsked = true
  for (let minute = start; minute < start + durationMinutes; minute += 1) {
    if (!isOpen(minute)) return undefined
    const bits = published[minute] ?? 0
    if ((bits & ONLINE) === 0) isOnline = false
    if ((bits & (ONLINE | ASK)) === 0) isAsked = false
  }
  if (isOnline) return 'online'
  return isAsked ? 'ask' : 'staff'
}

/** The visit itself beside visits and their buffers, the visit's own buffers beside visits alone. */
function isDoctorFree(
  { durationMinutes, bufferBeforeMinutes, bufferAfterMinutes }: OracleCase,
  start: number,
  { visited, padded }: Taken,
): boolean {
  const end = start + durationMinutes
  for (let minute = start; minute < end; minute += 1) if (padded[minute] !== 0) return false
  for (let minute = start - bufferBeforeMinutes; minute < end + bufferAfterMinutes; minute += 1) {
    if ((visited[minute] ?? 0) !== 0) return false
  }
  return true
}

/** Whether a place is left at every minute. */
function hasPlace({ capacity, load }: { capacity: number; load: Uint8Array }, start: number, end: number): boolean {
  for (let minute = start; minute < end; minute += 1) if ((load[minute] ?? 0) >= capacity) return false
  return true
}

/** For every minute the modes in which some range offers it; 0 where none does, or leave takes it. */
function paintHours({ calendar, firstDay }: OracleCase, origin: number): Uint8Array {
  const offered = new Uint8Array(SPAN)
  const first = Math.floor(origin / (MINUTES_OF_DAY * MINUTE))
  for (const template of calendar.templates) {
    const [validFrom, validUntil] = [dayNumber(template.validFrom), dayNumber(template.validUntil ?? '9999-12-31')]
    for (let day = first - 1; day <= first + 8; day += 1) {
      if (day < validFrom || day > validUntil || !isInWeek(template, day)) continue
      paint(offered, template.zone, firstDay, day, template, (was) => was | BITS[template.publish])
    }
  }
  for (const extra of calendar.schedules.filter(({ isAvailable }) => isAvailable)) {
    paint(offered, extra.zone, firstDay, dayNumber(extra.date), extra, (was) => was | ONLINE)
  }
  for (const leave of calendar.schedules.filter(({ isAvailable }) => !isAvailable)) {
    paint(offered, leave.zone, firstDay, dayNumber(leave.date), leave, () => 0)
  }
  return offered
}

/** A range lasts from the first minute at which the clock has reached its start to the last at which it has not reached its end. */
function paint(
  minutes: Uint8Array,
  zone: string,
  firstDay: string,
  day: number,
  { startTime, endTime }: { readonly startTime: string; readonly endTime: string },
  change: (was: number) => number,
): void {
  const wall = wallMinutes(zone, firstDay)
  const begins = day * MINUTES_OF_DAY + minuteOf(startTime)
  const ends = (endTime <= startTime ? day + 1 : day) * MINUTES_OF_DAY + minuteOf(endTime)
  const origin = dayNumber(firstDay) * MINUTES_OF_DAY
  // No clock is more than fifteen hours from UTC: minutes further away need no look.
  let first = Math.max(0, begins - origin - MOST_AHEAD)
  while (first < SPAN && (wall[first] ?? 0) < begins) first += 1
  let last = Math.min(SPAN - 1, ends - origin + MOST_AHEAD)
  while (last >= 0 && (wall[last] ?? 0) >= ends) last -= 1
  for (let minute = first; minute <= last; minute += 1) minutes[minute] = change(minutes[minute] ?? 0)
}

type Taken = { readonly visited: Uint8Array; readonly padded: Uint8Array }

/** For every minute how many visits lie on it, and how many with their buffers. */
function paintVisits(visits: readonly HeldVisit[], origin: number): Taken {
  const padded = visits.map(({ start, end, bufferBeforeMinutes, bufferAfterMinutes }) => ({
    start: start - bufferBeforeMinutes * MINUTE,
    end: end + bufferAfterMinutes * MINUTE,
  }))
  return { visited: countVisits(visits, origin), padded: countVisits(padded, origin) }
}

function countVisits(visits: readonly Interval[], origin: number): Uint8Array {
  const load = new Uint8Array(SPAN)
  for (const { start, end } of visits) {
    for (let minute = (start - origin) / MINUTE; minute < (end - origin) / MINUTE; minute += 1) {
      load[minute] = (load[minute] ?? 0) + 1
    }
  }
  return load
}

function isInWeek({ weekday, weeks }: DoctorCalendar['templates'][number], day: number): boolean {
  if (((day + 3) % 7) + 1 !== weekday) return false
  return weeks === 'every' || (isoWeek(day) % 2 === 0) === (weeks === 'even')
}

/** Week 1 is the one with 4 January; weeks begin on Monday. */
function isoWeek(day: number): number {
  const year = new Date(day * MINUTES_OF_DAY * MINUTE).getUTCFullYear()
  for (const candidate of [year + 1, year, year - 1]) {
    const fourth = dayNumber(`${candidate}-01-04`)
    const monday = fourth - ((fourth + 3) % 7)
    if (day >= monday) return Math.floor((day - monday) / 7) + 1
  }
  throw new Error('No week')
}

const dayNumber = (text: string): number => Date.parse(`${text}T00:00Z`) / (MINUTES_OF_DAY * MINUTE)
const dayOf = (wallMinute: number): number => Math.floor(wallMinute / MINUTES_OF_DAY)
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

const tables = new Map<string, Int32Array>()

/** What the zone's clock shows at every minute from a UTC midnight on, as minutes since 1970 on that clock. */
function wallMinutes(zone: string, firstDay: string): Int32Array {
  const key = `${zone} ${firstDay}`
  const known = tables.get(key)
  if (known) return known
  const origin = Date.parse(`${firstDay}T00:00Z`)
  const table = new Int32Array(SPAN)
  const show = (minute: number) => wallAt(zone, origin + minute * MINUTE)
  for (let quarter = 0; quarter < SPAN; quarter += QUARTER_DAY) {
    const begin = show(quarter)
    // Six hours without a switch need no asking in between; six hours with one are asked minute by minute.
    const isPlain = show(quarter + QUARTER_DAY) - begin === QUARTER_DAY
    for (let minute = 0; minute < QUARTER_DAY; minute += 1) {
      table[quarter + minute] = isPlain ? begin + minute : show(quarter + minute)
    }
  }
  tables.set(key, table)
  return table
}

const formats = new Map<string, Intl.DateTimeFormat>()

function wallAt(zone: string, instant: number): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' })
  formats.set(zone, format)
  const [day, month, year, hour, minute] = format.format(instant).match(/\d+/g)?.map(Number) ?? []
  return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute) / MINUTE
}
