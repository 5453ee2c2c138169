/** How late doctors say they are running on a day, and which patients were to be told which figure. */
import type { Migration } from './migration.ts'
import { createTable, day, id, instant, integer } from './table-ddl.ts'

const TO_CLINIC = { columns: ['clinic_id'], table: 'clinics', references: ['id'] } as const

const delays = createTable({
  name: 'doctor_delays',
  columns: {
    clinic_id: id(),
    doctor_id: id(),
    local_day: day(),
    minutes: integer(),
    set_by: id(),
    set_at: instant(),
  },
  primaryKey: ['clinic_id', 'local_day', 'doctor_id'],
  checks: { doctor_delays_minutes: 'minutes between 0 and 240' },
  foreignKeys: [TO_CLINIC],
})

const notices = createTable({
  name: 'delay_notices',
  columns: {
    id: id(),
    clinic_id: id(),
    doctor_id: id(),
    local_day: day(),
    appointment_id: id(),
    minutes: integer(),
    batch_id: id(),
    created_at: instant(),
  },
  primaryKey: ['id'],
  unique: { delay_notices_once: ['appointment_id', 'local_day', 'doctor_id', 'minutes'] },
  indexes: {
    delay_notices_of_day: ['clinic_id', 'local_day', 'doctor_id'],
    delay_notices_of_batch: ['batch_id'],
  },
  foreignKeys: [TO_CLINIC],
})

export const doctorDelays: Migration = { number: 21, name: 'doctor-delays', steps: [delays, notices] }
