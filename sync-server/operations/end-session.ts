import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { endSessionRow } from '#server/repositories/sessions.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import type { Session } from './session.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }

/**
 * Ends one of the person's own sessions, the current one included: its token counts for nothing from then on.
 * @returns false when the person has no such session; somebody else's is no different from none
 */
export async function endSession(
  { database, now, audit }: Deps,
  session: Session,
  id: Id<'Session'>,
): Promise<boolean> {
  const isEnded = await database.write((tx) => endSessionRow(tx, id, session.userId, now()))
  const action = id === session.sessionId ? 'logged-out' : 'session-ended'
  if (isEnded) await audit({ ...byWhom(session), action })
  return isEnded
}
