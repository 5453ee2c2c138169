import { can, type Subject } from '#domain/access/can.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { zoneOf } from '#server/operations/booking-references.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { findDocument } from '#server/repositories/documents.ts'
import type { Written } from './written.ts'

type Template = WireDocument<'schedule_templates'>

/**
 * Adds, changes or (with `_deleted`) withdraws a weekly range. Doctors keep their own, admins everybody's. Its zone is that of
 * the doctor's place when it is made, and stays: hours are promised in it.
 */
export async function changeScheduleTemplate(
  ctx: WriteContext,
  subject: Subject,
  current: Template | null,
  wanted: Template,
): Promise<Written<'schedule_templates'>> {
  const { clinicId } = ctx
  const may = ({ doctorId }: Template) => can(subject, 'manage-schedules', { clinicId, doctorId })
  if (!may(wanted) || (current && !may(current))) return refuse('not-allowed')
  if (wanted._deleted) return { ok: true, stored: await saveDocument(ctx, 'schedule_templates', current, wanted) }
  if (wanted.validUntil !== null && wanted.validUntil < wanted.validFrom)
    return refuse('end-before-start', 'validUntil')
  const doctor = await findDocument(ctx.tx, 'doctors', wanted.doctorId)
  if (!doctor || doctor._deleted || doctor.clinicId !== clinicId) return refuse('unknown-reference', 'doctorId')
  const zone = current?.zone ?? (await zoneOf(ctx, doctor.locationId))
  if (!zone) return refuse('unknown-reference', 'doctorId')
  return { ok: true, stored: await saveDocument(ctx, 'schedule_templates', current, { ...wanted, clinicId, zone }) }
}

const refuse = (
  reason: 'not-allowed' | 'end-before-start' | 'unknown-reference',
  field?: string,
): Written<'schedule_templates'> => ({ ok: false, rejection: { reason, ...(field !== undefined && { field }) } })
