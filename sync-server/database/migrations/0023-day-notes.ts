/** Notes that stand on a day, and who may write them: the desk everywhere, doctors on their own days. */
import { grant, insertPermission, onBoth } from './grant-ddl.ts'
import type { Migration } from './migration.ts'
import { ascii, createTable, day, flag, id, instant, integer, orNull, text } from './table-ddl.ts'

const dayNotesTable = createTable({
  name: 'day_notes',
  columns: {
    id: id(),
    clinic_id: id(),
    date: day(),
    last_date: orNull(day()),
    doctor_id: orNull(id()),
    text: text(500),
    created_by: orNull(id()),
    created_by_name: text(120),
    created_at: instant(),
    revision: integer(),
    content_hash: ascii(32),
    is_deleted: flag(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  indexes: { day_notes_by_day: ['clinic_id', 'date'], day_notes_of_doctor: ['clinic_id', 'doctor_id'] },
  checks: { day_notes_order: 'last_date is null or last_date >= date' },
  foreignKeys: [
    { columns: ['clinic_id'], table: 'clinics', references: ['id'] },
    { columns: ['clinic_id', 'doctor_id'], table: 'doctors', references: ['clinic_id', 'id'] },
  ],
})

const PERMISSION = 'manage-day-notes'

export const dayNotes: Migration = {
  number: 23,
  name: 'day-notes',
  steps: [
    dayNotesTable,
    onBoth([insertPermission(PERMISSION)]),
    onBoth([
      grant('doctor', 'own-doctor', PERMISSION),
      grant('receptionist', 'clinic', PERMISSION),
      grant('admin', 'clinic', PERMISSION),
    ]),
  ],
}
