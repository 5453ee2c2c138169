/** Appointments as somebody may see them: the same rows that the person's replica would hold. */
import type { Audience } from '#domain/access/audiences.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { DayRange } from './appointments.ts'
import { toDocument } from './document-rows.ts'

/** The appointments of some days that one of the audiences sees, in order of start. */
export async function listVisibleAppointments(
  tx: Tx,
  { clinicId, from, until, doctorId, patientId }: DayRange,
  audiences: readonly Audience[],
): Promise<WireDocument<'appointments'>[]> {
  if (audiences.length === 0) return []
  let query = tx
    .selectFrom('appointments')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('local_day', '>=', from)
    .where('local_day', '<=', until)
    .where('is_deleted', '=', 0)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('document_views as view')
          .select('view.document_id')
          .where('view.clinic_id', '=', clinicId)
          .where('view.collection', '=', 'appointments')
          .where('view.audience', 'in', audiences)
          .whereRef('view.document_id', '=', 'appointments.id')
          .where('view.visible', '=', 1),
      ),
    )
  if (doctorId) query = query.where('doctor_id', '=', doctorId)
  if (patientId) query = query.where('patient_id', '=', patientId)
  const rows = await query.orderBy('start_at').orderBy('id').execute()
  return rows.map((row) => toDocument('appointments', row))
}
