/** Legal holds: while one counts, a patient's data may not be erased, however old it is and whoever asks. */
import { can, type Subject } from '#domain/access/can.ts'
import type { LegalHoldBody, LegalHoldView } from '#domain/api/privacy-api.ts'
import type { Id, PatientId } from '#domain/ids.ts'
import { isLocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { insertLegalHold, type LegalHoldRow, liftLegalHold, listLiveHolds } from '#server/repositories/erasures.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import type { NewId } from './new-id.ts'

export type HoldDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
}

export const toHoldView = ({ id, reason, set_by, set_at, until_day }: LegalHoldRow): LegalHoldView => ({
  id,
  reason,
  setBy: set_by,
  setAt: set_at,
  untilDay: until_day,
})

/** The holds that count today; undefined when there is no such patient, or the subject may not know. */
export async function listLegalHolds(
  { database, now, audit }: HoldDeps,
  subject: Subject,
  patientId: PatientId,
): Promise<LegalHoldView[] | undefined> {
  const holds = await database.read(async (tx) => {
    if (!(await mayHold(tx, subject, patientId))) return undefined
    const { zone } = await getClinic(tx, subject.clinicId)
    return listLiveHolds(tx, subject.clinicId, patientId, localDayOf(now(), zone))
  })
  if (holds) await audit({ ...byWhom(subject), action: 'read', collection: 'legal_holds', documentIds: [patientId] })
  return holds?.map(toHoldView)
}

export type SetHoldAnswer =
  | { readonly ok: true; readonly hold: LegalHoldView }
  | { readonly ok: false; readonly reason: 'not-found' }
  | { readonly ok: false; readonly reason: 'invalid-field'; readonly field: 'untilDay' }

export async function setLegalHold(
  { database, now, newId, audit }: HoldDeps,
  subject: Subject,
  patientId: PatientId,
  { reason, untilDay }: LegalHoldBody,
): Promise<SetHoldAnswer> {
  if (untilDay !== undefined && !isLocalDay(untilDay)) return { ok: false, reason: 'invalid-field', field: 'untilDay' }
  const row: LegalHoldRow = {
    id: newId(),
    clinic_id: subject.clinicId,
    patient_id: patientId,
    reason,
    set_by: subject.userId,
    set_at: now(),
    until_day: untilDay ?? null,
    lifted_at: null,
    lifted_by: null,
  }
  const isSet = await database.write(async (tx) => {
    if (!(await mayHold(tx, subject, patientId))) return false
    await insertLegalHold(tx, row)
    return true
  })
  if (!isSet) return { ok: false, reason: 'not-found' }
  await audit({ ...byWhom(subject), action: 'hold-set', collection: 'legal_holds', documentIds: [row.id, patientId] })
  return { ok: true, hold: toHoldView(row) }
}

/** @returns false when there is no such hold that counts, or the subject may not lift it */
export async function endLegalHold(
  { database, now, audit }: HoldDeps,
  subject: Subject,
  patientId: PatientId,
  id: Id<'LegalHold'>,
): Promise<boolean> {
  const { clinicId, userId } = subject
  const isLifted = await database.write(async (tx) => {
    if (!(await mayHold(tx, subject, patientId))) return false
    return liftLegalHold(tx, { clinicId, patientId, id }, userId, now())
  })
  if (isLifted) {
    await audit({ ...byWhom(subject), action: 'hold-lifted', collection: 'legal_holds', documentIds: [id, patientId] })
  }
  return isLifted
}

async function mayHold(tx: Tx, subject: Subject, patientId: PatientId): Promise<boolean> {
  const { clinicId } = subject
  if (!can(subject, 'manage-privacy', { clinicId })) return false
  const patient = await findDocument(tx, 'patients', patientId)
  return patient !== undefined && !patient._deleted && patient.clinicId === clinicId
}
