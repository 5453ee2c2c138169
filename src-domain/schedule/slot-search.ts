/**
 * From doctors' calendars to the times that can be offered: hours by publish mode, minus what is taken, inside the booking window.
 *
 * A patient is offered what is published `online` or `ask`, staff every hour. Days are those of the clinic's zone, whatever zone
 * a doctor works in; a visit belongs to the day it begins on. Extra hours of a dated schedule are published online.
 */
import type { RoomId } from '#domain/ids.ts'
import { addDays, type LocalDay, localDayOf, startOfDay, type Zone } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { type Asker, type BookingWindow, placeInWindow } from './booking-window.ts'
import { contains, type Interval, normalise } from './interval.ts'
import { meets } from './resources.ts'
import type { ScheduleTemplate } from './schedule-schemas.ts'
import { freeSlots, type SlotRules } from './slots.ts'
import { type DatedRange, type WeeklyRange, workingHoursBetween } from './working-hours.ts'

/** How a time may be booked by a patient: confirmed at once, as a request, or not at all. */
export type PublishMode = ScheduleTemplate['publish']
export const PUBLISH_MODES = ['online', 'ask', 'staff'] as const satisfies readonly PublishMode[]

/** What patients may book into, or ask for. */
export const OPEN_TO_PATIENTS = ['online', 'ask'] as const satisfies readonly PublishMode[]

export type PublishedRange = WeeklyRange & { readonly publish: PublishMode }

export type DoctorCalendar<DoctorKey extends string = string> = {
  readonly doctorId: DoctorKey
  readonly templates: readonly PublishedRange[]
  readonly schedules: readonly DatedRange[]
  /** What the visit must stay clear of, in any order: see `busyBeside`. */
  readonly busy: readonly Interval[]
  /** Group visits of the wanted type that are to be held and have seats left. */
  readonly sessions?: readonly Session[]
}

/** A group visit with the seats nobody has taken yet. */
export type Session = Interval & { readonly seatsLeft: number; readonly roomId: RoomId | null }

/** A room the visit may use, and when it has no place left, as a normal list: see `fullTimes`. */
export type RoomTimes = { readonly id: RoomId; readonly full: readonly Interval[] }

export type SlotQuestion = SlotRules & {
  readonly asker: Asker
  /** Days on which the visit may begin, `until` included, in `zone`. */
  readonly from: LocalDay
  readonly until: LocalDay
  /** The clinic's. */
  readonly zone: Zone
  readonly window: BookingWindow
  /** The rooms of which the visit needs one, the preferred first; null when it needs none. */
  readonly rooms: readonly RoomTimes[] | null
  /** When a piece of equipment that the visit needs is not to be had, in any order. Buffers need neither room nor equipment. */
  readonly equipmentFull: readonly Interval[]
  /** When the patient is elsewhere, in any order; empty while nobody knows whose visit it is. */
  readonly elsewhere: readonly Interval[]
  /** How many patients a visit of this type takes. */
  readonly capacity: number
}

export type Slot<DoctorKey extends string = string> = Interval & {
  readonly doctorId: DoctorKey
  /** The most open mode in which every minute of the visit is published. */
  readonly mode: PublishMode
  /** The room it would take; null when it needs none. */
  readonly roomId: RoomId | null
  readonly seatsLeft: number
}

/**
 * A range belongs to the day it starts on and may reach into the next, and a doctor's zone may lie a day from the clinic's.
 * So stretches up to this many days long keep the grid of their beginning, whichever days are asked for.
 */
export const DAYS_AROUND = 2

/** Every time one doctor can be offered, ascending: free starts, and seats in group visits that are held anyway. */
export function doctorSlots<DoctorKey extends string>(
  calendar: DoctorCalendar<DoctorKey>,
  question: SlotQuestion,
): Slot<DoctorKey>[] {
  const { doctorId, sessions = [] } = calendar
  const { from, until, zone, window, capacity } = question
  const days = { from: addDays(from, -DAYS_AROUND), until: addDays(until, DAYS_AROUND) }
  const hours = hoursPublished(calendar, days, question.asker === 'staff' ? PUBLISH_MODES : OPEN_TO_PATIENTS)
  const isOpen = containedIn(hours)
  const modeOf = modeMarker(calendar, days)
  const placeOf = placeFinder(question)
  const isElsewhere = meets(normalise(question.elsewhere))
  const slots: Slot<DoctorKey>[] = []
  for (const { seatsLeft, ...visit } of inOrder(freeVisits(calendar, question, hours), sessions)) {
    const day = localDayOf(visit.start, zone)
    // Not the end of the list: a clock set back over midnight shows the day before once more.
    if (day < from || day > until || placeInWindow(visit.start, window) !== 'inside') continue
    if (isElsewhere(visit)) continue
    if (seatsLeft !== undefined && (seatsLeft < 1 || !isOpen(visit))) continue
    const roomId = visit.roomId === undefined ? placeOf(visit) : visit.roomId
    if (roomId === undefined) continue
    const { start, end } = visit
    slots.push({ doctorId, start, end, mode: modeOf(visit), roomId, seatsLeft: seatsLeft ?? capacity })
  }
  return slots
}

