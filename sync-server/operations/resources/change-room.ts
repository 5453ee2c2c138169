import { can, type Subject } from '#domain/access/can.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { zoneOf } from '#server/operations/booking-references.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import type { Written } from './written.ts'

type Room = WireDocument<'rooms'>

/** Adds or changes a room. Visits that lie in it already stay where they are. */
export async function changeRoom(
  ctx: WriteContext,
  subject: Subject,
  current: Room | null,
  wanted: Room,
): Promise<Written<'rooms'>> {
  const { clinicId } = ctx
  if (!can(subject, 'manage-rooms', { clinicId })) return refuse('not-allowed')
  if (wanted.name.trim() === '') return refuse('invalid-document', 'name')
  if (!(await zoneOf(ctx, wanted.locationId))) return refuse('unknown-reference', 'locationId')
  return { ok: true, stored: await saveDocument(ctx, 'rooms', current, { ...wanted, clinicId }) }
}

const refuse = (
  reason: 'not-allowed' | 'invalid-document' | 'unknown-reference',
  field?: string,
): Written<'rooms'> => ({ ok: false, rejection: { reason, ...(field !== undefined && { field }) } })
