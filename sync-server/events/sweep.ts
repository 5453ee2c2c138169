/** What the broker has lost: events that were passed on and that a service has neither acted on nor put aside. */
import { CONSUMERS, SUBSCRIPTIONS } from '#domain/events/subscriptions.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { listUnanswered } from '#server/repositories/outbox.ts'
import { type OutboxRelayDeps, textOfRow } from './outbox-relay.ts'

/** So old an event must be: until then it is under way. */
const PATIENCE_MS = minutes(2)
const LOOK_BACK_MS = hours(72)
const AT_ONCE = 500

/** Hands lost events to their services again. @returns how many */
export async function sweepEvents(
  { database, bus, now, log }: OutboxRelayDeps,
  patienceMs = PATIENCE_MS,
): Promise<number> {
  const at = now()
  const stretch = { from: at - LOOK_BACK_MS, until: at - patienceMs, limit: AT_ONCE }
  let found = 0
  for (const consumer of CONSUMERS) {
    const types = SUBSCRIPTIONS[consumer]
    const rows = await database.read((tx) => listUnanswered(tx, consumer, { ...stretch, types }))
    for (const row of rows) await bus.redeliver(consumer, textOfRow(row))
    if (rows.length > 0) log.warn({ consumer, count: rows.length }, 'events were lost on their way and are sent again')
    found += rows.length
  }
  return found
}
