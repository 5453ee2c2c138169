/** What is kept about erasures, and what forbids them. */

import type { Migration } from './migration.ts'
import { ascii, createTable, day, id, instant, orNull, text } from './table-ddl.ts'

const TO_CLINIC = { columns: ['clinic_id'], table: 'clinics', references: ['id'] } as const
const TO_PATIENT = { columns: ['clinic_id', 'patient_id'], table: 'patients', references: ['clinic_id', 'id'] } as const

const legalHolds = createTable({
  name: 'legal_holds',
  columns: {
    id: id(),
    clinic_id: id(),
    patient_id: id(),
    reason: text(500),
    set_by: orNull(id()),
    set_at: instant(),
    until_day: orNull(day()),
    lifted_at: orNull(instant()),
    lifted_by: orNull(id()),
  },
  primaryKey: ['id'],
  indexes: { legal_holds_of_patient: ['clinic_id', 'patient_id'] },
  foreignKeys: [TO_CLINIC, TO_PATIENT],
})

/** Ids alone, and no key to the patient's row: a restored backup may not have it in its erased form. */
const erasures = createTable({
  name: 'erasures',
  columns: {
    clinic_id: id(),
    patient_id: id(),
    reason: ascii(32),
    erased_by: orNull(id()),
    erased_at: instant(),
  },
  primaryKey: ['clinic_id', 'patient_id'],
  foreignKeys: [TO_CLINIC],
})

export const privacy: Migration = { number: 12, name: 'privacy', steps: [legalHolds, erasures] }
