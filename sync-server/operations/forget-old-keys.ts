import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { deleteOldOnceRows, type OnceTable } from '#server/repositories/old-rows.ts'
import { deleteSentEvents } from '#server/repositories/outbox.ts'
import { forgetServiceRuns } from '#server/repositories/service-runs.ts'

/** So long a request sent again is known by its key; whoever repeats one later asks anew. */
export const KEY_LIFE_MS = hours(24)
/** So long an event of a device is known; the lease of a device that is out of contact ends well before. */
export const EVENT_LIFE_MS = hours(24 * 30)
/** So long it is known which service has acted on which event: far longer than the sweeper looks back. */
export const INBOX_LIFE_MS = hours(24 * 30)
/** So long an event is kept that was passed on. */
const EVENT_KEPT_MS = hours(24 * 20)
/** An instance that nobody has heard of for so long was ended. */
const RUN_LIFE_MS = hours(24 * 7)
const LIFE_MS = {
  idempotency_keys: KEY_LIFE_MS,
  access_events: EVENT_LIFE_MS,
  inbox: INBOX_LIFE_MS,
} satisfies Record<OnceTable, number>
/** Keys of one transaction: bookings wait for no more than that. */
const AT_ONCE = 500

/**
 * Deletes the keys of requests and the events whose time is over, in small transactions; stops between two of them. May run twice at
 * once.
 */
export async function forgetOldKeys(database: Database, now: Instant, signal: AbortSignal): Promise<void> {
  for (const table of Object.keys(LIFE_MS) as OnceTable[]) {
    let hasMore = true
    while (hasMore && !signal.aborted) {
      hasMore = await database.write((tx) => deleteOldOnceRows(tx, table, now - LIFE_MS[table], AT_ONCE))
    }
  }
  for (let hasMore = true; hasMore && !signal.aborted; ) {
    // Events go before the notes of who has acted on them, so that none can look unanswered.
    hasMore = await database.write((tx) => deleteSentEvents(tx, now - EVENT_KEPT_MS, AT_ONCE))
  }
  await database.write((tx) => forgetServiceRuns(tx, now - RUN_LIFE_MS))
}
