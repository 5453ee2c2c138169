/** A dated change of a doctor's hours, for every door: stored, and its author told which booked visits it leaves outside. */
import { can, type Subject } from '#domain/access/can.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection, RejectionReason } from '#domain/sync/rejection-reasons.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { zoneOf } from './booking-references.ts'
import { noteStrandedVisits } from './note-stranded-visits.ts'
import { saveDocument } from './save-document.ts'
import type { WriteContext } from './write-context.ts'

type Schedule = WireDocument<'schedules'>

export type ScheduleAnswer =
  | { readonly ok: true; readonly stored: Schedule }
  | { readonly ok: false; readonly rejection: Rejection }

/**
 * Adds, changes or (with `_deleted`) withdraws leave or extra hours. No booking is touched: from here on none can be made in
 * what was taken away, and those already there keep their time.
 *
 * Doctors keep their own hours, admins everybody's. A schedule is never handed from one doctor to another unseen.
 * @param current the document as read and locked in this transaction; null for a new one
 */
export async function changeSchedule(
  ctx: WriteContext,
  subject: Subject,
  current: Schedule | null,
  wanted: Schedule,
): Promise<ScheduleAnswer> {
  const { clinicId } = ctx
  const may = ({ doctorId }: Schedule) => can(subject, 'manage-schedules', { clinicId, doctorId })
  if (!may(wanted) || (current && !may(current))) return refuse('not-allowed')
  // A clinic's holiday changes with its closure, for every doctor at once.
  if (current?.closureId) return refuse('not-allowed', 'closureId')
  const changed = wanted._deleted ? wanted : await placed(ctx, current, wanted)
  if (!changed) return refuse('unknown-reference', 'doctorId')
  const stored = await saveDocument(ctx, 'schedules', current, changed)
  await noteStrandedVisits(ctx, subject, current, stored)
  return { ok: true, stored }
}

/** The document with its clinic and zone; undefined when its doctor cannot be found. */
async function placed(ctx: WriteContext, current: Schedule | null, wanted: Schedule): Promise<Schedule | undefined> {
  const { clinicId, tx } = ctx
  const doctor = await findDocument(tx, 'doctors', wanted.doctorId)
  if (!doctor || doctor._deleted || doctor.clinicId !== clinicId) return undefined
  const zone = current?.zone ?? (await zoneOf(ctx, doctor.locationId))
  return zone ? { ...wanted, clinicId, zone, closureId: null } : undefined
}

const refuse = (reason: RejectionReason, field?: string): ScheduleAnswer => ({
  ok: false,
  rejection: { reason, ...(field !== undefined && { field }) },
})
