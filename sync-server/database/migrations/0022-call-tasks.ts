/** Whom the desk still has to call after a doctor's day was called off or moved. */
import type { Migration } from './migration.ts'
import { ascii, createTable, day, flag, id, instant, integer, isOneOf, orNull, text } from './table-ddl.ts'

const callTasksTable = createTable({
  name: 'call_tasks',
  columns: {
    clinic_id: id(),
    appointment_id: id(),
    doctor_id: id(),
    day: day(),
    kind: ascii(16),
    was_at: instant(),
    revision: integer(),
    is_messaged: flag(),
    created_at: instant(),
    done_at: orNull(instant()),
    done_by_name: text(120),
  },
  primaryKey: ['clinic_id', 'appointment_id'],
  indexes: { call_tasks_of_day: ['clinic_id', 'doctor_id', 'day'] },
  checks: { call_tasks_kind: isOneOf('kind', ['cancelled', 'moved']) },
  foreignKeys: [{ columns: ['clinic_id'], table: 'clinics', references: ['id'] }],
})

export const callTasks: Migration = { number: 22, name: 'call-tasks', steps: [callTasksTable] }
