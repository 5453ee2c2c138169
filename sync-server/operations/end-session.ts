import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { endSessionRow } from '#server/repositories/sessions.ts'
import type { AppendAudit } from './audit-entry.ts'
import type { Session } from './session.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly audit: AppendAudit }

/**
 * Ends one of the person's own sessions, the current one included: its token counts for nothing from then on.
 * @returns false when the person has no such session; somebody else's is no different from none
 */
export async function endSession(
  { database, now, audit }: Deps,
  session: Session,
  id: Id<'Session'>,
): Promise<boolean> {
  const { clinicId, userId } = session
  return database.write(async (tx) => {
    const isEnded = await endSessionRow(tx, id, userId, now())
    if (isEnded) {
      const action = id === session.sessionId ? 'logged-out' : 'session-ended'
      await audit(tx, { clinicId, userId, action, at: now() })
    }
    return isEnded
  })
}
