/** Through which door and from which device somebody acts: what the audit notes beside who, what and when. */
import type { DeviceId, Id } from '#domain/ids.ts'

/**
 * `rest` a signed-in person over the API · `token` a third party's access token · `sync` the replication socket and its HTTP
 * twin · `fhir`, `ical` the faces for other systems · `import`, `seed` files and demo data · `job` the server by itself.
 */
export const AUDIT_DOORS = ['rest', 'token', 'sync', 'fhir', 'ical', 'import', 'seed', 'job'] as const
export type AuditDoor = (typeof AUDIT_DOORS)[number]

export type Via = {
  readonly door: AuditDoor
  /** Null where nobody has signed in: a calendar's secret address, a job. */
  readonly sessionId: Id<'Session'> | null
  /** As the session was opened with it, never as a document says. Null for clients that name none: browsers' pages of others, scripts. */
  readonly deviceId: DeviceId | null
}
