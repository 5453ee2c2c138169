/** Patients and doctors as somebody may see them, with the time of their last change. */
import type { PatientId } from '#domain/ids.ts'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Sight } from './appointment-search.ts'
import { toDocument } from './document-rows.ts'

export type Seen<Person> = { readonly person: Person; readonly updatedAt: Instant }

/** What a search for a patient compares. Names and contacts are compared by the caller: engines fold letters differently. */
export type PatientKey = Pick<Patient, 'id' | 'name' | 'phone' | 'email'>
export type PatientCriteria = {
  readonly ids?: readonly PatientId[]
  readonly bornFrom?: LocalDay
  /** Included. */
  readonly bornUntil?: LocalDay
  readonly gender?: Patient['gender']
}

/** The patients one of the audiences sees that meet the criteria, in order of id. */
export async function listVisiblePatientKeys(
  tx: Tx,
  { clinicId, audiences }: Sight,
  { ids, bornFrom, bornUntil, gender }: PatientCriteria,
): Promise<PatientKey[]> {
  if (audiences.length === 0 || ids?.length === 0) return []
  let query = tx
    .selectFrom('patients')
    .select(['id', 'name', 'phone', 'email'])
    .where('clinic_id', '=', clinicId)
    .where('is_deleted', '=', 0)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('document_views as view')
          .select('view.document_id')
          .where('view.clinic_id', '=', clinicId)
          .where('view.collection', '=', 'patients')
          .where('view.audience', 'in', audiences)
          .whereRef('view.document_id', '=', 'patients.id')
          .where('view.visible', '=', 1),
      ),
    )
  if (ids) query = query.where('id', 'in', ids)
  if (bornFrom !== undefined) query = query.where('birth_date', '>=', bornFrom)
  if (bornUntil !== undefined) query = query.where('birth_date', '<=', bornUntil)
  if (gender !== undefined) query = query.where('gender', '=', gender)
  return query.orderBy('id').execute()
}

/** The patients of a list of ids, in order of id. The caller has found out that they may be seen. */
export async function listPatientsOfIds(tx: Tx, ids: readonly PatientId[]): Promise<Seen<Patient>[]> {
  if (ids.length === 0) return []
  const rows = await tx.selectFrom('patients').selectAll().where('id', 'in', ids).orderBy('id').execute()
  return rows.map((row) => ({ person: toDocument('patients', row), updatedAt: row.updated_at }))
}

/** Every doctor of a clinic, those who have left included, in the order of the board. Their fields are public in the clinic. */
export async function listAllDoctors(tx: Tx, { clinicId }: Pick<Sight, 'clinicId'>): Promise<Seen<Doctor>[]> {
  const rows = await tx
    .selectFrom('doctors')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('is_deleted', '=', 0)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ person: toDocument('doctors', row), updatedAt: row.updated_at }))
}
