/** Offers of a held time to people on the waitlist. */

import type { Migration } from './migration.ts'
import { ascii, createTable, id, instant, isOneOf, orNull } from './table-ddl.ts'

const pair = (column: string, table: string) =>
  ({ columns: ['clinic_id', column], table, references: ['clinic_id', 'id'] }) as const

const offers = createTable({
  name: 'waitlist_offers',
  columns: {
    id: id(),
    clinic_id: id(),
    entry_id: id(),
    patient_id: id(),
    // Without a foreign key: the hold goes when the offer is answered, the offer stays on record.
    hold_id: id(),
    doctor_id: id(),
    type_id: id(),
    start_at: instant(),
    end_at: instant(),
    status: ascii(16),
    created_by: id(),
    created_at: instant(),
    expires_at: instant(),
    answered_at: orNull(instant()),
  },
  primaryKey: ['id'],
  indexes: {
    waitlist_offers_by_status: ['clinic_id', 'status', 'expires_at'],
    waitlist_offers_of_hold: ['clinic_id', 'hold_id'],
    waitlist_offers_of_entry: ['clinic_id', 'entry_id'],
  },
  checks: {
    waitlist_offers_status: isOneOf('status', ['open', 'accepted', 'declined', 'lost', 'expired']),
    waitlist_offers_order: 'end_at > start_at',
  },
  foreignKeys: [
    { columns: ['clinic_id'], table: 'clinics', references: ['id'] },
    pair('entry_id', 'waitlist_entries'),
    pair('patient_id', 'patients'),
    pair('doctor_id', 'doctors'),
    pair('type_id', 'appointment_types'),
    { columns: ['created_by'], table: 'users', references: ['id'] },
  ],
})

export const waitlistOffers: Migration = { number: 11, name: 'waitlist-offers', steps: [offers] }
