/** Tables that only grow: revisions, events for the services, the audit. */
import { type ClinicId, isId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Inserter } from '#server/database/batch-transaction.ts'
import { insertIgnore, lockRow, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

/** Adds audit rows and moves the head of their chain. The rows belong to one chain and are in its order. */
export async function appendAudit(inserter: Inserter, rows: readonly Tables['audit_log'][]): Promise<void> {
  const last = rows.at(-1)
  if (!last) return
  await inserter.insert('audit_log', rows)
  await inserter.insert('audit_documents', documentsOf(rows))
  const { clinic_id, chain, seq, hash, at } = last
  await inserter.insert('audit_chains', [{ clinic_id, chain, seq, hash, updated_at: at }], {
    key: ['clinic_id', 'chain'],
    set: ['seq', 'hash', 'updated_at'],
  })
}

/** A row per document and audit row; what is no id is somebody's invention and found by nobody. */
function documentsOf(rows: readonly Tables['audit_log'][]): Tables['audit_documents'][] {
  return rows.flatMap(({ clinic_id, at, chain, seq, document_ids }) => {
    const ids = new Set((JSON.parse(document_ids) as string[]).filter(isId))
    return [...ids].map((document_id) => ({ clinic_id, document_id, at, chain, seq }))
  })
}

const NO_HASH = '0'.repeat(64)

/** The last row's place and hash in a chain, which stays locked until the transaction ends; place 0 before the first row. */
export async function lockChainHead(
  tx: Tx,
  clinicId: ClinicId,
  chain: string,
  now: Instant,
): Promise<{ readonly seq: number; readonly hash: string }> {
  const query = tx
    .selectFrom('audit_chains')
    .select(['seq', 'hash'])
    .where('clinic_id', '=', clinicId)
    .where('chain', '=', chain)
  const head = await lockRow(tx, query).executeTakeFirst()
  if (head) return head
  await insertIgnore(tx, 'audit_chains', { clinic_id: clinicId, chain, seq: 0, hash: NO_HASH, updated_at: now })
  return lockRow(tx, query).executeTakeFirstOrThrow()
}

/** The next rows of one chain in its order. */
export async function listAuditRows(
  tx: Tx,
  clinicId: ClinicId,
  chain: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<Tables['audit_log'][]> {
  return tx
    .selectFrom('audit_log')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('chain', '=', chain)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** The chains of a clinic with their heads. */
export async function listAuditChains(tx: Tx, clinicId: ClinicId): Promise<Tables['audit_chains'][]> {
  return tx.selectFrom('audit_chains').selectAll().where('clinic_id', '=', clinicId).execute()
}
