/** Signed ends of the audit's chains, and who has run the daily work. */

import type { Migration } from './migration.ts'
import { ascii, createTable, id, instant, integer, longText } from './table-ddl.ts'

const auditSeals = createTable({
  name: 'audit_seals',
  columns: {
    clinic_id: id(),
    number: integer(),
    at: instant(),
    heads: longText(),
    beginnings: longText(),
    previous_signature: ascii(64),
    signature: ascii(64),
  },
  primaryKey: ['clinic_id', 'number'],
  foreignKeys: [{ columns: ['clinic_id'], table: 'clinics', references: ['id'] }],
})

/** One row per kind of daily work and clinic: whoever moves its time forward does the work. */
const housekeeping = createTable({
  name: 'housekeeping',
  columns: { clinic_id: id(), task: ascii(32), claimed_at: instant() },
  primaryKey: ['clinic_id', 'task'],
  foreignKeys: [{ columns: ['clinic_id'], table: 'clinics', references: ['id'] }],
})

export const auditSealing: Migration = { number: 10, name: 'audit-seals', steps: [auditSeals, housekeeping] }
