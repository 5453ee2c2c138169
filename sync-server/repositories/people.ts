/** Doctors and types of a clinic, as bookings and offers need them. */
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { ClinicId, DoctorId, UserId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import type { Tx } from '#server/database/dialect.ts'
import { toDocument } from './document-rows.ts'

/** The doctors who can be booked, in the order of the board. */
export async function listActiveDoctors(tx: Tx, clinicId: ClinicId): Promise<Doctor[]> {
  const rows = await tx
    .selectFrom('doctors')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('is_active', '=', 1)
    .where('is_deleted', '=', 0)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map((row) => toDocument('doctors', row))
}

/** Every type the clinic has ever had: appointments keep theirs when it is deleted. */
export async function listAllTypes(tx: Tx, clinicId: ClinicId): Promise<(AppointmentType & { _deleted: boolean })[]> {
  const rows = await tx.selectFrom('appointment_types').selectAll().where('clinic_id', '=', clinicId).execute()
  return rows.map((row) => toDocument('appointment_types', row))
}

/** True when the account has a role or a right of its own in the clinic. */
export async function isMember(tx: Tx, clinicId: ClinicId, userId: UserId): Promise<boolean> {
  for (const table of ['model_has_roles', 'model_has_permissions'] as const) {
    const row = await tx
      .selectFrom(table)
      .select('model_id')
      .where('clinic_id', '=', clinicId)
      .where('model_type', '=', 'user')
      .where('model_id', '=', userId)
      .limit(1)
      .executeTakeFirst()
    if (row) return true
  }
  return false
}

/** The doctor of the clinic whom an account belongs to. */
export async function findDoctorOfUser(tx: Tx, clinicId: ClinicId, userId: UserId): Promise<DoctorId | undefined> {
  const row = await tx
    .selectFrom('doctors')
    .select('id')
    .where('user_id', '=', userId)
    .where('clinic_id', '=', clinicId)
    .where('is_deleted', '=', 0)
    .executeTakeFirst()
  return row?.id
}
