/** `replication_windows`: on which day each clinic's replicated window stands. Written under the clinic's lock only. */
import type { ClinicId } from '#domain/ids.ts'
import type { WindowState } from '#domain/sync/window.ts'
import { type Tx, upsert } from '#server/database/dialect.ts'

/** Undefined for a clinic whose rows have not been looked at by day yet. */
export async function findWindow(tx: Tx, clinicId: ClinicId): Promise<WindowState | undefined> {
  return tx
    .selectFrom('replication_windows')
    .select(['day', 'low_day as lowDay', 'high_day as highDay'])
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst()
}

export async function putWindow(tx: Tx, clinicId: ClinicId, { day, lowDay, highDay }: WindowState): Promise<void> {
  const row = { clinic_id: clinicId, day, low_day: lowDay, high_day: highDay }
  await upsert(tx, 'replication_windows', [row], { key: ['clinic_id'], set: ['day', 'low_day', 'high_day'] })
}
