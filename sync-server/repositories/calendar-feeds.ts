/** `calendar_feeds`: whose visits a secret address shows, and to whom it was given. */
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type FeedRow = Tables['calendar_feeds']
export type FeedId = Id<'CalendarFeed'>
type Owner = { readonly clinicId: ClinicId; readonly userId: UserId }

export async function insertFeed(tx: Tx, row: FeedRow): Promise<void> {
  await tx.insertInto('calendar_feeds').values(row).execute()
}

/** A person's own feeds that still work, oldest first. */
export const listFeedRows = (tx: Tx, { clinicId, userId }: Owner): Promise<FeedRow[]> =>
  tx
    .selectFrom('calendar_feeds')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .execute()

/** The feed of a secret, with whether its owner's account is switched on; undefined when there is none or it was revoked. */
export const findFeedBySecret = (tx: Tx, secretHash: string): Promise<FeedRow | undefined> =>
  tx
    .selectFrom('calendar_feeds')
    .innerJoin('users', 'users.id', 'calendar_feeds.user_id')
    .selectAll('calendar_feeds')
    .where('secret_hash', '=', secretHash)
    .where('revoked_at', 'is', null)
    .where('users.is_active', '=', 1)
    .executeTakeFirst()

/** Ends a person's own feed; returns whether there was one to end. */
export async function revokeFeedRow(tx: Tx, { clinicId, userId }: Owner, id: FeedId, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('calendar_feeds')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function touchFeed(tx: Tx, id: FeedId, now: Instant): Promise<void> {
  await tx.updateTable('calendar_feeds').set({ last_read_at: now }).where('id', '=', id).execute()
}
