/** A short note that stands on a day for everybody at the clinic, or for one doctor's day: "The lift is broken". */
import Type from 'typebox'
import { type DoctorId, idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, nullable, revisionSchema, textSchema } from '#domain/schema-parts.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { addDays, daysBetween, isLocalDay, type LocalDay } from '#domain/time/clinic-time.ts'

/**
 * `longest` in characters. `mostDays`: how many days a note may stand, the first and the last included. One that stands today
 * began at most 30 days ago, so its first day is one that devices hold (`WINDOW_DAYS`).
 */
export const DAY_NOTE = { longest: 500, mostDays: 31 } as const

export const dayNoteSchema = Type.Object(
  {
    id: idSchema<'DayNote'>(),
    clinicId: idSchema<'Clinic'>(),
    /** The day it stands on, or the first of several. */
    date: localDaySchema(),
    /** The last day, included; null where it stands on one day. */
    lastDate: nullable(localDaySchema()),
    /** Null means everybody's day. */
    doctorId: nullable(idSchema<'Doctor'>()),
    text: Type.String({ minLength: 1, maxLength: DAY_NOTE.longest }),
    /** Who wrote it, and the name they went by. */
    createdBy: nullable(idSchema<'User'>()),
    createdByName: textSchema(120),
    createdAt: instantSchema(),
    updatedAt: instantSchema(),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type DayNote = Type.Static<typeof dayNoteSchema>
/** What its author writes. */
export type DayNoteWords = Pick<DayNote, 'date' | 'lastDate' | 'doctorId' | 'text'>

/** The last day on which a note may stand that begins on `date`. */
export const latestDayOf = (date: LocalDay): LocalDay => addDays(date, DAY_NOTE.mostDays - 1)

/** The earliest first day of a note that may still stand on `day`. */
export const earliestDayFor = (day: LocalDay): LocalDay => addDays(day, 1 - DAY_NOTE.mostDays)

export const standsOn = ({ date, lastDate }: Pick<DayNote, 'date' | 'lastDate'>, day: LocalDay): boolean =>
  date <= day && day <= (lastDate ?? date)

/** What is wrong with the content of a note, the same on a device and on the server; undefined when nothing is. */
export function dayNoteProblem({ date, lastDate, text }: Omit<DayNoteWords, 'doctorId'>): Rejection | undefined {
  if (text.trim() === '' || text.length > DAY_NOTE.longest) return { reason: 'invalid-document', field: 'text' }
  if (!isLocalDay(date)) return { reason: 'invalid-document', field: 'date' }
  if (lastDate === null) return undefined
  if (!isLocalDay(lastDate)) return { reason: 'invalid-document', field: 'lastDate' }
  if (lastDate < date) return { reason: 'end-before-start', field: 'lastDate' }
  const count = daysBetween(date, lastDate) + 1
  return count > DAY_NOTE.mostDays ? { reason: 'invalid-document', field: 'lastDate' } : undefined
}

/** In the order in which they are read: what concerns everybody first, then by when they were written. */
export const inReadingOrder = (notes: readonly DayNote[]): readonly DayNote[] =>
  notes.toSorted((a, b) => rank(a.doctorId) - rank(b.doctorId) || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))

const rank = (doctorId: DoctorId | null): number => (doctorId === null ? 0 : 1)
