/** `likely_duplicates`: pairs of patients that may be one person, until somebody has looked. */
import type { ClinicId, PatientId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { insertIgnore, type Tx } from '#server/database/dialect.ts'

type Pair = { readonly clinicId: ClinicId; readonly patientId: PatientId; readonly otherId: PatientId }

/** More people born on one day than this are no help to anybody who compares names. */
const MOST_BORN_ON_A_DAY = 500
const MOST_LISTED = 200

export async function listPatientsBornOn(
  tx: Tx,
  clinicId: ClinicId,
  birthDate: string,
): Promise<{ readonly id: PatientId; readonly name: string }[]> {
  return tx
    .selectFrom('patients')
    .select(['id', 'name'])
    .where('clinic_id', '=', clinicId)
    .where('birth_date', '=', birthDate)
    .where('is_deleted', '=', 0)
    .limit(MOST_BORN_ON_A_DAY)
    .execute()
}

export async function insertLikelyDuplicate(tx: Tx, pair: Pair, now: Instant): Promise<void> {
  await insertIgnore(tx, 'likely_duplicates', {
    clinic_id: pair.clinicId,
    patient_id: pair.patientId,
    other_id: pair.otherId,
    created_at: now,
    settled_at: null,
    settled_by: null,
  })
}

/** The pairs nobody has settled yet, the oldest first; those of deleted patients are left out. */
export async function listLikelyDuplicates(tx: Tx, clinicId: ClinicId) {
  return tx
    .selectFrom('likely_duplicates as pair')
    .innerJoin('patients as one', 'one.id', 'pair.patient_id')
    .innerJoin('patients as other', 'other.id', 'pair.other_id')
    .select([
      'pair.patient_id as patientId',
      'one.name as patientName',
      'pair.other_id as otherId',
      'other.name as otherName',
      'one.birth_date as birthDate',
      'pair.created_at as createdAt',
    ])
    .where('pair.clinic_id', '=', clinicId)
    .where('pair.settled_at', 'is', null)
    .where('one.is_deleted', '=', 0)
    .where('other.is_deleted', '=', 0)
    .orderBy('pair.created_at')
    .orderBy('pair.patient_id')
    .limit(MOST_LISTED)
    .execute()
}

/** @returns false when the clinic has no such open pair. */
export async function settleLikelyDuplicate(tx: Tx, pair: Pair, by: UserId, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('likely_duplicates')
    .set({ settled_at: now, settled_by: by })
    .where('clinic_id', '=', pair.clinicId)
    .where('patient_id', '=', pair.patientId)
    .where('other_id', '=', pair.otherId)
    .where('settled_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
