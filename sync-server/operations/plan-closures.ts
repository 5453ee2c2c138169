/**
 * Holidays of the clinic. There is one source of hours: a closure stands in the schedules of every doctor at its place, a row per
 * doctor and day under an id made of both, so that hours, free times, impact and offline checks need no second look.
 */
import { can } from '#domain/access/can.ts'
import type { ChangeOf, ClosureEntry } from '#domain/api/availability-api.ts'
import type { ClinicId, LocationId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import type { Closure } from '#domain/schedule/closure.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { type LocalDay, laterDay } from '#domain/time/clinic-time.ts'
import { findLocation } from '#server/repositories/clinic-rows.ts'
import { findClosure, listClosures, listSchedulesOfClosure } from '#server/repositories/closures.ts'
import { listActiveDoctors } from '#server/repositories/people.ts'
import {
  isWhereDoctorIs,
  type PlanAnswer,
  type PlanContext,
  type PlannedClosure,
  type PlannedWrite,
  type Planning,
  planned,
  todayAt,
  unplanned,
  zoneOfPlace,
} from './availability-plan.ts'
import { hashedId } from './hashed-id.ts'
import { daysFrom, refuseDays, writesOf } from './plan-dated-hours.ts'

/** Closes the clinic, or one of its places, on some days. The same entry asked for again is there already. */
export async function planClosures(planning: Planning, change: ChangeOf<'close'>): Promise<PlanAnswer> {
  const { tx, subject, clinicId } = planning
  if (!can(subject, 'manage-clinic', { clinicId })) return unplanned('not-allowed')
  const { locationId, entries } = change
  if (locationId !== null && (await findLocation(tx, locationId))?.clinicId !== clinicId) {
    return unplanned('unknown-reference', 'locationId')
  }
  const refusal = await refuseEntries(planning, entries, locationId)
  if (refusal) return refusal
  const doctors = (await listActiveDoctors(tx, clinicId)).filter((doctor) => isWhereDoctorIs(doctor, locationId))
  const closures = new Map<string, PlannedClosure>()
  const writes = new Map<string, PlannedWrite>()
  for (const entry of entries) {
    const wanted = toClosure(clinicId, locationId, entry)
    const before = await findClosure(tx, clinicId, wanted.id)
    if (!before || before.isDeleted) {
      const closure = { ...wanted, revision: (before?.revision ?? 0) + 1 }
      closures.set(wanted.id, { closure, isNew: !before, isDeleted: false })
    }
    for (const doctor of doctors) {
      for (const write of await closedDays(planning, wanted, doctor, wanted.fromDay)) writes.set(write.after.id, write)
    }
  }
  return planned([...writes.values()], [...closures.values()])
}

/** Opens the clinic again: the closure and the days it closed from today on are taken back. */
export async function planReopening(planning: Planning, { closureId }: ChangeOf<'reopen'>): Promise<PlanAnswer> {
  const { tx, subject, clinicId } = planning
  if (!can(subject, 'manage-clinic', { clinicId })) return unplanned('not-allowed')
  const before = await findClosure(tx, clinicId, closureId)
  if (!before || before.isDeleted) return unplanned('not-found', 'closureId')
  const today = todayAt(planning, await zoneOfPlace(planning, before.locationId))
  const schedules = await listSchedulesOfClosure(tx, clinicId, closureId, today)
  const closure = { ...before, revision: before.revision + 1 }
  return planned(schedules.map(withdrawn), [{ closure, isNew: false, isDeleted: true }])
}

/**
 * What a doctor's schedules lack or hold too much of the closures still to come: asked when a doctor is new, comes back, or works
 * at another place from now on.
 */
export async function planClosuresOf(
  context: PlanContext,
  doctor: Doctor,
): Promise<readonly PlannedWrite<'schedules'>[]> {
  const today = todayAt(context, await zoneOfPlace(context, doctor.locationId))
  const writes: PlannedWrite<'schedules'>[] = []
  for (const closure of await listClosures(context.tx, context.clinicId, today)) {
    if (isWhereDoctorIs(doctor, closure.locationId)) writes.push(...(await closedDays(context, closure, doctor, today)))
    else writes.push(...(await daysClosedFor(context, closure, doctor, today)).map(withdrawn))
  }
  return writes
}

const withdrawn = (before: WireDocument<'schedules'>): PlannedWrite<'schedules'> => ({
  name: 'schedules',
  before,
  after: { ...before, _deleted: true },
})

async function refuseEntries(planning: Planning, entries: readonly ClosureEntry[], place: LocationId | null) {
  const today = todayAt(planning, await zoneOfPlace(planning, place))
  for (const [index, { from, to = from, startTime, endTime }] of entries.entries()) {
    const refusal = refuseDays(from, to)
    if (refusal) return unplanned(refusal.rejection.reason, `entries.${index}.${refusal.rejection.field}`)
    if (to < today) return unplanned('in-the-past', `entries.${index}.to`)
    if ((startTime === undefined) !== (endTime === undefined)) {
      return unplanned('invalid-document', `entries.${index}.endTime`)
    }
  }
  return undefined
}

/** The same holiday has the same id whoever enters it again, so that importing a list twice adds nothing. */
function toClosure(clinicId: ClinicId, locationId: LocationId | null, entry: ClosureEntry): Closure {
  const { name, from: fromDay, to: untilDay = fromDay, startTime = null, endTime = null } = entry
  const parts = [clinicId, locationId ?? '', name, fromDay, untilDay, startTime ?? '', endTime ?? '']
  const id = hashedId<'Closure'>(parts)
  return { id, clinicId, locationId, name, fromDay, untilDay, startTime, endTime, revision: 1 }
}

async function closedDays(context: PlanContext, closure: Closure, doctor: Doctor, from: LocalDay) {
  const zone = await zoneOfPlace(context, doctor.locationId)
  const wanted = daysFrom(laterDay(from, closure.fromDay), closure.untilDay).map((date) => ({
    id: hashedId<'Schedule'>([closure.id, doctor.id, date]),
    doctorId: doctor.id,
    date,
    startTime: closure.startTime ?? '00:00',
    endTime: closure.endTime ?? '00:00',
    zone,
    isAvailable: false,
    note: closure.name,
    closureId: closure.id,
  }))
  return writesOf(context, wanted)
}

const daysClosedFor = async ({ tx, clinicId }: PlanContext, { id }: Closure, doctor: Doctor, from: LocalDay) =>
  (await listSchedulesOfClosure(tx, clinicId, id, from)).filter(({ doctorId }) => doctorId === doctor.id)
