import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { findLiveSessionIds } from '#server/repositories/sessions.ts'

type Deps = { readonly database: Database; readonly now: () => Instant }

/** Which of these sessions no longer count: ended, expired, or of an account that was switched off. */
export async function findEndedSessions(
  { database, now }: Deps,
  ids: readonly Id<'Session'>[],
): Promise<ReadonlySet<Id<'Session'>>> {
  const live = new Set(await database.read((tx) => findLiveSessionIds(tx, ids, now())))
  return new Set(ids.filter((id) => !live.has(id)))
}
