/** What a revoked device hands in before it wipes: whether it still may, and the changes that it handed in. */
import { onBoth } from './grant-ddl.ts'
import type { Migration } from './migration.ts'
import { ascii, createTable, id, instant, integer, longText, orNull, text } from './table-ddl.ts'

const handInsTable = createTable({
  name: 'device_hand_ins',
  columns: {
    session_id: id(),
    clinic_id: id(),
    device_id: id(),
    user_id: id(),
    ticket_hash: orNull(ascii(64)),
    expires_at: orNull(instant()),
    handed_in_at: orNull(instant()),
    change_count: integer(),
    created_at: instant(),
  },
  primaryKey: ['session_id'],
  indexes: { device_hand_ins_by_ticket: ['ticket_hash'] },
  foreignKeys: [{ columns: ['clinic_id'], table: 'clinics', references: ['id'] }],
})

const handedInTable = createTable({
  name: 'handed_in_changes',
  columns: {
    id: id(),
    clinic_id: id(),
    device_id: id(),
    user_id: id(),
    collection: ascii(64),
    document_id: ascii(64),
    patient_id: orNull(id()),
    attempted: longText(),
    base: orNull(longText()),
    at: instant(),
    done_at: orNull(instant()),
    done_by_name: text(160),
  },
  primaryKey: ['id'],
  indexes: {
    handed_in_changes_by_age: ['clinic_id', 'at'],
    handed_in_changes_of_patient: ['clinic_id', 'patient_id'],
  },
  foreignKeys: [{ columns: ['clinic_id'], table: 'clinics', references: ['id'] }],
})

/** Devices that were revoked before this version, and are still out of contact, hand in as well. */
const revokedBefore = `insert into device_hand_ins
  (session_id, clinic_id, device_id, user_id, ticket_hash, expires_at, handed_in_at, change_count, created_at)
  select sessions.id, sessions.clinic_id, devices.id, sessions.user_id, null, null, null, 0, devices.revoked_at
  from sessions join devices on devices.id = sessions.device_id and devices.revoked_at = sessions.ended_at
  where not exists (select 1 from device_hand_ins as known where known.session_id = sessions.id)`

export const handedInChanges: Migration = {
  number: 24,
  name: 'handed-in-changes',
  steps: [handInsTable, handedInTable, onBoth([revokedBefore])],
}
