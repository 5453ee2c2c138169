/** Row types of what is on its way: events, and what became of them at each service. */
import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'

export type FlowTables = {
  outbox: {
    id: string
    clinic_id: string
    type: string
    version: number
    payload: string
    /** 1 for imported history: never messaged. */
    is_historic: number
    created_at: Instant
    /** When the bus had it safely; null until then. */
    sent_at: Instant | null
    /** Until then one relay is at it. */
    claimed_until: Instant
  }
  /** Which event a service has acted on: written in the transaction of its effect. */
  inbox: { consumer: string; event_id: string; created_at: Instant }
  /** Messages a service could not act on: to be tried again, or put aside until somebody has looked. */
  parked_messages: {
    id: Id<'ParkedMessage'>
    consumer: string
    /** Null for what is no event. */
    event_id: string | null
    clinic_id: string | null
    type: string | null
    /** As it came. */
    body: string
    /** A code; never what an error says, which may repeat data. */
    reason: string
    attempts: number
    status: 'waiting' | 'parked'
    /** When it is tried again; while that is under way, when its lease ends. */
    next_at: Instant
    created_at: Instant
    updated_at: Instant
  }
}
