/** Rows for messages that a service could not act on. */
import { type EventEnvelope, parseEvent } from '#domain/events/envelope.ts'
import type { ConsumerName } from '#domain/events/subscriptions.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { ParkedMessageId, ParkedRow } from '#server/repositories/parked-messages.ts'

export type PutAside = {
  readonly id: ParkedMessageId
  readonly consumer: ConsumerName
  readonly body: string
  readonly reason: string
  readonly attempts: number
  readonly now: Instant
  /** When it is tried again; null puts it aside until somebody has looked. */
  readonly nextAt: Instant | null
}

/** More of a message than this is kept by nobody: events are far shorter. */
const MOST_KEPT = 1024 * 1024

export function rowOf({ id, consumer, body, reason, attempts, now, nextAt }: PutAside): ParkedRow {
  const event = eventIn(body)
  return {
    id,
    consumer,
    event_id: event?.id ?? null,
    clinic_id: event?.clinicId ?? null,
    type: event?.type ?? null,
    body: body.slice(0, MOST_KEPT),
    reason,
    attempts,
    status: nextAt === null ? 'parked' : 'waiting',
    next_at: nextAt ?? now,
    created_at: now,
    updated_at: now,
  }
}

function eventIn(body: string): EventEnvelope | undefined {
  const answer = parseEvent(body)
  return answer.ok ? answer.event : undefined
}

/** What a failure is called where it is shown: a name, never a message, which may repeat data. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'failed'
