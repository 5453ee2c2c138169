/** Everything by which replicas come level with the server: their lines, what they are told, and the days they hold. */
import { type CalendarParts, followCalendars } from './follow-calendars.ts'
import { followHeads } from './follow-heads.ts'
import type { App } from './http/app.ts'
import { registerSyncHttp } from './sync/sync-http.ts'
import type { SyncHub } from './sync/sync-hub.ts'
import type { SyncDeps } from './sync/sync-session.ts'
import { registerSyncSockets } from './sync/sync-sockets.ts'
import { createSyncDeps, type SyncParts } from './sync-deps.ts'

export type Replication = {
  readonly replicas: SyncDeps
  readonly hub: SyncHub
  /** Looks now whether other processes have committed what this one has not heard of. */
  readonly compareHeads: () => Promise<void>
}

export async function registerReplication(app: App, parts: SyncParts & CalendarParts): Promise<Replication> {
  const replicas = createSyncDeps(parts)
  const hub = await registerSyncSockets(app, replicas)
  await registerSyncHttp(app, replicas, hub)
  followCalendars(app, parts)
  const { look } = followHeads(app, parts, hub.pokes)
  return { replicas, hub, compareHeads: look }
}
