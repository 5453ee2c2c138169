import { can, type Subject } from '#domain/access/can.ts'
import type { Call } from '#domain/api/series-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Database } from '#server/database/database.ts'
import { listExpectedOfDay } from '#server/repositories/appointment-series.ts'
import { findDocument } from '#server/repositories/documents.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import { callsFor } from './change-doctor-day.ts'

type Deps = { readonly database: Database; readonly audit: NoteAccess }

/** Whom to call about what is still to come of a doctor's day, on the audit log before it returns; undefined without such a doctor. */
export async function listCalls(
  { database, audit }: Deps,
  subject: Subject,
  doctorId: DoctorId,
  day: LocalDay,
): Promise<Call[] | undefined> {
  const calls = await database.read(async (tx) => {
    const doctor = await findDocument(tx, 'doctors', doctorId)
    if (!doctor || doctor._deleted || doctor.clinicId !== subject.clinicId) return undefined
    const visits = await listExpectedOfDay(tx, subject.clinicId, doctorId, day)
    const seen = visits.filter((visit) => can(subject, 'view-appointments', visit))
    return callsFor(tx, subject, seen)
  })
  if (!calls) return undefined
  const documentIds = calls.map(({ patientId }) => patientId)
  if (calls.length > 0) await audit({ ...byWhom(subject), action: 'read', collection: 'patients', documentIds })
  return calls
}
