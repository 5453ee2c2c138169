/**
 * The audit's links: each row's hash covers the row and the hash before it, so that a changed, removed or inserted row breaks
 * every hash after it. A chain belongs to one clinic and one writer, so its head is never contended.
 */
import { createHash } from 'node:crypto'
import { canonicalText } from '#domain/sync/canonical.ts'
import type { Tables } from '#server/database/tables.ts'
import type { AuditEntry } from './audit-entry.ts'

export type ChainHead = { readonly seq: number; readonly hash: string }
export type AuditRow = Tables['audit_log']

/** The head of a chain without rows. */
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: '0'.repeat(64) }

/** The rows that continue a chain with the given entries, in order. All entries belong to one clinic. */
export function linkEntries(head: ChainHead, chain: string, entries: readonly AuditEntry[]): AuditRow[] {
  let { seq, hash } = head
  return entries.map((entry) => {
    seq += 1
    const row = {
      clinic_id: entry.clinicId,
      chain,
      seq,
      at: entry.at,
      user_id: entry.userId,
      door: entry.via?.door ?? null,
      session_id: entry.via?.sessionId ?? null,
      device_id: entry.via?.deviceId ?? null,
      action: entry.action,
      collection: entry.collection ?? '',
      document_ids: JSON.stringify(entry.documentIds ?? []),
      detail: JSON.stringify(entry.detail ?? {}),
      previous_hash: hash,
    }
    hash = hashOfRow(row)
    return { ...row, hash }
  })
}

/** The hash a row must carry. Columns younger than the first rows count where they hold something: old hashes stay true. */
export function hashOfRow(whole: Omit<AuditRow, 'hash'> & { readonly hash?: string }): string {
  const { hash: _, door, session_id, device_id, ...row } = whole
  const younger = Object.entries({ door, session_id, device_id }).filter(([, value]) => value !== null)
  return createHash('sha256')
    .update(canonicalText({ ...row, ...Object.fromEntries(younger) }))
    .digest('hex')
}
