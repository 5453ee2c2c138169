/** Which events of opened records have been noted in the audit, so that one sent twice is noted once. */
import type { Migration } from './migration.ts'
import { createTable, id, instant } from './table-ddl.ts'

const accessEventsTable = createTable({
  name: 'access_events',
  columns: { clinic_id: id(), id: id(), created_at: instant() },
  primaryKey: ['clinic_id', 'id'],
  indexes: { access_events_by_age: ['created_at'] },
  foreignKeys: [{ columns: ['clinic_id'], table: 'clinics', references: ['id'] }],
})

export const accessEvents: Migration = { number: 16, name: 'access-events', steps: [accessEventsTable] }
