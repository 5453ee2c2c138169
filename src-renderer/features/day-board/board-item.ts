/** From appointments to the cards of the board. Pure; an unchanged card is the same object as the time before. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { lanesOf } from '#domain/schedule/interval.ts'
import { minuteOfDayOf } from '#domain/time/clinic-time.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import { isLateAt, type Look, lookOf } from '#renderer/clinic/look.ts'
import type { GridItem } from '#renderer/ui/time-grid/grid-types.ts'

/** `provisional`: booked here and not yet confirmed by the server; `to-send`: changed here. */
export type SyncMark = 'none' | 'to-send' | 'provisional'

export type BoardItem = GridItem & {
  readonly appointment: Appointment
  readonly name: string
  readonly typeName: string
  readonly look: Look
  readonly mark: SyncMark
  /** Minutes since arrival or, when nobody came, since the start; null when neither matters. */
  readonly waitedMinutes: number | null
  readonly isLate: boolean
}

export type ItemWords = {
  readonly nameOf: (appointment: Appointment) => string
  readonly typeNameOf: (appointment: Appointment) => string
  readonly markOf: (appointment: Appointment) => SyncMark
  /** The whole card in one sentence, for a screen reader. */
  readonly labelOf: (card: Omit<BoardItem, 'label'>) => string
  readonly canMove: (appointment: Appointment) => boolean
}

/**
 * The cards of one doctor's day. A visit that was called off shows as long as nobody else has its time.
 * @param before the cards of the last time by id; those that say the same are reused
 */
export function toBoardItems(
  appointments: readonly Appointment[],
  now: Instant,
  words: ItemWords,
  before: ReadonlyMap<string, BoardItem>,
): BoardItem[] {
  const shown = appointments.filter((one) => !isReplaced(one, appointments))
  const lanes = lanesOf(shown)
  return shown.map((appointment, index) => {
    const item = toBoardItem(appointment, lanes[index] ?? { lane: 0, laneCount: 1 }, now, words)
    const known = before.get(item.id)
    return known && isSame(known, item) ? known : item
  })
}

function toBoardItem(
  appointment: Appointment,
  lane: { readonly lane: number; readonly laneCount: number },
  now: Instant,
  words: ItemWords,
): BoardItem {
  const startMinute = minuteOfDayOf(appointment.localStart)
  const name = words.nameOf(appointment)
  const card = {
    id: appointment.id,
    appointment,
    startMinute,
    endMinute: startMinute + Math.max(5, minutesBetween(appointment.start, appointment.end)),
    ...lane,
    title: name,
    name,
    typeName: words.typeNameOf(appointment),
    look: lookOf(appointment),
    mark: words.markOf(appointment),
    waitedMinutes: waitedMinutes(appointment, now),
    isLate: isLateAt(appointment, now),
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
