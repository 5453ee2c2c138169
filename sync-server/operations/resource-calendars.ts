/**
 * When rooms and equipment have no place left, for searches of free times: counted in sessions, visits and live holds alike, by the
 * words of `occupancy.ts`, as the booking decision counts them.
 */
import { sessionOf } from '#domain/appointment/occupancy.ts'
import type { Room } from '#domain/clinic/room-schema.ts'
import type { LocationId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { fullTimes } from '#domain/schedule/resources.ts'
import type { RoomTimes } from '#domain/schedule/slot-search.ts'
import type { Tx } from '#server/database/database.ts'
import type { Hold } from '#server/repositories/holds.ts'
import { listEquipment, listRooms } from '#server/repositories/resources.ts'
import { listResourceUse, type TakenTime } from '#server/repositories/taken-time.ts'
import type { CalendarQuestion } from './calendar-question.ts'

/** The whole line of time: what cannot be had at all. */
const NEVER: Interval = { start: Number.MIN_SAFE_INTEGER, end: Number.MAX_SAFE_INTEGER }

type Using = Pick<TakenTime, 'doctorId' | 'typeId' | 'roomId' | 'start' | 'end'> & { readonly id: string }

/** The rooms of the type with what is full in each; for a doctor those at the same place, in the order they are taken in. */
export async function loadRooms(
  tx: Tx,
  question: CalendarQuestion,
  stretch: Interval,
  holds: readonly Hold[],
): Promise<(place: LocationId | null) => readonly RoomTimes[] | null> {
  const { clinicId, type, except, recall } = question
  if (type.roomIds.length === 0) return () => null
  const all = await recall('rooms', () => listRooms(tx, clinicId))
  const rooms = all.filter(({ id, isActive }) => isActive && type.roomIds.includes(id))
  const ids = rooms.map(({ id }) => id)
  const key = `rooms in use ${stretch.start} ${stretch.end} ${ids.join()}`
  const inUse = await recall(key, () => listResourceUse(tx, clinicId, 'room', ids, stretch))
  const used = inUse.filter(({ id }) => id !== except)
  const timesOf = ({ id, capacity }: Room) => {
    const inside = [
      ...used.filter(({ resourceId }) => resourceId === id),
      ...holds.filter(({ roomId }) => roomId === id),
    ]
    return fullTimes({ capacity, taken: sessionsIn(inside, question) })
  }
  const times = rooms.map((room) => ({ id: room.id, locationId: room.locationId, full: timesOf(room) }))
  return (place) => times.filter(({ locationId }) => locationId === null || place === null || locationId === place)
}

/** When some piece of equipment of the type is not to be had. */
export async function loadEquipmentFull(
  tx: Tx,
  question: CalendarQuestion,
  stretch: Interval,
  holds: readonly Hold[],
): Promise<Interval[]> {
  const { clinicId, type, except } = question
  const ids = [...new Set(type.equipmentIds)]
  if (ids.length === 0) return []
  const known = new Map((await listEquipment(tx, clinicId)).map((equipment) => [equipment.id, equipment]))
  const used = (await listResourceUse(tx, clinicId, 'equipment', ids, stretch)).filter(({ id }) => id !== except)
  return ids.flatMap((id) => {
    const equipment = known.get(id)
    if (!equipment?.isActive) return [NEVER]
    const inUse = [
      ...used.filter(({ resourceId }) => resourceId === id),
      ...holds.filter(({ equipmentIds }) => equipmentIds.includes(id)),
    ]
    return fullTimes({ capacity: equipment.capacity, taken: sessionsIn(inUse, question) })
  })
}

/** Every session once, however many patients sit in it. */
function sessionsIn(places: readonly Using[], { types }: CalendarQuestion): Interval[] {
  const capacities = new Map(types.map(({ id, capacity }) => [id, capacity]))
  const sessions = new Map<string, Interval>()
  for (const place of places) sessions.set(sessionOf(place, capacities.get(place.typeId) ?? 1), place)
  return [...sessions.values()]
}
