/** Whom the desk has to call about a doctor's day that was called off or moved. */
import type { AppointmentId, ClinicId, DoctorId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type CallTaskRow = Tables['call_tasks']

/** Notes a call; one about an earlier change of the same visit is no longer the one to make. */
export async function putCallTask(tx: Tx, row: CallTaskRow): Promise<void> {
  await tx
    .deleteFrom('call_tasks')
    .where('clinic_id', '=', row.clinic_id)
    .where('appointment_id', '=', row.appointment_id)
    .execute()
  await tx.insertInto('call_tasks').values(row).execute()
}

/** The calls about a doctor's day in the order in which its visits stood. */
export const listCallTasks = (tx: Tx, clinicId: ClinicId, doctorId: DoctorId, day: LocalDay): Promise<CallTaskRow[]> =>
  tx
    .selectFrom('call_tasks')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('doctor_id', '=', doctorId)
    .where('day', '=', day)
    .orderBy('was_at')
    .orderBy('appointment_id')
    .execute()

export const findCallTask = (tx: Tx, clinicId: ClinicId, id: AppointmentId): Promise<CallTaskRow | undefined> =>
  tx
    .selectFrom('call_tasks')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('appointment_id', '=', id)
    .executeTakeFirst()

/** Ticks a call off, or takes the tick back with null. */
export async function tickCallTask(
  tx: Tx,
  clinicId: ClinicId,
  id: AppointmentId,
  done: { readonly at: Instant; readonly byName: string } | null,
): Promise<void> {
  await tx
    .updateTable('call_tasks')
    .set({ done_at: done?.at ?? null, done_by_name: done?.byName ?? '' })
    .where('clinic_id', '=', clinicId)
    .where('appointment_id', '=', id)
    .execute()
}
