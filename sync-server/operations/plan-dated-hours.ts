/** Dated changes: leave over some days, extra hours, either of them taken back, and a doctor who can be booked no more. */
import { can } from '#domain/access/can.ts'
import type { ChangeOf } from '#domain/api/availability-api.ts'
import type { ScheduleId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { addDays, daysBetween, isLocalDay, type LocalDay } from '#domain/time/clinic-time.ts'
import { findDocument, findDocuments } from '#server/repositories/documents.ts'
import {
  doctorToPlan,
  type PlanAnswer,
  type PlanContext,
  type PlannedWrite,
  type Planning,
  planned,
  todayAt,
  unplanned,
  zoneOfPlace,
} from './availability-plan.ts'
import { hashedId } from './hashed-id.ts'

type Schedule = WireDocument<'schedules'>

/** A year and a day of the next one. */
export const MOST_LEAVE_DAYS = 367

/** Leave: one schedule for each day, under an id of its own, so that the same leave asked for twice is there once. */
export async function planLeave(planning: Planning, change: ChangeOf<'leave'>): Promise<PlanAnswer> {
  const { doctorId, from, to, startTime = '00:00', endTime = '00:00', note = '' } = change
  const found = await doctorToPlan(planning, doctorId)
  if (!found.ok) return found
  const zone = await zoneOfPlace(planning, found.doctor.locationId)
  const refusal = refuseDays(from, to) ?? (to < todayAt(planning, zone) ? unplanned('in-the-past', 'to') : undefined)
  if (refusal) return refusal
  const wanted = daysFrom(from, to).map((date) => ({
    id: hashedId<'Schedule'>([planning.clinicId, 'leave', doctorId, date, startTime, endTime]),
    date,
    note,
    isAvailable: false,
  }))
  const common = { doctorId, startTime, endTime, zone, closureId: null }
  return planned(
    await writesOf(
      planning,
      wanted.map((each) => ({ ...common, ...each })),
    ),
  )
}

/** Extra hours on one day. */
export async function planExtraHours(planning: Planning, change: ChangeOf<'extra-hours'>): Promise<PlanAnswer> {
  const { doctorId, date, startTime, endTime, note = '' } = change
  const found = await doctorToPlan(planning, doctorId)
  if (!found.ok) return found
  if (!isLocalDay(date)) return unplanned('invalid-document', 'date')
  const zone = await zoneOfPlace(planning, found.doctor.locationId)
  if (date < todayAt(planning, zone)) return unplanned('in-the-past', 'date')
  const id = hashedId<'Schedule'>([planning.clinicId, 'extra', doctorId, date, startTime, endTime])
  const extra = { id, doctorId, date, startTime, endTime, zone, note, isAvailable: true, closureId: null }
  return planned(await writesOf(planning, [extra]))
}

/** Takes dated hours back; those of a closure go with the closure alone. */
export async function planWithdrawal(planning: Planning, { scheduleIds }: ChangeOf<'withdraw'>): Promise<PlanAnswer> {
  const { tx, subject, clinicId } = planning
  const schedules = await findDocuments(tx, 'schedules', [...new Set(scheduleIds)])
  const own = schedules.filter((schedule) => schedule.clinicId === clinicId && !schedule._deleted)
  if (own.length !== new Set(scheduleIds).size) return unplanned('not-found', 'scheduleIds')
  if (!own.every(({ doctorId }) => can(subject, 'manage-schedules', { clinicId, doctorId }))) {
    return unplanned('not-allowed', 'scheduleIds')
  }
  if (own.some(({ closureId }) => closureId !== null)) return unplanned('not-allowed', 'scheduleIds')
  return planned(own.map((before) => ({ name: 'schedules', before, after: { ...before, _deleted: true } })))
}

/** A doctor who leaves: nobody can be booked with them, and who is booked becomes a worklist. */
export async function planDeactivation(planning: Planning, change: ChangeOf<'deactivate-doctor'>): Promise<PlanAnswer> {
  const { tx, subject, clinicId } = planning
  const before = await findDocument(tx, 'doctors', change.doctorId)
  if (!before || before._deleted || before.clinicId !== clinicId) return unplanned('unknown-reference', 'doctorId')
  if (!can(subject, 'manage-doctors', { clinicId, doctorId: before.id })) return unplanned('not-allowed', 'doctorId')
  return planned(before.isActive ? [{ name: 'doctors', before, after: { ...before, isActive: false } }] : [])
}

/** The days from the first to the last. */
export const daysFrom = (from: LocalDay, to: LocalDay): LocalDay[] =>
  Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index))

export function refuseDays(from: LocalDay, to: LocalDay): Extract<PlanAnswer, { ok: false }> | undefined {
  if (!isLocalDay(from)) return unplanned('invalid-document', 'from')
  if (!isLocalDay(to)) return unplanned('invalid-document', 'to')
  if (to < from) return unplanned('end-before-start', 'to')
  return daysBetween(from, to) >= MOST_LEAVE_DAYS ? unplanned('invalid-document', 'to') : undefined
}

type Wanted = Omit<Schedule, 'clinicId' | 'revision' | '_deleted'> & { readonly id: ScheduleId }

/** What has to be written so that these schedules are there: nothing for those that are there as they should be. */
export async function writesOf(
  { tx, clinicId }: PlanContext,
  wanted: readonly Wanted[],
): Promise<PlannedWrite<'schedules'>[]> {
  const stored = await findDocuments(
    tx,
    'schedules',
    wanted.map(({ id }) => id),
  )
  const known = new Map(stored.map((schedule) => [schedule.id, schedule]))
  return wanted.flatMap((each) => {
    const before = known.get(each.id) ?? null
    if (before && !before._deleted && before.note === each.note && before.zone === each.zone) return []
    return [
      { name: 'schedules', before, after: { ...each, clinicId, revision: before?.revision ?? 0, _deleted: false } },
    ]
  })
}
