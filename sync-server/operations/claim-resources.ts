/** The room a visit gets and the equipment it takes, each up to its capacity; visits and live holds count alike. */
import type { Room } from '#domain/clinic/room-schema.ts'
import type { EquipmentId, RoomId } from '#domain/ids.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { listEquipment, listRooms, lockResourceUse, type ResourceUse } from '#server/repositories/resources.ts'
import { type Around, asOccupant, hasPlaceFor, roomOfSession, type TimeQuestion } from './time-question.ts'
import type { WriteContext } from './write-context.ts'

type RoomClaim =
  | { readonly ok: true; readonly roomId: RoomId | null; readonly isOver: boolean }
  | { readonly ok: false; readonly rejection: Rejection }

const refuse = (reason: Rejection['reason'], field: string) => ({ ok: false, rejection: { reason, field } }) as const

/** The rooms of the clinic, in the order in which the server takes the first free one. */
export const roomsOf = ({ tx, clinicId, recall }: WriteContext): Promise<readonly Room[]> =>
  recall('rooms', () => listRooms(tx, clinicId))

/**
 * The wanted room if it is free. Where nobody asked for one (none is named, or only the one the visit had before), the first
 * free one that the type allows; a visit that joins a group goes where the group is.
 */
export async function claimRoom(ctx: WriteContext, question: TimeQuestion, around: Around): Promise<RoomClaim> {
  const { wanted, current, references } = question
  const allowed = references.type.roomIds
  const isChosen = wanted.roomId !== null && wanted.roomId !== current?.roomId
  const joined = roomOfSession(question, around)
  const needsNone = joined === undefined && allowed.length === 0 && wanted.roomId === null
  if (needsNone || (joined === null && !isChosen)) return { ok: true, roomId: null, isOver: false }

  const rooms = await roomsOf(ctx)
  if (isChosen) {
    const chosen = rooms.find(({ id }) => id === wanted.roomId)
    if (!chosen?.isActive) return refuse('unknown-reference', 'roomId')
    if (allowed.length > 0 && !allowed.includes(chosen.id)) return refuse('type-not-offered', 'roomId')
    // A group is in one room: another one would be a second session of its doctor.
    if (joined !== undefined && joined !== chosen.id) return refuse('room-taken', 'roomId')
  }
  const candidates = isChosen ? rooms.filter(({ id }) => id === wanted.roomId) : inOrder(rooms, question, joined)
  const [first] = candidates
  if (!first) return allowed.length === 0 ? { ok: true, roomId: null, isOver: false } : refuse('room-taken', 'start')
  const used = await usedRooms(ctx, question, candidates)
  const free = candidates.find((room) => isFree(room, used, question, around))
  if (free) return { ok: true, roomId: free.id, isOver: false }
  if (around.mayOverbook) return { ok: true, roomId: first.id, isOver: true }
  return refuse('room-taken', isChosen ? 'roomId' : 'start')
}

/** The group's room alone; otherwise the one the visit had, then those the type allows by position. */
function inOrder(rooms: readonly Room[], question: TimeQuestion, joined: RoomId | null | undefined): readonly Room[] {
  const { wanted, references } = question
  if (joined !== undefined) return rooms.filter(({ id }) => id === joined)
  const { type, locationId } = references
  const isThere = (room: Room) => room.locationId === null || locationId === null || room.locationId === locationId
  const isAllowed = (room: Room) => type.roomIds.length === 0 || type.roomIds.includes(room.id)
  const kept = rooms.filter((room) => room.id === wanted.roomId && room.isActive && isAllowed(room) && isThere(room))
  const others = rooms.filter((room) => room.isActive && type.roomIds.includes(room.id) && isThere(room))
  return [...kept, ...others.filter((room) => !kept.includes(room))]
}

const usedRooms = (ctx: WriteContext, { wanted }: TimeQuestion, rooms: readonly Room[]) =>
  lockResourceUse(
    ctx.tx,
    ctx.clinicId,
    'room',
    rooms.map(({ id }) => id),
    wanted,
  )

function isFree(room: Room, used: readonly ResourceUse[], question: TimeQuestion, { types, holds }: Around): boolean {
  const inside = [
    ...used.filter(({ resourceId, id }) => resourceId === room.id && id !== question.wanted.id),
    ...holds.filter(({ roomId }) => roomId === room.id),
  ]
  return hasPlaceFor(asOccupant(question, room.id), room.capacity, inside, types)
}

type EquipmentClaim =
  | { readonly ok: true; readonly equipmentIds: EquipmentId[]; readonly isOver: boolean }
  | { readonly ok: false; readonly rejection: Rejection }

/** One unit of each piece of equipment that the type asks for. */
export async function claimEquipment(
  ctx: WriteContext,
  question: TimeQuestion,
  { types, holds, mayOverbook }: Around,
  roomId: RoomId | null,
): Promise<EquipmentClaim> {
  const { wanted, references } = question
  const equipmentIds = [...new Set(references.type.equipmentIds)].sort()
  if (equipmentIds.length === 0) return { ok: true, equipmentIds, isOver: false }
  // Not replicated, so another instance may change it without the clinic's counter moving.
  const known = await ctx.readOnce('equipment', () => listEquipment(ctx.tx, ctx.clinicId))
  const used = await lockResourceUse(ctx.tx, ctx.clinicId, 'equipment', equipmentIds, wanted)
  const occupant = asOccupant(question, roomId)
  const taken = equipmentIds.some((id) => {
    const found = known.find((equipment) => equipment.id === id)
    const inUse = [
      ...used.filter((use) => use.resourceId === id && use.id !== wanted.id),
      ...holds.filter((hold) => hold.equipmentIds.includes(id)),
    ]
    return !hasPlaceFor(occupant, found?.isActive ? found.capacity : 0, inUse, types)
  })
  if (taken && !mayOverbook) return refuse('equipment-taken', 'start')
  return { ok: true, equipmentIds, isOver: taken }
}
