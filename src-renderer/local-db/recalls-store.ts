/** Orders to see a patient again, written to the local database first; replication carries them to the desk. */
import { can } from '#domain/access/can.ts'
import type { AppointmentTypeId, DoctorId, PatientId, WaitlistEntryId } from '#domain/ids.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { recallWeek } from '#domain/waitlist/recall.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { type Desk, newId, subjectOf } from './desk.ts'
import { type LocalRefusal, refuse } from './place-check.ts'

export type LocalRecallWrite = { readonly ok: true; readonly entry: WaitlistEntry } | LocalRefusal

export type RecallWish = {
  readonly patientId: PatientId
  readonly doctorId: DoctorId
  readonly typeId: AppointmentTypeId
  readonly weeks: number
  readonly note: string
}

/** A doctor wants to see the patient again in so many weeks. */
export async function orderRecallLocally(desk: Desk, wish: RecallWish): Promise<LocalRecallWrite> {
  const { database, user, now } = desk
  const { patientId, doctorId, typeId, weeks, note } = wish
  const scope = { clinicId: user.clinic.id, patientId, doctorId }
  if (!can(subjectOf(user), 'manage-waitlist', scope)) return refuse('not-allowed')
  const at = now()
  const entry: WaitlistEntry = {
    id: newId<'WaitlistEntry'>(at),
    clinicId: user.clinic.id,
    patientId,
    typeId,
    doctorIds: [doctorId],
    specialization: '',
    kind: 'recall',
    weekdays: [],
    fromTime: null,
    untilTime: null,
    ...recallWeek(localDayOf(at, user.clinic.zone), weeks),
    note: note.trim(),
    status: 'waiting',
    appointmentId: null,
    createdBy: user.id,
    createdAt: at,
    updatedAt: at,
    revision: 0,
  }
  await database.waitlist_entries.insert(entry)
  return { ok: true, entry }
}

/** The order stands no more; it stays on record. `isWithdrawn` false puts it back. */
export async function withdrawRecallLocally(
  desk: Desk,
  id: WaitlistEntryId,
  isWithdrawn = true,
): Promise<LocalRecallWrite> {
  const document = await desk.database.waitlist_entries.findOne(id).exec()
  if (!document) return refuse('not-found')
  const written = await document.incrementalModify((current) => ({
    ...current,
    status: isWithdrawn ? 'withdrawn' : 'waiting',
    updatedAt: desk.now(),
  }))
  return { ok: true, entry: written.toJSON() as WaitlistEntry }
}
