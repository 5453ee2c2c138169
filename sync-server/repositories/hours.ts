/** Working hours as they are stored: weekly templates, and dated schedules that change them. */
import type { ClinicId, DoctorId } from '#domain/ids.ts'
import type { Schedule, ScheduleTemplate } from '#domain/schedule/schedule-schemas.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Tx } from '#server/database/dialect.ts'
import { toDocument } from './document-rows.ts'

/** The weekly ranges of some doctors. */
export async function listTemplates(
  tx: Tx,
  clinicId: ClinicId,
  doctorIds: readonly DoctorId[],
): Promise<ScheduleTemplate[]> {
  if (doctorIds.length === 0) return []
  const rows = await tx
    .selectFrom('schedule_templates')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('doctor_id', 'in', doctorIds)
    .where('is_deleted', '=', 0)
    .execute()
  return rows.map((row) => toDocument('schedule_templates', row))
}

/** The dated changes of some doctors' hours, both days included. */
export async function listSchedules(
  tx: Tx,
  clinicId: ClinicId,
  doctorIds: readonly DoctorId[],
  { from, until }: { readonly from: LocalDay; readonly until: LocalDay },
): Promise<Schedule[]> {
  if (doctorIds.length === 0) return []
  const rows = await tx
    .selectFrom('schedules')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('doctor_id', 'in', doctorIds)
    .where('date', '>=', from)
    .where('date', '<=', until)
    .where('is_deleted', '=', 0)
    .execute()
  return rows.map((row) => toDocument('schedules', row))
}
