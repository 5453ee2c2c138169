import type { SessionRow } from '#domain/api/auth-schemas.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { listLiveSessions } from '#server/repositories/sessions.ts'
import type { Session } from './session.ts'

type Deps = { readonly database: Database; readonly now: () => Instant }

/** Where the person is signed in, the latest first. */
export async function listSessions({ database, now }: Deps, session: Session): Promise<SessionRow[]> {
  const records = await database.read((tx) => listLiveSessions(tx, session.clinicId, session.userId, now()))
  return records.map((record) => ({
    id: record.id,
    deviceName: record.deviceName,
    createdAt: record.createdAt,
    lastSeenAt: record.lastSeenAt,
    expiresAt: record.expiresAt,
    isCurrent: record.id === session.sessionId,
  }))
}
