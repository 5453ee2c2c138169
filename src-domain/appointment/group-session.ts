/**
 * Visits of a type for groups as the sessions they make up, to be shown. Pure. The booking rules count by room as well
 * (occupancy.ts); a device does not know the room of a visit until the server has given it one, and a doctor holds one session at
 * a time.
 */
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Appointment } from './appointment-schemas.ts'
import { holdsTime } from './appointment-status.ts'
import { isGroup } from './occupancy.ts'

export type SessionPlace = {
  readonly doctorId: DoctorId
  readonly typeId: AppointmentTypeId
  readonly start: Instant
  readonly end: Instant
}

export type Seats = { readonly taken: number; readonly capacity: number }

export type GroupSession<Visit> = SessionPlace & Seats & { readonly id: string; readonly visits: readonly Visit[] }

const PREFIX = 'session'

/** A name that no visit has. */
export const sessionId = ({ doctorId, typeId, start, end }: SessionPlace): string =>
  [PREFIX, doctorId, typeId, start, end].join('/')

/** The place such a name stands for; undefined for any other text. */
export function placeOfSession(id: string): SessionPlace | undefined {
  const [prefix, doctorId, typeId, start, end] = id.split('/')
  if (prefix !== PREFIX) return undefined
  return {
    doctorId: doctorId as DoctorId,
    typeId: typeId as AppointmentTypeId,
    start: Number(start),
    end: Number(end),
  }
}

type Seated = SessionPlace & Pick<Appointment, 'status'>

/** The sessions among some visits, those who were called off left out, in the order of their first visit. */
export function sessionsAmong<Visit extends Seated>(
  visits: readonly Visit[],
  capacityOf: (typeId: AppointmentTypeId) => number,
): readonly GroupSession<Visit>[] {
  const seated = visits.filter(({ status, typeId }) => holdsTime(status) && isGroup(capacityOf(typeId)))
  return [...Map.groupBy(seated, sessionId)].flatMap(([id, members]) => {
    const [first] = members
    if (!first) return []
    const { doctorId, typeId, start, end } = first
    const seats = { taken: members.length, capacity: capacityOf(typeId) }
    return [{ id, doctorId, typeId, start, end, ...seats, visits: members }]
  })
}
