/** A pushed change that passed every general check, applied by the rules of its collection. */
import { can, type Subject } from '#domain/access/can.ts'
import { type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import type { Rejection, RejectionReason } from '#domain/sync/rejection-reasons.ts'
import { applyAppointmentChange } from './apply-appointment-change.ts'
import { applyDayNote } from './apply-day-note.ts'
import { applyWaitlistEntry } from './apply-waitlist-entry.ts'
import { changeSchedule } from './change-schedule.ts'
import { readNotice } from './notifications/own-notices.ts'
import { saveDocument } from './save-document.ts'
import type { WriteContext } from './write-context.ts'

type Change<Name extends CollectionName> = {
  readonly ctx: WriteContext
  readonly subject: Subject
  /** Null for a new document. */
  readonly current: WireDocument<Name> | null
  readonly wanted: WireDocument<Name>
}
/** The document as it stands now, or why it stays as it was. */
export type Applied<Name extends CollectionName> =
  | { readonly ok: true; readonly stored: WireDocument<Name> }
  | { readonly ok: false; readonly rejection: Rejection }
type Rule<Name extends CollectionName> = (change: Change<Name>) => Promise<Applied<Name>>

const refuse = (reason: RejectionReason, field?: string) =>
  ({ ok: false, rejection: { reason, ...(field !== undefined && { field }) } }) as const

/** Stores the change, or says why not; after a refusal the caller rolls back. */
export async function applyChange<Name extends CollectionName>(
  ctx: WriteContext,
  subject: Subject,
  collection: Name,
  current: WireDocument<Name> | null,
  wanted: WireDocument<Name>,
): Promise<Applied<Name>> {
  if (definitionOf(collection).push === 'none') return readOnly()
  const applied = await RULES[collection]({ ctx, subject, current, wanted } as never)
  return applied as unknown as Applied<Name>
}

const readOnly = async () => refuse('read-only-collection')

const RULES: { readonly [Name in CollectionName]: Rule<Name> } = {
  appointments: applyAppointment,
  patients: applyPatient,
  schedules: applySchedule,
  waitlist_entries: ({ ctx, subject, current, wanted }) => applyWaitlistEntry(ctx, subject, current, wanted),
  day_notes: ({ ctx, subject, current, wanted }) => applyDayNote(ctx, subject, current, wanted),
  notifications: markNotice,
  rejected_changes: dismiss,
  allotments: readOnly,
  rooms: readOnly,
  doctors: readOnly,
  appointment_types: readOnly,
  schedule_templates: readOnly,
}

/** A visit is called off, never deleted: what was agreed stays on record. */
async function applyAppointment({ ctx, subject, current, wanted }: Change<'appointments'>) {
  if (wanted._deleted) return refuse('not-allowed', '_deleted')
  const { value } = await applyAppointmentChange(ctx, subject, { current, wanted, door: 'sync' })
  return value.ok ? ({ ok: true, stored: value.appointment } as const) : value
}

/** The desk adds and edits patients; nobody deletes one from a device. */
async function applyPatient({ ctx, subject, current, wanted }: Change<'patients'>): Promise<Applied<'patients'>> {
  if (wanted._deleted) return refuse('not-allowed', '_deleted')
  const row = { clinicId: ctx.clinicId, patientId: wanted.id }
  if (!can(subject, 'manage-patients', row)) return refuse('not-allowed')
  if (wanted.name.trim() === '') return refuse('invalid-document', 'name')
  const patient = { ...wanted, clinicId: ctx.clinicId, userId: current?.userId ?? null }
  return { ok: true, stored: await saveDocument(ctx, 'patients', current, patient) }
}

async function applySchedule({ ctx, subject, current, wanted }: Change<'schedules'>): Promise<Applied<'schedules'>> {
  return changeSchedule(ctx, subject, current, wanted)
}

/** Its reader says that it was read; all else about it is the server's. */
async function markNotice({ ctx, current, wanted }: Change<'notifications'>): Promise<Applied<'notifications'>> {
  if (!current) return readOnly()
  if (wanted._deleted) return refuse('not-allowed', '_deleted')
  return { ok: true, stored: await readNotice(ctx, current, wanted.readAt) }
}

/** The author takes a refusal out of the inbox; nothing else about it may be changed. */
async function dismiss({
  ctx,
  subject,
  current,
  wanted,
}: Change<'rejected_changes'>): Promise<Applied<'rejected_changes'>> {
  if (!current || !wanted._deleted || current.userId !== subject.userId) return readOnly()
  return { ok: true, stored: await saveDocument(ctx, 'rejected_changes', current, wanted) }
}
