/** Free times computed from local data: instant, offline too, and provisional until the server agrees. */
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { type Seats, sessionId } from '#domain/appointment/group-session.ts'
import { isGroup } from '#domain/appointment/occupancy.ts'
import type { AppointmentId, AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import { type Buffers, busyBeside, NO_BUFFERS } from '#domain/schedule/buffers.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { alternatives, type DoctorAvailability, freeSlots, nextFree, type SlotRules } from '#domain/schedule/slots.ts'
import { reachOf, windowOf } from '#domain/sync/window.ts'
import { addDays, daysBetween, type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import { hours, type Instant, minutes, minutesBetween } from '#domain/time/instant.ts'
import { type Desk, findType, heldFrom, hoursOf, offers, type Taken, takenBetween, typesById } from './desk.ts'
import { allDoctors, readAll } from './queries.ts'

/** Distance of the starts offered. */
export const SLOT_STEP_MINUTES = 15
const DAYS_AHEAD = 14
const DAYS_BEFORE = 4

/** One doctor's free starts on a day, ascending; empty when the type is not theirs, or the day's visits are not on this device. */
export async function freeStartsLocally(
  desk: Desk,
  wanted: { readonly doctorId: DoctorId; readonly typeId: AppointmentTypeId; readonly day: LocalDay },
): Promise<readonly Instant[]> {
  const type = await findType(desk, wanted.typeId)
  if (!type || !offers(type, wanted.doctorId)) return []
  const { zone } = desk.user.clinic
  if (reachOf(wanted.day, localDayOf(desk.now(), zone)) !== 'held') return []
  const hours = await hoursOf(desk, wanted.doctorId, wanted.day, wanted.day)
  const taken = [...(await takenBetween(desk, wanted.day, wanted.day)), ...heldFrom(desk, wanted.doctorId)]
  const busy = busyOf(taken, wanted.doctorId, type, await typesById(desk))
  const notBefore = desk.now()
  const open = freeSlots({ ...rulesOf(type), hours, busy, notBefore })
  const joinable = groupsWithPlaces(taken, wanted.doctorId, type).filter((start) => start >= notBefore)
  const starts = [...new Set([...open, ...joinable])].sort((a, b) => a - b)
  return starts.filter((start) => localDayOf(start, zone) === wanted.day)
}

type WantedTimes = {
  readonly typeId: AppointmentTypeId
  /** All active doctors who offer the type when none are named. */
  readonly doctorIds?: readonly DoctorId[]
  readonly notBefore?: Instant
}

/** The earliest free times across doctors within two weeks. */
export const nextFreeLocally = async (
  desk: Desk,
  { limit = 4, ...wanted }: WantedTimes & { readonly limit?: number },
): Promise<readonly Alternative[]> => (await freeTimesLocally(desk, wanted)).slice(0, limit)

/** Every free time of some days, two weeks unless said otherwise, in order of time and then of the board's columns. */
export async function freeTimesLocally(
  desk: Desk,
  { typeId, doctorIds, notBefore: from = 0, days }: WantedTimes & { readonly days?: number },
): Promise<readonly Alternative[]> {
  const type = await findType(desk, typeId)
  if (!type) return []
  const notBefore = Math.max(desk.now(), from)
  const doctors = await availabilityOf(desk, type, notBefore, { only: doctorIds, days })
  const { proposals } = nextFree({ ...rulesOf(type), doctors, notBefore, limit: Number.POSITIVE_INFINITY })
  const length = minutes(type.durationMinutes)
  const joinable = doctors.flatMap(({ doctorId, sessions }) =>
    sessions.filter((start) => start >= notBefore).map((start) => ({ doctorId, start, end: start + length })),
  )
  return joinable.length === 0 ? proposals : [...proposals, ...joinable].sort((a, b) => a.start - b.start)
}

/** How many places of a group are taken at a time of a doctor; null for a visit of one patient. */
export async function seatsLocally(
  desk: Desk,
  type: AppointmentType,
  { doctorId, start }: Pick<Alternative, 'doctorId' | 'start'>,
): Promise<Seats | null> {
  if (!isGroup(type.capacity)) return null
  const day = localDayOf(start, desk.user.clinic.zone)
  const wanted = sessionId({ doctorId, typeId: type.id, start, end: start + minutes(type.durationMinutes) })
  const seated = (await takenBetween(desk, day, day)).filter((visit) => sessionId(visit) === wanted)
  return { taken: seated.length, capacity: type.capacity }
}

/**
 * Ways on for an appointment that lost its time: the wanted doctor's nearest free times first, then those of colleagues of
 * the same specialization. The server's own answer (`GET …/alternatives`) is to be preferred while it can be reached.
 */
export async function alternativesLocally(
  desk: Desk,
  appointment: Appointment,
  limit = 3,
): Promise<readonly Alternative[]> {
  const type = await findType(desk, appointment.typeId)
  if (!type) return []
  const notBefore = desk.now()
  // From a few days before the wanted one, so that the nearest is found on either side.
  const around = Math.max(notBefore, appointment.start - hours(24 * DAYS_BEFORE))
  const doctors = await availabilityOf(desk, type, around, { except: appointment.id })
  const wanted = { doctorId: appointment.doctorId, start: appointment.start }
  const durationMinutes = minutesBetween(appointment.start, appointment.end)
  return alternatives({ ...rulesOf(type), durationMinutes, wanted, doctors, notBefore, limit }).proposals
}

async function availabilityOf(
  desk: Desk,
  type: AppointmentType,
  from: Instant,
  {
    only,
    except,
    days = DAYS_AHEAD,
  }: {
    readonly only?: readonly DoctorId[] | undefined
    readonly except?: AppointmentId | undefined
    readonly days?: number | undefined
  },
): Promise<(DoctorAvailability<DoctorId> & { readonly sessions: readonly Instant[] })[]> {
  const { zone } = desk.user.clinic
  const day = localDayOf(from, zone)
  // Beyond the replicated days everything looks free.
  const daysHeld = daysBetween(day, windowOf(localDayOf(desk.now(), zone)).until)
  if (daysHeld <= 0) return []
  const lastDay = addDays(day, Math.min(days, daysHeld - 1))
  const [everybody, taken, types] = await Promise.all([
    readAll(allDoctors(desk.database)),
    takenBetween(desk, day, lastDay),
    typesById(desk),
  ])
  const others = taken.filter((visit) => visit.id !== except)
  const doctors = everybody
    .filter(({ id, isActive }) => isActive && offers(type, id) && (only === undefined || only.includes(id)))
    .sort((a, b) => a.position - b.position)
  return Promise.all(
    doctors.map(async ({ id, specialization }) => {
      const places = [...others, ...heldFrom(desk, id)]
      return {
        doctorId: id,
        specialization,
        hours: await hoursOf(desk, id, day, lastDay),
        busy: busyOf(places, id, type, types),
        sessions: groupsWithPlaces(places, id, type),
      }
    }),
  )
}

/** What stands in a doctor's time: a visit, or a time that somebody keeps. */
type Place = Interval & Pick<Taken, 'doctorId' | 'typeId'>

/** Starts of the doctor's sessions of a group type that have places left. */
function groupsWithPlaces(taken: readonly Place[], doctorId: DoctorId, type: AppointmentType): readonly Instant[] {
  if (!isGroup(type.capacity)) return []
  const visits = taken.filter((visit) => visit.doctorId === doctorId && visit.typeId === type.id)
  const seats = new Map<Instant, number>()
  for (const { start } of visits) seats.set(start, (seats.get(start) ?? 0) + 1)
  return [...seats].filter(([, count]) => count < type.capacity).map(([start]) => start)
}

const busyOf = (
  taken: readonly Place[],
  doctorId: DoctorId,
  type: AppointmentType,
  types: ReadonlyMap<AppointmentTypeId, Buffers>,
): Interval[] =>
  taken
    .filter((visit) => visit.doctorId === doctorId)
    .map((visit) => busyBeside(visit, types.get(visit.typeId) ?? NO_BUFFERS, type))

const rulesOf = (type: AppointmentType): SlotRules => ({
  durationMinutes: type.durationMinutes,
  stepMinutes: Math.min(SLOT_STEP_MINUTES, type.durationMinutes),
  bufferBeforeMinutes: type.bufferBeforeMinutes,
  bufferAfterMinutes: type.bufferAfterMinutes,
})
