/** `erasures` and `legal_holds`: whose data is gone, and whose must stay. */
import type { ClinicId, Id, PatientId, UserId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { type Tx, upsert } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type ErasureRow = Tables['erasures']
export type LegalHoldRow = Tables['legal_holds']

/** Notes an erasure; one that is done again after a restore counts from then. */
export async function noteErasure(tx: Tx, row: ErasureRow): Promise<void> {
  await upsert(tx, 'erasures', [row], { key: ['clinic_id', 'patient_id'], set: ['reason', 'erased_by', 'erased_at'] })
}

export async function listErasures(tx: Tx): Promise<ErasureRow[]> {
  return tx.selectFrom('erasures').selectAll().orderBy('erased_at').execute()
}

export async function listErasedPatientIds(tx: Tx, clinicId: ClinicId): Promise<PatientId[]> {
  const rows = await tx.selectFrom('erasures').select('patient_id').where('clinic_id', '=', clinicId).execute()
  return rows.map(({ patient_id }) => patient_id)
}

/** The holds that count on a day: neither lifted nor over. */
export async function listLiveHolds(
  tx: Tx,
  clinicId: ClinicId,
  patientId: PatientId,
  today: LocalDay,
): Promise<LegalHoldRow[]> {
  return tx
    .selectFrom('legal_holds')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('patient_id', '=', patientId)
    .where('lifted_at', 'is', null)
    .where((row) => row.or([row('until_day', 'is', null), row('until_day', '>=', today)]))
    .orderBy('set_at')
    .execute()
}

export async function insertLegalHold(tx: Tx, row: LegalHoldRow): Promise<void> {
  await tx.insertInto('legal_holds').values(row).execute()
}

/** @returns false when the patient has no such hold, or it was lifted before. */
export async function liftLegalHold(
  tx: Tx,
  hold: { readonly clinicId: ClinicId; readonly patientId: PatientId; readonly id: Id<'LegalHold'> },
  by: UserId,
  now: Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('legal_holds')
    .set({ lifted_at: now, lifted_by: by })
    .where('id', '=', hold.id)
    .where('clinic_id', '=', hold.clinicId)
    .where('patient_id', '=', hold.patientId)
    .where('lifted_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
