/** The audit says through which door and from which device, and is found by the document it is about. */

import { addToTable } from './alter-ddl.ts'
import type { Migration } from './migration.ts'
import { ascii, createTable, id, instant, orNull } from './table-ddl.ts'

/** The indexes are whole orders, so that a page of the activity begins where the last one ended without sorting. */
const origin = addToTable({
  table: 'audit_log',
  columns: { door: orNull(ascii(16)), session_id: orNull(id()), device_id: orNull(id()) },
  indexes: {
    audit_log_in_order: ['clinic_id', 'at', 'chain', 'seq'],
    audit_log_of_user_in_order: ['clinic_id', 'user_id', 'at', 'chain', 'seq'],
  },
})

/** Rows that were there before name their documents in their own list alone. */
const auditDocuments = createTable({
  name: 'audit_documents',
  columns: { clinic_id: id(), document_id: id(), at: instant(), chain: ascii(64), seq: instant() },
  primaryKey: ['clinic_id', 'document_id', 'at', 'chain', 'seq'],
  isClustered: true,
})

export const auditOrigin: Migration = { number: 8, name: 'audit-origin', steps: [origin, auditDocuments] }
