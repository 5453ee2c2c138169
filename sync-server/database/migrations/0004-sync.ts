/** What replication remembers of people: the audiences their devices hold documents of, and changes kept for the clinic alone. */

import type { Migration } from './migration.ts'
import { ascii, createTable, id, instant, longText, orNull } from './table-ddl.ts'

const userAudiences = createTable({
  name: 'user_audiences',
  columns: { clinic_id: id(), user_id: id(), collection: ascii(32), audience: ascii(48), since: instant() },
  primaryKey: ['clinic_id', 'user_id', 'collection', 'audience'],
  isClustered: true,
})

const keptChanges = createTable({
  name: 'kept_changes',
  columns: {
    rejected_change_id: id(),
    clinic_id: id(),
    attempted: longText(),
    base: orNull(longText()),
    at: instant(),
  },
  primaryKey: ['rejected_change_id'],
  indexes: { kept_changes_by_age: ['clinic_id', 'at'] },
  foreignKeys: [{ columns: ['rejected_change_id'], table: 'rejected_changes', references: ['id'] }],
})

export const sync: Migration = { number: 4, name: 'sync', steps: [userAudiences, keptChanges] }
