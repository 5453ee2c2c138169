/**
 * Writes one replicated document with everything that follows from it: its count of writes, who sees it from now on, its
 * history, its audit row and its events. The rules that allow the change stand above, in the operations.
 */
import { type Audience, doctorAudience, userAudience } from '#domain/access/audiences.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import type { DoctorId, PatientId } from '#domain/ids.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import { type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import { eventsOfChange } from '#server/events/events-of-change.ts'
import { hasVisitWith, listAppointmentsOfPatient } from '#server/repositories/appointments.ts'
import { isVisibleTo, listVisibleAudiences } from '#server/repositories/document-views.ts'
import { findDocument, insertDocument, updateDocument } from '#server/repositories/documents.ts'
import { replaceResources } from '#server/repositories/resources.ts'
import { visitsCountSince } from './audiences-of-document.ts'
import { planClosuresOf } from './plan-closures.ts'
import { replicatedAudiences } from './replicated-audiences.ts'
import type { WriteContext } from './write-context.ts'
import { writeViews } from './write-views.ts'

type Appointment = WireDocument<'appointments'>

/**
 * Stores `after` in the place of `before` (null: a new document) and returns it as stored, with its new `revision` and
 * `updatedAt`. The caller has read `before` in this transaction and writes only what differs from it.
 * @throws the driver's duplicate-key error when a new document's id is taken, at the latest before COMMIT.
 */
export async function saveDocument<Name extends CollectionName>(
  ctx: WriteContext,
  name: Name,
  before: WireDocument<Name> | null,
  after: WireDocument<Name>,
): Promise<WireDocument<Name>> {
  const stored = stamped(ctx, name, before, after)
  if (before) await updateDocument(ctx.tx, name, stored, ctx.now)
  else await insertDocument(ctx, name, stored, ctx.now)
  if (name === 'appointments') ctx.noteVisit(stored as Appointment)
  if (REMEMBERED.has(name)) ctx.forget()

  const seenBefore = before ? await listVisibleAudiences(ctx.tx, name, stored.id) : []
  await writeViews(ctx, name, stored.id, seenBefore, await replicatedAudiences(ctx, name, stored))
  if (name === 'appointments') await afterAppointment(ctx, before as Appointment | null, stored as Appointment)
  if (name === 'doctors') await afterDoctor(ctx, before as WireDocument<'doctors'> | null, stored as never)
  if (name === 'patients') await afterPatient(ctx, before as WireDocument<'patients'> | null, stored as never)
  record(ctx, name, before, stored)
  return stored
}

/** What a clinic's writer keeps in memory between writes. */
const REMEMBERED: ReadonlySet<CollectionName> = new Set([
  'doctors',
  'patients',
  'appointment_types',
  'schedules',
  'schedule_templates',
  'rooms',
])

function stamped<Name extends CollectionName>(
  ctx: WriteContext,
  name: Name,
  before: WireDocument<Name> | null,
  after: WireDocument<Name>,
): WireDocument<Name> {
  const revision = (before?.revision ?? 0) + 1
  const hasUpdatedAt = 'updatedAt' in definitionOf(name).schema.properties
  const stamp = { revision, ...(hasUpdatedAt ? { updatedAt: ctx.now } : {}) }
  return Object.assign({}, after, stamp)
}

async function afterAppointment(ctx: WriteContext, before: Appointment | null, after: Appointment): Promise<void> {
  const { id, revision, patientId } = after
  ctx.addRevision({
    appointment_id: id,
    revision,
    clinic_id: ctx.clinicId,
    user_id: ctx.subject?.userId ?? null,
    door: ctx.door,
    at: ctx.now,
    content: canonicalText(after),
  })
  if ([before, after].some(usesResources)) await replaceResources(ctx.tx, after, isHeld(after))
  if (isVisit(ctx, after)) await showPatientTo(ctx, patientId, after.doctorId)
  const lostDoctor = before && isVisit(ctx, before) && !(isVisit(ctx, after) && before.doctorId === after.doctorId)
  if (lostDoctor) await hidePatientWithoutVisit(ctx, patientId, before.doctorId)
}

