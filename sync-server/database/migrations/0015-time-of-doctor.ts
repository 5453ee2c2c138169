/**
 * The index on a doctor's time also holds what searches for free times read of a visit, so that a month of twelve doctors is read
 * from the index alone.
 */
import { addIndex, dropIndex } from './alter-ddl.ts'
import type { Migration } from './migration.ts'

const columns = ['clinic_id', 'doctor_id', 'holds_time', 'start_at', 'end_at', 'type_id', 'room_id', 'id']

export const timeOfDoctor: Migration = {
  number: 15,
  name: 'time-of-doctor',
  // In this order: a foreign key needs one of the two at any time.
  steps: [
    addIndex('appointments_time_of_doctor', 'appointments', columns),
    dropIndex('appointments_of_doctor', 'appointments'),
  ],
}
