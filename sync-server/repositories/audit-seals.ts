/** `audit_seals`: signed statements of where the audit's chains end and begin. */
import type { ClinicId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { lockRow, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

type SealRow = Tables['audit_seals']

/** The newest seal of a clinic, locked until the transaction ends. */
export async function lockLastSeal(tx: Tx, clinicId: ClinicId): Promise<SealRow | undefined> {
  const query = tx.selectFrom('audit_seals').selectAll().where('clinic_id', '=', clinicId)
  return lockRow(tx, query.orderBy('number', 'desc').limit(1)).executeTakeFirst()
}

/** @throws the driver's duplicate-key error when another instance has just made a seal of this number. */
export async function insertSeal(tx: Tx, row: SealRow): Promise<void> {
  await tx.insertInto('audit_seals').values(row).execute()
}

/** A clinic's seals, the oldest first. */
export async function listSeals(tx: Tx, clinicId: ClinicId): Promise<SealRow[]> {
  return tx.selectFrom('audit_seals').selectAll().where('clinic_id', '=', clinicId).orderBy('number').execute()
}

/** The heads of chains that have grown since. */
export async function listHeadsSince(
  tx: Tx,
  clinicId: ClinicId,
  since: Instant,
): Promise<Pick<Tables['audit_chains'], 'chain' | 'seq' | 'hash'>[]> {
  return tx
    .selectFrom('audit_chains')
    .select(['chain', 'seq', 'hash'])
    .where('clinic_id', '=', clinicId)
    .where('updated_at', '>=', since)
    .where('seq', '>', 0)
    .orderBy('chain')
    .execute()
}
