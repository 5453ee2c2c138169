/** Events on their way to the services: who is at them, who has acted on them, and what is put aside. */
import { addToTable, withDefault } from './alter-ddl.ts'
import type { Migration } from './migration.ts'
import { ascii, createTable, id, instant, integer, isOneOf, longText, orNull } from './table-ddl.ts'

const inbox = createTable({
  name: 'inbox',
  columns: { consumer: ascii(32), event_id: id(), created_at: instant() },
  primaryKey: ['consumer', 'event_id'],
  indexes: { inbox_by_age: ['created_at'] },
  isClustered: true,
})

const parkedMessages = createTable({
  name: 'parked_messages',
  columns: {
    id: id(),
    consumer: ascii(32),
    event_id: orNull(id()),
    clinic_id: orNull(id()),
    type: orNull(ascii(64)),
    body: longText(),
    reason: ascii(40),
    attempts: integer(),
    status: ascii(16),
    next_at: instant(),
    created_at: instant(),
    updated_at: instant(),
  },
  primaryKey: ['id'],
  indexes: {
    parked_messages_due: ['status', 'next_at'],
    parked_messages_of_event: ['event_id', 'consumer'],
  },
  checks: { parked_messages_status: isOneOf('status', ['waiting', 'parked']) },
})

// What was passed on before there was an inbox is nobody's news any more: no sweeper looks for it.
const OLD_NEWS = 'update outbox set is_historic = 1 where sent_at is not null'

export const events: Migration = {
  number: 18,
  name: 'events',
  steps: [
    addToTable({ table: 'outbox', columns: { claimed_until: withDefault(instant(), '0') } }),
    { mysql: [OLD_NEWS], sqlite: [OLD_NEWS] },
    inbox,
    parkedMessages,
  ],
}
