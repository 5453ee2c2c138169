import { can, type Subject } from '#domain/access/can.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { typesOf } from '#server/operations/booking-references.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import { listEquipment } from '#server/repositories/resources.ts'
import type { Written } from './written.ts'

type Type = WireDocument<'appointment_types'>

/** Adds or changes a type of appointment. Its code is its own among the types of the clinic. */
export async function changeAppointmentType(
  ctx: WriteContext,
  subject: Subject,
  current: Type | null,
  wanted: Type,
): Promise<Written<'appointment_types'>> {
  const { clinicId } = ctx
  if (!can(subject, 'manage-appointment-types', { clinicId })) return refuse('not-allowed')
  for (const field of ['code', 'name'] as const) {
    if (wanted[field].trim() === '') return refuse('invalid-document', field)
  }
  const isTaken = [...(await typesOf(ctx)).values()].some(
    ({ id, code, _deleted }) => !_deleted && id !== wanted.id && code === wanted.code,
  )
  if (isTaken) return refuse('already-exists', 'code')
  if (!(await areOwn(ctx, 'doctors', wanted.doctorIds))) return refuse('unknown-reference', 'doctorIds')
  if (!(await areOwn(ctx, 'rooms', wanted.roomIds))) return refuse('unknown-reference', 'roomIds')
  const equipment = new Set((await listEquipment(ctx.tx, clinicId)).map(({ id }) => id))
  if (!wanted.equipmentIds.every((id) => equipment.has(id))) return refuse('unknown-reference', 'equipmentIds')
  return { ok: true, stored: await saveDocument(ctx, 'appointment_types', current, { ...wanted, clinicId }) }
}

/** True when every id names a document of this clinic. */
async function areOwn(
  { tx, clinicId }: WriteContext,
  name: 'doctors' | 'rooms',
  ids: readonly string[],
): Promise<boolean> {
  const own = (await findDocuments<'doctors' | 'rooms'>(tx, name, ids)).filter(
    (each) => each.clinicId === clinicId && !each._deleted,
  )
  return new Set(own.map(({ id }) => id as string)).size === new Set(ids).size
}

const refuse = (
  reason: 'not-allowed' | 'invalid-document' | 'already-exists' | 'unknown-reference',
  field?: string,
): Written<'appointment_types'> => ({ ok: false, rejection: { reason, ...(field !== undefined && { field }) } })
