/**
 * What a change of availability writes, worked out without writing: a preview and the change itself make the same plan, so that what
 * was shown is what is done.
 */
import { can, type Subject } from '#domain/access/can.ts'
import type { ClinicId, DoctorId, LocationId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import type { Closure } from '#domain/schedule/closure.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection, RejectionReason } from '#domain/sync/rejection-reasons.ts'
import { type LocalDay, localDayOf, type Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { findLocation, getClinic } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import type { NewId } from './new-id.ts'

type Written = 'schedule_templates' | 'schedules' | 'doctors'

/** One document as it is (null: there is none) and as it will be. */
export type PlannedWrite<Name extends Written = Written> = {
  readonly [Key in Name]: {
    readonly name: Key
    readonly before: WireDocument<Key> | null
    readonly after: WireDocument<Key>
  }
}[Name]

/** A closure that is new, back, or taken back. */
export type PlannedClosure = { readonly isNew: boolean; readonly isDeleted: boolean; readonly closure: Closure }

export type Plan = {
  readonly writes: readonly PlannedWrite[]
  readonly closures: readonly PlannedClosure[]
}

export type PlanAnswer =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly rejection: Rejection }

/** Where and when a plan is made. */
export type PlanContext = {
  readonly tx: Tx
  readonly clinicId: ClinicId
  readonly now: Instant
  readonly newId: NewId
}
/** The same with who asks. */
export type Planning = PlanContext & { readonly subject: Subject }

export const planned = (writes: readonly PlannedWrite[], closures: Plan['closures'] = []): PlanAnswer => ({
  ok: true,
  plan: { writes, closures },
})

export const unplanned = (reason: RejectionReason, field?: string): Extract<PlanAnswer, { ok: false }> => ({
  ok: false,
  rejection: { reason, ...(field !== undefined && { field }) },
})

/** A doctor whose hours the subject keeps, or why not. */
export async function doctorToPlan(
  { tx, subject, clinicId }: Planning,
  id: DoctorId,
): Promise<{ readonly ok: true; readonly doctor: WireDocument<'doctors'> } | Extract<PlanAnswer, { ok: false }>> {
  const doctor = await findDocument(tx, 'doctors', id)
  if (!doctor || doctor._deleted || doctor.clinicId !== clinicId) return unplanned('unknown-reference', 'doctorId')
  if (!can(subject, 'manage-schedules', { clinicId, doctorId: id })) return unplanned('not-allowed', 'doctorId')
  return { ok: true, doctor }
}

/** The zone in which a doctor's hours are written: that of the place, else the clinic's. */
export async function zoneOfPlace({ tx, clinicId }: PlanContext, place: LocationId | null): Promise<Zone> {
  const location = place === null ? undefined : await findLocation(tx, place)
  return location?.zone ?? (await getClinic(tx, clinicId)).zone
}

/** Today at a doctor's place. */
export const todayAt = (planning: PlanContext, zone: Zone): LocalDay => localDayOf(planning.now, zone)

export const isWhereDoctorIs = ({ locationId }: Pick<Doctor, 'locationId'>, place: LocationId | null): boolean =>
  place === null || locationId === place