/** A time of the hours, and whether it can be had. */
export type StatedSlot<DoctorKey extends string = string> = Interval & {
  readonly doctorId: DoctorKey
  readonly isFree: boolean
}

/**
 * Every time one doctor's hours hold for the asker, ascending: free where `doctorSlots` offers it, and busy where it would if
 * neither visits and holds nor missing rooms and equipment stood in the way.
 */
export function statedSlots<DoctorKey extends string>(
  calendar: DoctorCalendar<DoctorKey>,
  question: SlotQuestion,
): StatedSlot<DoctorKey>[] {
  const free = doctorSlots(calendar, question)
  const freeStarts = new Set(free.map(({ start }) => start))
  const empty = { ...calendar, busy: [], sessions: [] }
  const whole = doctorSlots(empty, { ...question, rooms: null, equipmentFull: [], elsewhere: [] })
  const busy = whole.filter(({ start }) => !freeStarts.has(start))
  const stated = (isFree: boolean) => (slot: Slot<DoctorKey>) => {
    const { doctorId, start, end } = slot
    return { doctorId, start, end, isFree }
  }
  return [...free.map(stated(true)), ...busy.map(stated(false))].sort((a, b) => a.start - b.start)
}

type Offer = Interval & Partial<Pick<Session, 'seatsLeft' | 'roomId'>>

function freeVisits({ busy }: DoctorCalendar, question: SlotQuestion, hours: readonly Interval[]): Offer[] {
  const { window, zone, from } = question
  const notBefore = Math.max(window.earliest, startOfDay(from, zone))
  const duration = minutes(question.durationMinutes)
  return freeSlots({ ...question, hours, busy, notBefore }).map((start) => ({ start, end: start + duration }))
}

const inOrder = (free: readonly Offer[], sessions: readonly Session[]): readonly Offer[] =>
  sessions.length === 0 ? free : [...free, ...sessions].sort((a, b) => a.start - b.start)

/**
 * Finds the room of visits asked in order of their start: null where none is needed, undefined where none is free or equipment
 * is missing.
 */
function placeFinder({ rooms, equipmentFull }: SlotQuestion): (visit: Interval) => RoomId | null | undefined {
  const isWithoutEquipment = meets(normalise(equipmentFull))
  const isFull = rooms?.map(({ full }) => meets(full)) ?? []
  return (visit) => {
    if (isWithoutEquipment(visit)) return undefined
    return rooms === null ? null : rooms.find((_, index) => isFull[index]?.(visit) === false)?.id
  }
}

/** The hours published in one of some modes, from the first day to the last. */
export const hoursPublished = (
  { templates, schedules }: Pick<DoctorCalendar, 'templates' | 'schedules'>,
  days: { readonly from: LocalDay; readonly until: LocalDay },
  modes: readonly PublishMode[],
): Interval[] =>
  workingHoursBetween({ ...days, schedules, templates: templates.filter(({ publish }) => modes.includes(publish)) })

/** Tells the mode of visits that lie inside the hours, asked in order of their start. */
function modeMarker(
  calendar: DoctorCalendar,
  days: { readonly from: LocalDay; readonly until: LocalDay },
): (visit: Interval) => PublishMode {
  const isPublishedAs = (mode: PublishMode) => calendar.templates.some(({ publish }) => publish === mode)
  if (!isPublishedAs('ask') && !isPublishedAs('staff')) return () => 'online'
  const isOnline = containedIn(hoursPublished(calendar, days, ['online']))
  const isAsked = containedIn(hoursPublished(calendar, days, OPEN_TO_PATIENTS))
  return (visit) => {
    const [online, asked] = [isOnline(visit), isAsked(visit)]
    if (online) return 'online'
    return asked ? 'ask' : 'staff'
  }
}

/** Whether a visit lies wholly inside a normal list of hours; each answer goes on where the last one ended. */
function containedIn(hours: readonly Interval[]): (visit: Interval) => boolean {
  let at = 0
  return (visit) => {
    while ((hours[at]?.end ?? Number.POSITIVE_INFINITY) <= visit.start) at += 1
    const stretch = hours[at]
    return stretch !== undefined && contains(stretch, visit)
  }
}
