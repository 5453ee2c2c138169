/**
 * Allotments: times that a device keeps for itself while it is online, so that what it books into them without a connection is
 * final. A lease takes its time from everybody else like a booking. It ends at its start, when it is used, when its device hands
 * it back, or when somebody at the desk takes it back.
 *
 * Pure. The server decides with these rules under the clinic's lock; a device asks the same ones what it may call final.
 */
import Type from 'typebox'
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { isGroup } from '#domain/appointment/occupancy.ts'
import { type DoctorId, idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, nullable, oneOf, revisionSchema, textSchema } from '#domain/schema-parts.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import { type Buffers, NO_BUFFERS, withBuffers } from './buffers.ts'
import { contains, type Interval, overlaps } from './interval.ts'

/** `open` until it is used, handed back or taken back; that it is over at its start is for the clock to say. */
export const ALLOTMENT_STATUSES = ['open', 'used', 'returned', 'taken-back'] as const

export const allotmentSchema = Type.Object(
  {
    id: idSchema<'Allotment'>(),
    clinicId: idSchema<'Clinic'>(),
    doctorId: idSchema<'Doctor'>(),
    /** Of the visit that the time was kept for; it says room, equipment and buffers. */
    typeId: idSchema<'AppointmentType'>(),
    /** The day it begins on, by the clinic's calendar. */
    date: localDaySchema(),
    start: instantSchema(),
    end: instantSchema(),
    roomId: nullable(idSchema<'Room'>()),
    equipmentIds: Type.Array(idSchema<'Equipment'>(), { maxItems: 20 }),
    /** Kept for this person on this device: neither alone is enough. */
    deviceId: idSchema<'Device'>(),
    userId: idSchema<'User'>(),
    deviceName: textSchema(120),
    heldByName: textSchema(120),
    status: oneOf(ALLOTMENT_STATUSES),
    endedAt: nullable(instantSchema()),
    /** Who took it back; empty otherwise. */
    endedByName: textSchema(120),
    createdAt: instantSchema(),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type Allotment = Type.Static<typeof allotmentSchema>

/** For whom a time is kept. */
export type Leaseholder = Pick<Allotment, 'deviceId' | 'userId'>

/** True while it takes the time from others. */
export const isLive = ({ status, start }: Pick<Allotment, 'status' | 'start'>, now: Instant): boolean =>
  status === 'open' && start > now

export const isKeptBy = (allotment: Leaseholder, { deviceId, userId }: Leaseholder): boolean =>
  allotment.deviceId === deviceId && allotment.userId === userId

type Wanted = Pick<Appointment, 'doctorId' | 'typeId' | 'roomId'> & Interval
type Needs = Buffers & Pick<AppointmentType, 'capacity' | 'roomIds' | 'equipmentIds'>

/**
 * True when a booking lies wholly inside a lease: in its time, buffers included, and with nothing that the lease does not keep.
 * A visit that is longer, or needs another room or equipment, is judged like one without a lease.
 */
export function isInside(
  wanted: Wanted,
  type: Needs,
  allotment: Pick<Allotment, 'doctorId' | 'typeId' | 'roomId'> & Interval,
  leasedFor: Buffers = NO_BUFFERS,
): boolean {
  if (wanted.doctorId !== allotment.doctorId || isGroup(type.capacity) || !contains(allotment, wanted)) return false
  if (!contains(withBuffers(allotment, leasedFor), withBuffers(wanted, type))) return false
  if (wanted.roomId !== null && wanted.roomId !== allotment.roomId) return false
  return wanted.typeId === allotment.typeId || (type.roomIds.length === 0 && type.equipmentIds.length === 0)
}

/** What a doctor's times are kept as: the shortest visit of one patient that they offer, of equals the first by code. */
export function typeToKeep(types: readonly AppointmentType[], doctorId: DoctorId): AppointmentType | undefined {
  const isOffered = ({ isActive, capacity, doctorIds }: AppointmentType) =>
    isActive && !isGroup(capacity) && (doctorIds.length === 0 || doctorIds.includes(doctorId))
  const order = (a: AppointmentType, b: AppointmentType) =>
    a.durationMinutes - b.durationMinutes || (a.code < b.code ? -1 : a.code > b.code ? 1 : a.id < b.id ? -1 : 1)
  return types.filter(isOffered).toSorted(order)[0]
}

/** How many of a doctor's times of a day may be kept at once, over all devices; none where the policy is 0. */
export function mostAllotments(hours: readonly Interval[], durationMinutes: number, oneIn: number): number {
  if (oneIn === 0) return 0
  const length = minutes(durationMinutes)
  const times = hours.reduce((sum, { start, end }) => sum + Math.floor((end - start) / length), 0)
  return Math.floor(times / oneIn)
}

export type AllotmentQuestion = {
  /** Times that could be booked, ascending. */
  readonly free: readonly Interval[]
  /** What is kept of the day, whoever keeps it, and what was kept until its start for nobody. */
  readonly kept: readonly (Interval & { readonly isOwn: boolean })[]
  readonly most: number
}

/**
 * The further times that a device gets, spread over what is free: each as far as possible from those that are kept, of equals the
 * earliest. A device gets half of what there is at most, so that the first to come leaves something to the second.
 */
export function chooseAllotments({ free, kept, most }: AllotmentQuestion): Interval[] {
  const ownMost = Math.ceil(most / 2)
  const count = Math.min(most - kept.length, ownMost - kept.filter(({ isOwn }) => isOwn).length)
  const chosen: Interval[] = []
  while (chosen.length < count) {
    const next = farthest(free, [...kept, ...chosen])
    if (!next) break
    chosen.push(next)
  }
  return chosen.toSorted((a, b) => a.start - b.start)
}

function farthest(free: readonly Interval[], kept: readonly Interval[]): Interval | undefined {
  const open = free.filter((time) => !kept.some((other) => overlaps(time, other)))
  if (kept.length === 0) return open[Math.floor((open.length - 1) / 2)]
  const distance = ({ start }: Interval) => Math.min(...kept.map((other) => Math.abs(other.start - start)))
  let best: Interval | undefined
  for (const time of open) if (!best || distance(time) > distance(best)) best = time
  return best
}
