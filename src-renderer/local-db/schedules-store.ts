/** Leave entered without the server: one dated schedule for each day, written here first and carried by replication. */
import { can } from '#domain/access/can.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { Schedule } from '#domain/schedule/schedule-schemas.ts'
import { addDays, daysBetween, type LocalDay, type LocalTime } from '#domain/time/clinic-time.ts'
import { type Desk, newId, subjectOf } from './desk.ts'
import { type LocalRefusal, refuse } from './place-check.ts'

export type LeaveWish = {
  readonly doctorId: DoctorId
  readonly from: LocalDay
  /** Included. */
  readonly to: LocalDay
  /** Both `00:00`: the whole day. */
  readonly startTime: LocalTime
  readonly endTime: LocalTime
  readonly note: string
}

/** Without the server a leave is a matter of days or weeks; a year is planned where its effect can be seen. */
const MOST_DAYS = 62

export async function takeLeaveLocally(
  desk: Desk,
  wish: LeaveWish,
): Promise<{ readonly ok: true; readonly count: number } | LocalRefusal> {
  const { database, user, now } = desk
  const { doctorId, from, to, startTime, endTime, note } = wish
  if (!can(subjectOf(user), 'manage-schedules', { clinicId: user.clinic.id, doctorId })) return refuse('not-allowed')
  if (to < from) return refuse('end-before-start', 'to')
  const count = daysBetween(from, to) + 1
  if (count > MOST_DAYS) return refuse('invalid-document', 'to')
  const schedules = Array.from(
    { length: count },
    (_, index): Schedule => ({
      id: newId<'Schedule'>(now()),
      clinicId: user.clinic.id,
      doctorId,
      date: addDays(from, index),
      startTime,
      endTime,
      zone: user.clinic.zone,
      isAvailable: false,
      closureId: null,
      note,
      revision: 0,
    }),
  )
  await database.schedules.bulkInsert(schedules)
  return { ok: true, count }
}
