/** Clinics and their places count their changes, so that nobody overwrites what they have not seen. */
import { addToTable, withDefault } from './alter-ddl.ts'
import type { Migration } from './migration.ts'
import { integer } from './table-ddl.ts'

const counted = (table: string) => addToTable({ table, columns: { revision: withDefault(integer(), '1') } })

export const clinicRevisions: Migration = {
  number: 17,
  name: 'clinic-revisions',
  steps: [counted('clinics'), counted('locations')],
}
