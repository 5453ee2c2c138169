import type { ClinicId } from '#domain/ids.ts'
import type { Database } from '#server/database/database.ts'
import { listAuditChains, listAuditRows } from '#server/repositories/append-only.ts'
import { EMPTY_CHAIN, hashOfRow } from './audit-chain.ts'

/** Where a chain of the audit was tampered with. `seq` is the first row that does not fit. */
export type BrokenChain = { readonly chain: string; readonly seq: number }

/** Follows every audit chain of a clinic from its first row to its head. Returns the chains that do not hold. */
export function verifyAudit(database: Database, clinicId: ClinicId): Promise<readonly BrokenChain[]> {
  return database.read(async (tx) => {
    const broken: BrokenChain[] = []
    for (const head of await listAuditChains(tx, clinicId)) {
      let { seq, hash } = EMPTY_CHAIN
      for (const row of await listAuditRows(tx, clinicId, head.chain)) {
        if (row.seq !== seq + 1 || row.previous_hash !== hash || hashOfRow(row) !== row.hash) break
        seq = row.seq
        hash = row.hash
      }
      if (seq !== head.seq || hash !== head.hash) broken.push({ chain: head.chain, seq: seq + 1 })
    }
    return broken
  })
}
