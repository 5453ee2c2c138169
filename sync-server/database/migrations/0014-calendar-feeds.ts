/** Secret addresses under which calendars read visits. */
import type { Migration } from './migration.ts'
import { ascii, createTable, flag, id, instant, orNull } from './table-ddl.ts'

const feedsTable = createTable({
  name: 'calendar_feeds',
  columns: {
    id: id(),
    clinic_id: id(),
    user_id: id(),
    doctor_id: orNull(id()),
    patient_id: orNull(id()),
    secret_hash: ascii(64),
    with_names: flag(),
    created_at: instant(),
    last_read_at: orNull(instant()),
    revoked_at: orNull(instant()),
  },
  primaryKey: ['id'],
  unique: { calendar_feeds_secret: ['secret_hash'] },
  indexes: { calendar_feeds_of_user: ['clinic_id', 'user_id'] },
  foreignKeys: [
    { columns: ['clinic_id'], table: 'clinics', references: ['id'] },
    { columns: ['user_id'], table: 'users', references: ['id'] },
  ],
})

export const calendarFeeds: Migration = { number: 14, name: 'calendar-feeds', steps: [feedsTable] }
