/**
 * The audit of what changes no document: signing in, reading. It has a chain of its own per clinic and instance, apart from the
 * writer's, and never touches the clinic's counter.
 */
import { inserterOf } from '#server/database/batch-transaction.ts'
import type { Tx } from '#server/database/database.ts'
import { appendAudit, lockChainHead } from '#server/repositories/append-only.ts'
import { linkEntries } from './audit-chain.ts'
import type { AuditEntry } from './audit-entry.ts'

/** Adds entries of one clinic to a chain, whose head stays locked until the transaction ends. */
export async function appendToChain(tx: Tx, chain: string, entries: readonly AuditEntry[]): Promise<void> {
  const [first] = entries
  if (!first) return
  const head = await lockChainHead(tx, first.clinicId, chain, first.at)
  await appendAudit(inserterOf(tx), linkEntries(head, chain, entries))
}
