/** The day as columns of the grid. Pure; a column that says the same as before is the same object. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { type LocalDay, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import type { GridColumn, Stretch } from '#renderer/ui/time-grid/grid-types.ts'
import { type BoardItem, type ItemWords, toBoardItems } from './board-item.ts'

/** What the head says under the doctor's name, the most urgent first. */
export type HeadNote =
  | { readonly kind: 'running-late'; readonly minutes: number }
  | { readonly kind: 'off-today' }
  | { readonly kind: 'in-from'; readonly minute: number }
  | { readonly kind: 'about'; readonly facts: readonly string[] }

export type BoardColumn = GridColumn<BoardItem> & { readonly note: HeadNote }

export type BoardSource = {
  readonly day: LocalDay
  readonly zone: Zone
  readonly now: Instant
  readonly doctors: readonly Doctor[]
  readonly appointments: readonly Appointment[]
  readonly hoursOf: (doctorId: Doctor['id']) => readonly Interval[]
  readonly words: ItemWords
}

const DAY_MINUTES = 24 * 60
const LATE_FROM_MINUTES = 10
/** Who opens this much after the first colleague is said to come in later. */
const LATER_BY_MINUTES = 45

/** @param before the columns of the last time, so that unchanged cards and columns stay the same objects */
export function toBoardColumns(source: BoardSource, before: readonly BoardColumn[]): BoardColumn[] {
  const known = new Map(before.flatMap(({ items }) => items).map((item) => [item.id, item]))
  const byDoctor = Map.groupBy(source.appointments, ({ doctorId }) => doctorId)
  const open = new Map(
    source.doctors.map(({ id }) => [id, source.hoursOf(id).flatMap((hours) => toStretch(hours, source))]),
  )
  const first = Math.min(...[...open.values()].flatMap((stretches) => stretches[0]?.startMinute ?? []))
  return source.doctors.map((doctor) => {
    const visits = byDoctor.get(doctor.id) ?? []
    const stretches = open.get(doctor.id) ?? []
    const column: BoardColumn = {
      id: doctor.id,
      title: doctor.name,
      open: stretches,
      items: toBoardItems(visits, source.now, source.words, known),
      note: noteOf(doctor, visits, stretches, first, source.now),
    }
    const last = before.find(({ id }) => id === doctor.id)
    return last && isSameColumn(last, column) ? last : column
  })
}

/** The hours the board shows: working hours and visits, rounded out to full hours. */
export function rangeOf(columns: readonly BoardColumn[]): Stretch {
  const stretches = columns.flatMap(({ open, items }) => [...open, ...items])
  const first = Math.min(9 * 60, ...stretches.map(({ startMinute }) => startMinute))
  const last = Math.max(17 * 60, ...stretches.map(({ endMinute }) => endMinute))
  return {
    startMinute: Math.max(0, Math.floor(first / 60) * 60),
    endMinute: Math.min(DAY_MINUTES, Math.ceil((last + 1) / 60) * 60),
  }
}

function toStretch({ start, end }: Interval, { day, zone }: BoardSource): Stretch[] {
  const [from, until] = [toLocal(start, zone), toLocal(end, zone)]
  const startMinute = from.day < day ? 0 : from.minuteOfDay
  const endMinute = until.day > day ? DAY_MINUTES : until.minuteOfDay
  return endMinute > startMinute ? [{ startMinute, endMinute }] : []
}

function noteOf(
  doctor: Doctor,
  visits: readonly Appointment[],
  open: readonly Stretch[],
  firstMinute: number,
  now: Instant,
): HeadNote {
  const behind = Math.max(
    0,
    ...visits
      .filter(({ status, startedAt }) => status === 'arrived' && startedAt === null)
      .map(({ start }) => minutesBetween(start, now)),
  )
  if (behind >= LATE_FROM_MINUTES) return { kind: 'running-late', minutes: Math.round(behind / 5) * 5 }
  const opens = open[0]?.startMinute
  if (opens === undefined) return { kind: 'off-today' }
  if (opens - firstMinute >= LATER_BY_MINUTES) return { kind: 'in-from', minute: opens }
  return { kind: 'about', facts: [doctor.specialization, doctor.room].filter(Boolean) }
}

function isSameColumn(a: BoardColumn, b: BoardColumn): boolean {
  return (
    a.title === b.title &&
    JSON.stringify([a.open, a.note]) === JSON.stringify([b.open, b.note]) &&
    a.items.length === b.items.length &&
    a.items.every((item, index) => item === b.items[index])
  )
}
