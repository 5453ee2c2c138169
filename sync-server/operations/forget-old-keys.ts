import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { deleteOldIdempotencyKeys } from '#server/repositories/idempotency-keys.ts'

/** So long a request sent again is known by its key; whoever repeats one later asks anew. */
export const KEY_LIFE_MS = hours(24)
/** Keys of one transaction: bookings wait for no more than that. */
const AT_ONCE = 500

/** Deletes the idempotency keys whose time is over, in small transactions; stops between two of them. May run twice at once. */
export async function forgetOldKeys(database: Database, now: Instant, signal: AbortSignal): Promise<void> {
  let hasMore = true
  while (hasMore && !signal.aborted) {
    hasMore = await database.write((tx) => deleteOldIdempotencyKeys(tx, now - KEY_LIFE_MS, AT_ONCE))
  }
}
