/** Appointments by what other systems ask for, as somebody may see them: page by page in order of start. */
import type { Audience } from '#domain/access/audiences.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import type { InstantBounds } from '#domain/fhir/date-search.ts'
import type { AppointmentId, ClinicId, DoctorId, PatientId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import { toDocument } from './document-rows.ts'

/** Every condition that is given must hold; an empty list matches nothing. */
export type AppointmentCriteria = {
  readonly ids?: readonly AppointmentId[]
  readonly doctorIds?: readonly DoctorId[]
  readonly patientIds?: readonly PatientId[]
  readonly statuses?: readonly AppointmentStatus[]
  readonly start?: InstantBounds
  readonly updated?: InstantBounds
}
export type Sight = { readonly clinicId: ClinicId; readonly audiences: readonly Audience[] }
/** The last appointment of a page: the next page begins after it. */
export type AppointmentPlace = { readonly start: Instant; readonly id: AppointmentId }

/** How many appointments one of the audiences sees that meet the criteria. */
export async function countVisibleAppointments(tx: Tx, sight: Sight, criteria: AppointmentCriteria): Promise<number> {
  if (isImpossible(sight, criteria)) return 0
  const { count } = await matching(tx, sight, criteria)
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The next of them after a place, or from the beginning. */
export async function pageVisibleAppointments(
  tx: Tx,
  sight: Sight,
  criteria: AppointmentCriteria,
  page: { readonly limit: number; readonly after?: AppointmentPlace | undefined },
): Promise<WireDocument<'appointments'>[]> {
  if (isImpossible(sight, criteria) || page.limit === 0) return []
  const { after } = page
  let query = matching(tx, sight, criteria).selectAll()
  if (after) {
    query = query.where(({ or, and, eb }) =>
      or([eb('start_at', '>', after.start), and([eb('start_at', '=', after.start), eb('id', '>', after.id)])]),
    )
  }
  const rows = await query.orderBy('start_at').orderBy('id').limit(page.limit).execute()
  return rows.map((row) => toDocument('appointments', row))
}

/** An empty list is no list SQL would take. */
const isImpossible = ({ audiences }: Sight, { ids, doctorIds, patientIds, statuses }: AppointmentCriteria): boolean =>
  [audiences, ids, doctorIds, patientIds, statuses].some((list) => list?.length === 0)

function matching(tx: Tx, { clinicId, audiences }: Sight, criteria: AppointmentCriteria) {
  const { ids, doctorIds, patientIds, statuses, start, updated } = criteria
  let query = tx
    .selectFrom('appointments')
    .where('clinic_id', '=', clinicId)
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
  if (ids) query = query.where('id', 'in', ids)
  if (doctorIds) query = query.where('doctor_id', 'in', doctorIds)
  if (patientIds) query = query.where('patient_id', 'in', patientIds)
  if (statuses) query = query.where('status', 'in', statuses)
  if (start?.from !== undefined) query = query.where('start_at', '>=', start.from)
  if (start?.until !== undefined) query = query.where('start_at', '<', start.until)
  if (updated?.from !== undefined) query = query.where('updated_at', '>=', updated.from)
  if (updated?.until !== undefined) query = query.where('updated_at', '<', updated.until)
  return query
}
