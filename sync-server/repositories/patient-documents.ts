/** The ids of everything that is about one patient: what the audit, an export and an erasure look for. */
import type { ClinicId, PatientId } from '#domain/ids.ts'
import type { Tx } from '#server/database/dialect.ts'

/** The patient, their appointments and waitlist entries, deleted ones included, and changes of these that were refused. */
export async function listDocumentsOfPatient(tx: Tx, clinicId: ClinicId, patientId: PatientId): Promise<string[]> {
  const own: string[] = [patientId]
  for (const table of ['appointments', 'waitlist_entries'] as const) {
    const rows = await tx
      .selectFrom(table)
      .select('id')
      .where('clinic_id', '=', clinicId)
      .where('patient_id', '=', patientId)
      .execute()
    own.push(...rows.map(({ id }) => id))
  }
  return own
}
