/** The replicated window of days: where it stands per clinic, and the index by which rows that cross its edges are found. */

import { addIndex } from './alter-ddl.ts'
import type { Migration } from './migration.ts'
import { createTable, day, id } from './table-ddl.ts'

const TO_CLINIC = { columns: ['clinic_id'], table: 'clinics', references: ['id'] } as const

const replicationWindows = createTable({
  name: 'replication_windows',
  columns: { clinic_id: id(), day: day(), low_day: day(), high_day: day() },
  primaryKey: ['clinic_id'],
  foreignKeys: [TO_CLINIC],
})

export const window: Migration = {
  number: 9,
  name: 'window',
  steps: [replicationWindows, addIndex('schedules_by_day', 'schedules', ['clinic_id', 'date'])],
}
