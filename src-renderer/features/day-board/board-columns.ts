/** The day as columns of the grid. Pure; a column that says the same as before is the same object. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { behindByRecord } from '#domain/schedule/doctor-delay.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { LocalDay, Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { GridColumn, Stretch } from '#renderer/ui/time-grid/grid-types.ts'
import { type BoardItem, type ItemWords, toBoardItems } from './board-item.ts'
import { DAY_MINUTES, type HeldByOthers, notesOfHeld, toStretch } from './day-stretch.ts'

/** What the head says under the doctor's name, the most urgent first. */
export type HeadNote =
  | { readonly kind: 'running-late'; readonly minutes: number }
  | { readonly kind: 'off-today' }
  | { readonly kind: 'in-from'; readonly minute: number }
  | { readonly kind: 'about'; readonly facts: readonly string[] }
  /** Of a column that is a day. */
  | { readonly kind: 'day'; readonly booked: number; readonly isToday: boolean; readonly isOff: boolean }

export type BoardColumn = GridColumn<BoardItem> & { readonly note: HeadNote }

export type BoardSource = {
  readonly day: LocalDay
  readonly zone: Zone
  readonly now: Instant
  readonly doctors: readonly Doctor[]
  readonly appointments: readonly Appointment[]
  /** What others keep, on any day. */
  readonly held: HeldByOthers
  /** How late doctors say they are on this day, in minutes. */
  readonly lateOf: (doctorId: Doctor['id']) => number
  readonly hoursOf: (doctorId: Doctor['id']) => readonly Interval[]
  readonly words: ItemWords
}

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
      notes: notesOfHeld(doctor.id, source.held, source),
      note: noteOf(doctor, stretches, first, source.lateOf(doctor.id) || behindByRecord(visits, source.now)),
    }
    return reused(column, before)
  })
}

/** The column as it was drawn last where it says the same. */
export function reused(column: BoardColumn, before: readonly BoardColumn[]): BoardColumn {
  const last = before.find(({ id }) => id === column.id)
  return last && isSameColumn(last, column) ? last : column
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

function noteOf(doctor: Doctor, open: readonly Stretch[], firstMinute: number, lateMinutes: number): HeadNote {
  if (lateMinutes > 0) return { kind: 'running-late', minutes: lateMinutes }
  const opens = open[0]?.startMinute
  if (opens === undefined) return { kind: 'off-today' }
  if (opens - firstMinute >= LATER_BY_MINUTES) return { kind: 'in-from', minute: opens }
  return { kind: 'about', facts: [doctor.specialization, doctor.room].filter(Boolean) }
}

function isSameColumn(a: BoardColumn, b: BoardColumn): boolean {
  return (
    a.title === b.title &&
    JSON.stringify([a.open, a.note, a.notes]) === JSON.stringify([b.open, b.note, b.notes]) &&
    a.items.length === b.items.length &&
    a.items.every((item, index) => item === b.items[index])
  )
}
