/** `appointment_revisions`: every version of a visit, and who made it. */
import type { AppointmentId, UserId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Tx } from '#server/database/dialect.ts'

export type Revision = {
  readonly visit: WireDocument<'appointments'>
  /** null for the server itself. */
  readonly userId: UserId | null
  readonly door: string
}

/** One version; undefined where that is not (any more) on record. */
export async function findRevision(tx: Tx, id: AppointmentId, revision: number): Promise<Revision | undefined> {
  const row = await tx
    .selectFrom('appointment_revisions')
    .select(['content', 'user_id as userId', 'door'])
    .where('appointment_id', '=', id)
    .where('revision', '=', revision)
    .executeTakeFirst()
  return row && { visit: JSON.parse(row.content) as WireDocument<'appointments'>, userId: row.userId, door: row.door }
}