const usesResources = (visit: Appointment | null): boolean =>
  visit !== null && (visit.roomId !== null || visit.equipmentIds.length > 0)

const isHeld = ({ status, _deleted }: Appointment): boolean => !_deleted && holdsTime(status)

/** True when the appointment gives its doctor sight of the patient. */
const isVisit = (ctx: WriteContext, { status, end, _deleted }: Appointment): boolean =>
  !_deleted && status !== 'cancelled' && status !== 'unplaced' && end > visitsCountSince(ctx.now)

async function showPatientTo(ctx: WriteContext, patientId: PatientId, doctorId: DoctorId): Promise<void> {
  const audience = doctorAudience(doctorId)
  const view = { clinicId: ctx.clinicId, collection: 'patients', audience, documentId: patientId } as const
  const key = shownKey(patientId, doctorId)
  if (await ctx.recall(key, () => isVisibleTo(ctx.tx, view))) return
  await writeViews(ctx, 'patients', patientId, [], [audience])
  ctx.forget(key)
}

async function hidePatientWithoutVisit(ctx: WriteContext, patientId: PatientId, doctorId: DoctorId): Promise<void> {
  const { tx, clinicId, now } = ctx
  if (await hasVisitWith(tx, clinicId, { patientId, doctorId }, visitsCountSince(now))) return
  await writeViews(ctx, 'patients', patientId, [doctorAudience(doctorId)], [])
  ctx.forget(shownKey(patientId, doctorId))
}

/** Under which the writer remembers that a doctor sees a patient. */
const shownKey = (patientId: PatientId, doctorId: DoctorId): string => `shown/${patientId}/${doctorId}`

/** A patient who gets a log-in, or another one, sees their appointments from then on; whoever had it no longer does. */
async function afterPatient(
  ctx: WriteContext,
  before: WireDocument<'patients'> | null,
  after: WireDocument<'patients'>,
): Promise<void> {
  if (!before || before.userId === after.userId) return
  const changed = [before.userId, after.userId].filter((id) => id !== null).map(userAudience)
  const isChanged = (audience: Audience): boolean => changed.includes(audience)
  for (const appointment of await listAppointmentsOfPatient(ctx.tx, ctx.clinicId, after.id)) {
    const seenBefore = await listVisibleAudiences(ctx.tx, 'appointments', appointment.id)
    const seenNow = await replicatedAudiences(ctx, 'appointments', appointment)
    await writeViews(ctx, 'appointments', appointment.id, seenBefore.filter(isChanged), seenNow.filter(isChanged))
  }
}

/** A doctor who is new, comes back or works elsewhere from now on has the holidays of that place. */
async function afterDoctor(
  ctx: WriteContext,
  before: WireDocument<'doctors'> | null,
  after: WireDocument<'doctors'>,
): Promise<void> {
  const isSettled = before?.locationId === after.locationId && before.isActive === after.isActive
  if (isSettled || !after.isActive || after._deleted || ctx.door === 'seed') return
  for (const each of await planClosuresOf(ctx, after)) await saveDocument(ctx, 'schedules', each.before, each.after)
}

function record<Name extends CollectionName>(
  ctx: WriteContext,
  name: Name,
  before: WireDocument<Name> | null,
  after: WireDocument<Name>,
): void {
  // When somebody looked at what they were told is their own affair; what was sent to whom stands in the table itself.
  if (name === 'notifications') return
  const verb = after._deleted ? 'deleted' : before ? 'changed' : 'created'
  ctx.addAudit({
    userId: ctx.subject?.userId ?? null,
    action: verb,
    collection: name,
    documentIds: [after.id],
    detail: { door: ctx.door, revision: after.revision },
  })
  for (const event of eventsOfChange(name, before, after)) ctx.addEvent(event)
}

/** The document as it is now, locked; for operations that decide on it. */
export const lockDocument = <Name extends CollectionName>(ctx: WriteContext, name: Name, id: string) =>
  findDocument(ctx.tx, name, id, { forUpdate: true })
