import type { Instant } from '#domain/time/instant.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'

/**
 * How old what is on this computer may be: the last contact with the server, by the server's clock, and null while there is
 * contact or never was any. Without the server nobody here knows what has happened since.
 */
export function useLastContact(): Instant | null {
  const { connection, lastSyncAt } = useSyncStatus()
  return connection.phase === 'offline' && lastSyncAt !== null ? lastSyncAt + (connection.serverTimeOffset ?? 0) : null
}
