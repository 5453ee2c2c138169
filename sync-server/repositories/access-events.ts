/** The ids of events that devices have reported, for as long as one may come again. */
import type { ClinicId, Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { insertIgnore, type Tx } from '#server/database/dialect.ts'

/** Notes an id; false when it was there. */
export const noteEventId = (tx: Tx, clinicId: ClinicId, id: Id<'AccessEvent'>, now: Instant): Promise<boolean> =>
  insertIgnore(tx, 'access_events', { clinic_id: clinicId, id, created_at: now })
