/** From appointments to the cards of the board. Pure; an unchanged card is the same object as the time before. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { type GroupSession, type Seats, sessionsAmong } from '#domain/appointment/group-session.ts'
import type { AppointmentTypeId } from '#domain/ids.ts'
import { lanesOf } from '#domain/schedule/interval.ts'
import { minuteOfDayOf } from '#domain/time/clinic-time.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import { isLateAt, type Look, lookOf } from '#renderer/clinic/look.ts'
import type { CardMark } from '#renderer/clinic/sync-states.ts'
import type { GridItem } from '#renderer/ui/time-grid/grid-types.ts'

/** How full a group session is; null on the card of a single visit. */
export type Seating = 'open' | 'full' | 'over' | null

export type BoardItem = GridItem & {
  /** The visit; of a group session the first of them. */
  readonly appointment: Appointment
  readonly seating: Seating
  /** The ids of the visits of a session, apart by blanks; '' on the card of a single visit. */
  readonly members: string
  readonly name: string
  readonly typeName: string
  readonly look: Look
  readonly mark: CardMark
  /** Minutes since arrival or, when nobody came, since the start; null when neither matters. */
  readonly waitedMinutes: number | null
  readonly isLate: boolean
  /** Has waited as long as the clinic lets nobody wait unnoticed. */
  readonly isLongWait: boolean
}

export type ItemWords = {
  readonly nameOf: (appointment: Appointment) => string
  readonly typeNameOf: (appointment: Appointment) => string
  readonly markOf: (appointment: Appointment) => CardMark
  /** The whole card in one sentence, for a screen reader. */
  readonly labelOf: (card: Omit<BoardItem, 'label'>) => string
  readonly canMove: (appointment: Appointment) => boolean
  /** Patients at once; 1 but for groups. */
  readonly capacityOf: (typeId: AppointmentTypeId) => number
  /** "5 of 8 places", for the line under the name. */
  readonly placesOf: (seats: Seats) => string
  readonly waitingLimitMinutes: number
}

/**
 * The cards of one doctor's day: one for each visit, and one for each session of a group. A visit that was called off shows as long
 * as nobody else has its time.
 * @param before the cards of the last time by id; those that say the same are reused
 */
export function toBoardItems(
  appointments: readonly Appointment[],
  now: Instant,
  words: ItemWords,
  before: ReadonlyMap<string, BoardItem>,
): BoardItem[] {
  const shown = appointments.filter((one) => !isReplaced(one, appointments))
  const sessions = sessionsAmong(shown, words.capacityOf)
  const seated = new Set(sessions.flatMap(({ visits }) => visits))
  const cards = [...shown.filter((one) => !seated.has(one)), ...sessions]
  const lanes = lanesOf(cards)
  return cards.map((card, index) => {
    const lane = lanes[index] ?? { lane: 0, laneCount: 1 }
    const item = 'visits' in card ? toSessionItem(card, lane, words) : toBoardItem(card, lane, now, words)
    const known = before.get(item.id)
    return known && isSame(known, item) ? known : item
  })
}

/** Who is in it, is told by its panel; nobody moves, arrives or is late for all. */
function toSessionItem(
  { id, visits, taken, capacity }: GroupSession<Appointment>,
  lane: { readonly lane: number; readonly laneCount: number },
  words: ItemWords,
): BoardItem {
  const [appointment] = visits as [Appointment, ...Appointment[]]
  const startMinute = minuteOfDayOf(appointment.localStart)
  const name = words.typeNameOf(appointment)
  const card = {
    id,
    appointment,
    seating: taken < capacity ? ('open' as const) : taken === capacity ? ('full' as const) : ('over' as const),
    members: visits.map((visit) => visit.id).join(' '),
    startMinute,
    endMinute: startMinute + Math.max(5, minutesBetween(appointment.start, appointment.end)),
    ...lane,
    title: name,
    name,
    typeName: words.placesOf({ taken, capacity }),
    look: lookOfSession(visits),
    mark: visits.map(words.markOf).find((mark) => mark !== 'none') ?? ('none' as const),
    waitedMinutes: null,
    isLate: false,
    isLongWait: false,
    canMove: false,
  }
  return { ...card, label: words.labelOf(card) }
}

/** As far as the first of them has come, and over once nobody is still expected or here. */
function lookOfSession(visits: readonly Appointment[]): Look {
  const looks = visits.map(lookOf)
  const furthest = (['in-room', 'arrived', 'confirmed', 'pending'] as const).find((look) => looks.includes(look))
  return furthest ?? (looks.includes('done') ? 'done' : 'noshow')
}

function toBoardItem(
  appointment: Appointment,
  lane: { readonly lane: number; readonly laneCount: number },
  now: Instant,
  words: ItemWords,
): BoardItem {
  const startMinute = minuteOfDayOf(appointment.localStart)
  const name = words.nameOf(appointment)
  const waited = waitedMinutes(appointment, now)
  const look = lookOf(appointment)
  const card = {
    id: appointment.id,
    appointment,
    seating: null,
    members: '',
    startMinute,
    endMinute: startMinute + Math.max(5, minutesBetween(appointment.start, appointment.end)),
    ...lane,
    title: name,
    name,
    typeName: words.typeNameOf(appointment),
    look,
    mark: words.markOf(appointment),
    waitedMinutes: waited,
    isLate: isLateAt(appointment, now),
    isLongWait: look === 'arrived' && (waited ?? 0) >= words.waitingLimitMinutes,
    canMove: words.canMove(appointment),
  }
  return { ...card, label: words.labelOf(card) }
}

/** True for a card that holds no time and whose time somebody else has. */
function isReplaced(one: Appointment, all: readonly Appointment[]): boolean {
  if (holdsTime(one.status) || one.status === 'unplaced') return false
  return all.some((other) => holdsTime(other.status) && other.start < one.end && one.start < other.end)
}

function waitedMinutes(appointment: Appointment, now: Instant): number | null {
  const { status, arrivedAt, startedAt, start } = appointment
  if (status === 'arrived' && startedAt === null && arrivedAt !== null)
    return Math.max(0, minutesBetween(arrivedAt, now))
  return isLateAt(appointment, now) ? minutesBetween(start, now) : null
}

function isSame(a: BoardItem, b: BoardItem): boolean {
  return (Object.keys(b) as (keyof BoardItem)[]).every((key) => a[key] === b[key])
}
