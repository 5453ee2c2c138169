/** `housekeeping`: when each daily task was last taken in hand. */
import type { ClinicId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { insertIgnore, type Tx } from '#server/database/dialect.ts'

type Task = { readonly clinicId: ClinicId; readonly task: string }

/** True for exactly one caller per period, whichever instance it is. */
export async function claimTask(
  tx: Tx,
  { clinicId, task, now, dueAfterMs }: Task & { readonly now: Instant; readonly dueAfterMs: number },
): Promise<boolean> {
  if (await insertIgnore(tx, 'housekeeping', { clinic_id: clinicId, task, claimed_at: now })) return true
  const { numUpdatedRows } = await tx
    .updateTable('housekeeping')
    .set({ claimed_at: now })
    .where('clinic_id', '=', clinicId)
    .where('task', '=', task)
    .where('claimed_at', '<=', now - dueAfterMs)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The task is due at once. */
export async function releaseTask(tx: Tx, { clinicId, task }: Task): Promise<void> {
  await tx
    .updateTable('housekeeping')
    .set({ claimed_at: 0 })
    .where('clinic_id', '=', clinicId)
    .where('task', '=', task)
    .execute()
}
