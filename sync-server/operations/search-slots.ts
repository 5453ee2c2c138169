/** Free times of several doctors in order: the one search behind every list of them. */
import type { AppointmentId, DoctorId, PatientId } from '#domain/ids.ts'
import {
  type DoctorCalendar,
  doctorSlots,
  type Slot,
  type SlotQuestion,
  type StatedSlot,
  statedSlots,
} from '#domain/schedule/slot-search.ts'
import { addDays, earlierDay, type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import { LAST_INSTANT } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { loadCalendars } from './clinic-calendars.ts'
import type { SlotScope } from './slot-scope.ts'

export type SlotSearch = {
  /** Local days of the clinic, `until` included. */
  readonly from: LocalDay
  readonly until: LocalDay
  readonly stepMinutes: number
  /** How long the visit is; the type's length unless it was booked under another. */
  readonly durationMinutes?: number | undefined
  /** An appointment that is to be moved. */
  readonly except?: AppointmentId | undefined
  /** Whose visit it is, where that is known. */
  readonly patientId?: PatientId | undefined
}

export type DoctorSlot = Slot<DoctorId>

/** Days read at a time by searches that may end early. */
export const DAYS_AT_ONCE = 7

/** Every free time of the days, in order of time, then of the scope's doctors. */
export async function searchSlots(tx: Tx, scope: SlotScope, search: SlotSearch): Promise<DoctorSlot[]> {
  const perDoctor = await slotsPerDoctor(tx, scope, search)
  // The sort is stable, so that equal times keep the order of the doctors.
  return perDoctor.flat().sort((a, b) => a.start - b.start)
}

/** The same, each doctor's list apart, in the order of the scope's doctors. */
export async function slotsPerDoctor(tx: Tx, scope: SlotScope, search: SlotSearch): Promise<DoctorSlot[][]> {
  return (await questionsOf(tx, scope, search)).map((asked) => (asked ? doctorSlots(...asked) : []))
}

/** Every time of the doctors' hours on the days, free or busy, in no order. */
export async function searchStatedSlots(tx: Tx, scope: SlotScope, search: SlotSearch): Promise<StatedSlot<DoctorId>[]> {
  return (await questionsOf(tx, scope, search)).flatMap((asked) => (asked ? statedSlots(...asked) : []))
}

type Asked = readonly [calendar: DoctorCalendar<DoctorId>, question: SlotQuestion]

/** What each of the scope's doctors is asked, with the calendar to answer it from. */
async function questionsOf(tx: Tx, scope: SlotScope, search: SlotSearch): Promise<(Asked | undefined)[]> {
  const { zone, type, seekers } = scope
  const { durationMinutes = type.durationMinutes } = search
  const doctors = seekers.map(({ doctor }) => doctor)
  const loaded = await loadCalendars(tx, { ...scope, ...search, durationMinutes, doctors })
  const { equipmentFull, elsewhere } = loaded
  return loaded.doctors.map((calendar, index) => {
    const seeker = seekers[index]
    if (!seeker) return undefined
    const { asker, window, doctor } = seeker
    const rooms = loaded.roomsAt(doctor.locationId)
    return [
      calendar,
      { ...type, ...search, durationMinutes, zone, asker, window, rooms, equipmentFull, elsewhere },
    ] as const
  })
}

/** The same list a week at a time, for whoever stops when there is enough. */
export async function* slotsByWeek(tx: Tx, scope: SlotScope, search: SlotSearch): AsyncGenerator<DoctorSlot[]> {
  // Behind it nothing can be booked, and the calendar has few days left to reckon with.
  const last = earlierDay(search.until, addDays(localDayOf(LAST_INSTANT, scope.zone), -1))
  for (let from = search.from; from <= last; from = addDays(from, DAYS_AT_ONCE)) {
    const until = earlierDay(addDays(from, DAYS_AT_ONCE - 1), last)
    yield await searchSlots(tx, scope, { ...search, from, until })
  }
}
