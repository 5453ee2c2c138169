/**
 * What doctors can be offered for, read once: hours and what is taken, for every search of free times. Searches read one consistent
 * snapshot and lock nothing; whether a time can be had is decided again when it is booked.
 */
import { isGroup } from '#domain/appointment/occupancy.ts'
import type { AppointmentTypeId, DoctorId, LocationId } from '#domain/ids.ts'
import { type Buffers, busyBeside, NO_BUFFERS } from '#domain/schedule/buffers.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { DAYS_AROUND, type DoctorCalendar, type RoomTimes, type Session } from '#domain/schedule/slot-search.ts'
import { addDays, startOfDay } from '#domain/time/clinic-time.ts'
import { hours, type Instant, minutes } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { listLiveAllotments } from '#server/repositories/allotments.ts'
import { listHeldTimeOfPatient } from '#server/repositories/appointments.ts'
import { type Hold, listLiveHolds } from '#server/repositories/holds.ts'
import { listSchedules, listTemplates } from '#server/repositories/hours.ts'
import { listTakenTime, type TakenTime } from '#server/repositories/taken-time.ts'
import { asHold } from './allotments-in-the-way.ts'
import type { CalendarQuestion } from './calendar-question.ts'
import { loadEquipmentFull, loadRooms } from './resource-calendars.ts'

/** No type has longer buffers: how far around a day its neighbours matter. */
const LONGEST_BUFFER_MS = minutes(240)
const LONGEST_VISIT_MS = hours(24)

export type Calendars = {
  /** In the order of `doctors`. */
  readonly doctors: readonly DoctorCalendar<DoctorId>[]
  /** The rooms of the type at a doctor's place; null when it needs none. */
  readonly roomsAt: (place: LocationId | null) => readonly RoomTimes[] | null
  readonly equipmentFull: readonly Interval[]
  readonly elsewhere: readonly Interval[]
}

/** The calendars of some doctors over some days, as the wanted type of visit finds them. */
export async function loadCalendars(tx: Tx, question: CalendarQuestion): Promise<Calendars> {
  const { clinicId, doctors, from, until, now, except, patientId, recall } = question
  const ids = doctors.map(({ id }) => id)
  const stretch = stretchOf(question)
  const whose = ids.join()
  const templates = await recall(`templates ${whose}`, async () => byDoctor(await listTemplates(tx, clinicId, ids)))
  // Leave days around still reaches into these, in whatever zone it was written.
  const reach = { from: addDays(from, -2 * DAYS_AROUND), until: addDays(until, 2 * DAYS_AROUND) }
  const schedules = await recall(`schedules ${reach.from} ${reach.until} ${whose}`, async () =>
    byDoctor(await listSchedules(tx, clinicId, ids, reach)),
  )
  const visits = await recall(`taken ${stretch.start} ${stretch.end} ${whose}`, async () =>
    byDoctor(await listTakenTime(tx, clinicId, ids, stretch)),
  )
  const leases = await listLiveAllotments(tx, clinicId, stretch, now)
  const live = [...(await listLiveHolds(tx, clinicId, stretch, now)), ...leases.map(asHold)]
  const holds = byDoctor(live)
  const elsewhere = patientId ? await listHeldTimeOfPatient(tx, clinicId, patientId, stretch) : []
  const besideWanted = besideIn(question)
  return {
    doctors: ids.map((id) => {
      const held = [...withoutOne(visits.get(id), except), ...(holds.get(id) ?? [])]
      return {
        doctorId: id,
        templates: templates.get(id) ?? [],
        schedules: schedules.get(id) ?? [],
        busy: held.map(besideWanted),
        sessions: sessionsIn(held, question),
      }
    }),
    roomsAt: await loadRooms(tx, question, stretch, live),
    equipmentFull: await loadEquipmentFull(tx, question, stretch, live),
    elsewhere: elsewhere.filter(({ id }) => id !== except),
  }
}

const withoutOne = (visits: readonly TakenTime[] = [], except: string | undefined): readonly TakenTime[] =>
  except === undefined ? visits : visits.filter(({ id }) => id !== except)

type Held = TakenTime | Hold

function besideIn({ type, types }: CalendarQuestion): (held: Held) => Interval {
  const buffers = new Map<AppointmentTypeId, Buffers>(types.map((each) => [each.id, each]))
  return (held) => busyBeside(held, buffers.get(held.typeId) ?? NO_BUFFERS, type)
}

/** Group visits of the wanted type and length, with the seats that neither a visit nor a hold has taken. */
function sessionsIn(held: readonly Held[], { type, durationMinutes }: CalendarQuestion): Session[] {
  if (!isGroup(type.capacity)) return []
  const sessions = new Map<Instant, Session>()
  for (const { typeId, start, end, roomId } of held) {
    if (typeId !== type.id || end - start !== minutes(durationMinutes)) continue
    const seatsLeft = (sessions.get(start)?.seatsLeft ?? type.capacity) - 1
    sessions.set(start, { start, end, roomId, seatsLeft })
  }
  return [...sessions.values()]
}

/** From the first instant a visit of these days can touch with its buffers to the last; a visit may begin at the last minute. */
const stretchOf = ({ from, until, zone }: CalendarQuestion): Interval => ({
  start: startOfDay(from, zone) - LONGEST_BUFFER_MS,
  // A day more, for a clock that is set back over midnight. The same for visits of every length, so that it is read once for all.
  end: startOfDay(addDays(until, 2), zone) + LONGEST_VISIT_MS + LONGEST_BUFFER_MS,
})

function byDoctor<Row extends { readonly doctorId: DoctorId }>(rows: readonly Row[]): ReadonlyMap<DoctorId, Row[]> {
  const lists = new Map<DoctorId, Row[]>()
  for (const row of rows) {
    const list = lists.get(row.doctorId)
    if (list) list.push(row)
    else lists.set(row.doctorId, [row])
  }
  return lists
}
