/** An event as a row of the outbox. */
import { type DomainEvent, EVENT_VERSIONS } from '#domain/events/domain-events.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { NewId } from '#server/operations/new-id.ts'
import type { OutboxRow } from '#server/repositories/outbox.ts'

type Parts = {
  readonly newId: NewId
  readonly clinicId: ClinicId
  readonly now: Instant
  /** History is nobody's news. */
  readonly isHistoric?: boolean
}

export const outboxRow = ({ newId, clinicId, now, isHistoric = false }: Parts, event: DomainEvent): OutboxRow => ({
  id: newId(),
  clinic_id: clinicId,
  type: event.type,
  version: EVENT_VERSIONS[event.type],
  payload: JSON.stringify(event.payload),
  is_historic: isHistoric ? 1 : 0,
  created_at: now,
  sent_at: isHistoric ? now : null,
  claimed_until: 0,
})
