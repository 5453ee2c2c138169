/** One patient with everything by which their data is found; shared by the export and the erasure. */
import type { ClinicId, PatientId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Tx } from '#server/database/database.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listDocumentsOfPatient } from '#server/repositories/patient-documents.ts'
import { listRejectedAbout, type Person } from '#server/repositories/personal-data.ts'

export type FoundPerson = Person & { readonly patient: WireDocument<'patients'> }

/** The patient of this clinic, or undefined when there is none, or no longer. */
export async function findPerson(tx: Tx, clinicId: ClinicId, patientId: PatientId): Promise<FoundPerson | undefined> {
  const patient = await findDocument(tx, 'patients', patientId)
  if (!patient || patient._deleted || patient.clinicId !== clinicId) return undefined
  const documentIds = await listDocumentsOfPatient(tx, clinicId, patientId)
  const rejected = await listRejectedAbout(tx, clinicId, patientId, documentIds)
  return {
    clinicId,
    patientId,
    userId: patient.userId,
    documentIds,
    rejectedIds: rejected.map(({ id }) => id),
    patient,
  }
}
