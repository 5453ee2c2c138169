/**
 * From doctors' calendars to the times that can be offered: hours by publish mode, minus what is taken, inside the booking window.
 *
 * A patient is offered what is published `online` or `ask`, staff every hour. Days are those of the clinic's zone, whatever zone
 * a doctor works in; a visit belongs to the day it begins on. Extra hours of a dated schedule are published online.
 */
import { addDays, type LocalDay, localDayOf, startOfDay, type Zone } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import type { Asker, BookingWindow } from './booking-window.ts'
import { contains, type Interval } from './interval.ts'
import type { ScheduleTemplate } from './schedule-schemas.ts'
import { freeSlots, type SlotRules } from './slots.ts'
import { type DatedRange, type WeeklyRange, workingHoursBetween } from './working-hours.ts'

/** How a time may be booked by a patient: confirmed at once, as a request, or not at all. */
export type PublishMode = ScheduleTemplate['publish']
export const PUBLISH_MODES = ['online', 'ask', 'staff'] as const satisfies readonly PublishMode[]

export type PublishedRange = WeeklyRange & { readonly publish: PublishMode }

export type DoctorCalendar<DoctorKey extends string = string> = {
  readonly doctorId: DoctorKey
  readonly templates: readonly PublishedRange[]
  readonly schedules: readonly DatedRange[]
  /** What the visit must stay clear of, in any order: see `busyBeside`. */
  readonly busy: readonly Interval[]
}

export type SlotQuestion = SlotRules & {
  readonly asker: Asker
  /** Days on which the visit may begin, `until` included, in `zone`. */
  readonly from: LocalDay
  readonly until: LocalDay
  /** The clinic's. */
  readonly zone: Zone
  readonly window: BookingWindow
}

export type Slot<DoctorKey extends string = string> = Interval & {
  readonly doctorId: DoctorKey
  /** The most open mode in which every minute of the visit is published. */
  readonly mode: PublishMode
}

/**
 * A range belongs to the day it starts on and may reach into the next, and a doctor's zone may lie a day from the clinic's.
 * So stretches up to this many days long keep the grid of their beginning, whichever days are asked for.
 */
export const DAYS_AROUND = 2

/** Every free start of one doctor, ascending. */
export function doctorSlots<DoctorKey extends string>(
  calendar: DoctorCalendar<DoctorKey>,
  question: SlotQuestion,
): Slot<DoctorKey>[] {
  const { from, until, zone, window } = question
  const last = window.lastDay !== null && window.lastDay < until ? window.lastDay : until
  if (last < from) return []
  const days = { from: addDays(from, -DAYS_AROUND), until: addDays(last, DAYS_AROUND) }
  const hours = hoursPublished(calendar, days, question.asker === 'staff' ? PUBLISH_MODES : ['online', 'ask'])
  const notBefore = Math.max(window.earliest, startOfDay(from, zone))
  const duration = minutes(question.durationMinutes)
  const modeOf = modeMarker(calendar, days)
  const slots: Slot<DoctorKey>[] = []
  for (const start of freeSlots({ ...question, hours, busy: calendar.busy, notBefore })) {
    const day = localDayOf(start, zone)
    // Not the end of the list: a clock set back over midnight shows the day before once more.
    if (day < from || day > last) continue
    const visit = { start, end: start + duration }
    slots.push({ doctorId: calendar.doctorId, ...visit, mode: modeOf(visit) })
  }
  return slots
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
  const isAsked = containedIn(hoursPublished(calendar, days, ['online', 'ask']))
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
    while ((hours[at]?.end ?? Number.POSITIVE_INFINITY) < visit.end) at += 1
    const stretch = hours[at]
    return stretch !== undefined && contains(stretch, visit)
  }
}
