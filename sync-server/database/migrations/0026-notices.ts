/**
 * What somebody was told in the app becomes a document on their devices. What was told before this gets its place in the order of changes
 * by the daily look (level-notices.ts): numbers are given under the clinic's lock alone.
 */
import { addToTable, withDefault } from './alter-ddl.ts'
import type { Migration } from './migration.ts'
import { ascii, flag, instant, integer, orNull } from './table-ddl.ts'

export const notices: Migration = {
  number: 26,
  name: 'notices',
  steps: [
    addToTable({
      table: 'notifications',
      columns: {
        shown_at: orNull(instant()),
        revision: withDefault(integer(), '0'),
        content_hash: withDefault(ascii(32), "''"),
        is_deleted: withDefault(flag(), '0'),
      },
      indexes: { notifications_shown: ['clinic_id', 'shown_at'] },
    }),
  ],
}
