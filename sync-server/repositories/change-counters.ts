/** The one row per clinic that puts its writes in line, and the notes by which a lost COMMIT is resolved. */
import type { ClinicId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Inserter } from '#server/database/batch-transaction.ts'
import { lockRow, type Tx } from '#server/database/dialect.ts'

export type ChangeCounter = { readonly value: number; readonly epoch: string }

/** The clinic's counter, locked until the transaction ends. Must be the first statement of whatever decides or writes. */
export async function lockCounter(tx: Tx, clinicId: ClinicId): Promise<ChangeCounter | undefined> {
  const query = tx.selectFrom('change_counters').select(['value', 'epoch']).where('clinic_id', '=', clinicId)
  return lockRow(tx, query).executeTakeFirst()
}

/** The counter as a snapshot sees it, unlocked: what a pull reads first. */
export async function findCounter(tx: Tx, clinicId: ClinicId): Promise<ChangeCounter | undefined> {
  return tx
    .selectFrom('change_counters')
    .select(['value', 'epoch'])
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst()
}

/** How far every clinic's order of changes has come. */
export async function listHeads(tx: Tx): Promise<ReadonlyMap<ClinicId, number>> {
  const rows = await tx.selectFrom('change_counters').select(['clinic_id', 'value']).execute()
  return new Map(rows.map(({ clinic_id, value }) => [clinic_id, Number(value)]))
}

export async function setCounter(tx: Tx, clinicId: ClinicId, value: number): Promise<void> {
  await tx.updateTable('change_counters').set({ value }).where('clinic_id', '=', clinicId).execute()
}

export async function setEpoch(tx: Tx, clinicId: ClinicId, epoch: string): Promise<void> {
  await tx.updateTable('change_counters').set({ epoch }).where('clinic_id', '=', clinicId).execute()
}

export async function insertCounter(tx: Tx, clinicId: ClinicId, epoch: string): Promise<void> {
  await tx.insertInto('change_counters').values({ clinic_id: clinicId, value: 0, epoch }).execute()
}

/** Notes that a writer's batch is part of this transaction. One row per writer, replaced each time. */
export async function noteBatch(
  inserter: Inserter,
  batch: { readonly clinicId: ClinicId; readonly writerId: string; readonly batchId: string; readonly now: Instant },
): Promise<void> {
  const { clinicId: clinic_id, writerId: writer_id, batchId: batch_id, now: committed_at } = batch
  await inserter.insert('change_batches', [{ clinic_id, writer_id, batch_id, committed_at }], {
    key: ['clinic_id', 'writer_id'],
    set: ['batch_id', 'committed_at'],
  })
}

/** The id of the last batch a writer has committed. */
export async function findLastBatch(tx: Tx, clinicId: ClinicId, writerId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('change_batches')
    .select('batch_id')
    .where('clinic_id', '=', clinicId)
    .where('writer_id', '=', writerId)
    .executeTakeFirst()
  return row?.batch_id
}
