/** Free times of several doctors in order: the one search behind every list of them. */
import type { AppointmentId, DoctorId, PatientId } from '#domain/ids.ts'
import { doctorSlots, type Slot } from '#domain/schedule/slot-search.ts'
import { addDays, earlierDay, type LocalDay } from '#domain/time/clinic-time.ts'
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
const DAYS_AT_ONCE = 7

/** Every free time of the days, in order of time, then of the scope's doctors. */
export async function searchSlots(tx: Tx, scope: SlotScope, search: SlotSearch): Promise<DoctorSlot[]> {
  const perDoctor = await slotsPerDoctor(tx, scope, search)
  // The sort is stable, so that equal times keep the order of the doctors.
  return perDoctor.flat().sort((a, b) => a.start - b.start)
}

/** The same, each doctor's list apart, in the order of the scope's doctors. */
export async function slotsPerDoctor(tx: Tx, scope: SlotScope, search: SlotSearch): Promise<DoctorSlot[][]> {
  const { zone, type, seekers } = scope
  const { durationMinutes = type.durationMinutes } = search
  const doctors = seekers.map(({ doctor }) => doctor)
  const loaded = await loadCalendars(tx, { ...scope, ...search, durationMinutes, doctors })
  const { equipmentFull, elsewhere } = loaded
  return loaded.doctors.map((calendar, index) => {
    const seeker = seekers[index]
    if (!seeker) return []
    const { asker, window, doctor } = seeker
    const rooms = loaded.roomsAt(doctor.locationId)
    return doctorSlots(calendar, {
      ...type,
      ...search,
      durationMinutes,
      zone,
      asker,
      window,
      rooms,
      equipmentFull,
      elsewhere,
    })
  })
}

/** The same list a week at a time, for whoever stops when there is enough. */
export async function* slotsByWeek(tx: Tx, scope: SlotScope, search: SlotSearch): AsyncGenerator<DoctorSlot[]> {
  for (let from = search.from; from <= search.until; from = addDays(from, DAYS_AT_ONCE)) {
    const until = earlierDay(addDays(from, DAYS_AT_ONCE - 1), search.until)
    yield await searchSlots(tx, scope, { ...search, from, until })
  }
}
