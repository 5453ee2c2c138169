/** A pushed change that passed every general check, applied by the rules of its collection. */
import { can, type Subject } from '#domain/access/can.ts'
import { type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { applyAppointmentChange } from './apply-appointment-change.ts'
import { zoneOf } from './booking-references.ts'
import { saveDocument } from './save-document.ts'
import type { WriteContext } from './write-context.ts'

type Change<Name extends CollectionName> = {
  readonly ctx: WriteContext
  readonly subject: Subject
  /** Null for a new document. */
  readonly current: WireDocument<Name> | null
  readonly wanted: WireDocument<Name>
}
type Rule<Name extends CollectionName> = (change: Change<Name>) => Promise<Rejection | undefined>

/** Stores the change, or says why not; after a refusal the caller rolls back. */
export async function applyChange<Name extends CollectionName>(
  ctx: WriteContext,
  subject: Subject,
  collection: Name,
  current: WireDocument<Name> | null,
  wanted: WireDocument<Name>,
): Promise<Rejection | undefined> {
  if (definitionOf(collection).push === 'none') return { reason: 'read-only-collection' }
  return RULES[collection]({ ctx, subject, current, wanted } as never)
}

const readOnly = async (): Promise<Rejection> => ({ reason: 'read-only-collection' })

const RULES: { readonly [Name in CollectionName]: Rule<Name> } = {
  appointments: applyAppointment,
  patients: applyPatient,
  schedules: applySchedule,
  rejected_changes: dismiss,
  doctors: readOnly,
  appointment_types: readOnly,
  schedule_templates: readOnly,
}

/** A visit is called off, never deleted: what was agreed stays on record. */
async function applyAppointment({ ctx, subject, current, wanted }: Change<'appointments'>) {
  if (wanted._deleted) return { reason: 'not-allowed', field: '_deleted' } as const
  const { value } = await applyAppointmentChange(ctx, subject, { current, wanted, door: 'sync' })
  return value.ok ? undefined : value.rejection
}

/** The desk adds and edits patients; nobody deletes one from a device. */
async function applyPatient({ ctx, subject, current, wanted }: Change<'patients'>): Promise<Rejection | undefined> {
  if (wanted._deleted) return { reason: 'not-allowed', field: '_deleted' }
  if (!can(subject, 'manage-patients', { clinicId: ctx.clinicId, patientId: wanted.id }))
    return { reason: 'not-allowed' }
  if (wanted.name.trim() === '') return { reason: 'invalid-document', field: 'name' }
  await saveDocument(ctx, 'patients', current, { ...wanted, clinicId: ctx.clinicId, userId: current?.userId ?? null })
  return undefined
}

/** Doctors keep their own hours, admins everybody's. A schedule is never handed from one doctor to another unseen. */
async function applySchedule({ ctx, subject, current, wanted }: Change<'schedules'>): Promise<Rejection | undefined> {
  const { clinicId } = ctx
  const may = ({ doctorId }: WireDocument<'schedules'>) => can(subject, 'manage-schedules', { clinicId, doctorId })
  if (!may(wanted) || (current && !may(current))) return { reason: 'not-allowed' }
  if (wanted._deleted) {
    await saveDocument(ctx, 'schedules', current, wanted)
    return undefined
  }
  const doctor = await findDocument(ctx.tx, 'doctors', wanted.doctorId)
  if (!doctor || doctor._deleted || doctor.clinicId !== clinicId)
    return { reason: 'unknown-reference', field: 'doctorId' }
  const zone = current?.zone ?? (await zoneOf(ctx, doctor.locationId))
  if (!zone) return { reason: 'unknown-reference', field: 'doctorId' }
  await saveDocument(ctx, 'schedules', current, { ...wanted, clinicId, zone })
  return undefined
}

/** The author takes a refusal out of the inbox; nothing else about it may be changed. */
async function dismiss({ ctx, subject, current, wanted }: Change<'rejected_changes'>): Promise<Rejection | undefined> {
  if (!current || !wanted._deleted || current.userId !== subject.userId) return { reason: 'read-only-collection' }
  await saveDocument(ctx, 'rejected_changes', current, wanted)
  return undefined
}
