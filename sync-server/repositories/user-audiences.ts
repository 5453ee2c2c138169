/** `user_audiences`: which audiences a person's devices have read from. */
import type { ClinicId, UserId } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import { insertIgnore, type Tx } from '#server/database/dialect.ts'

type Reader = { readonly clinicId: ClinicId; readonly userId: UserId; readonly collection: CollectionName }

export async function findUserAudiences(tx: Tx, reader: Reader): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('user_audiences')
    .select('audience')
    .where('clinic_id', '=', reader.clinicId)
    .where('user_id', '=', reader.userId)
    .where('collection', '=', reader.collection)
    .execute()
  return new Set(rows.map((row) => row.audience))
}

export async function rememberUserAudiences(
  tx: Tx,
  { clinicId, userId, collection }: Reader,
  audiences: readonly string[],
  since: Instant,
): Promise<void> {
  for (const audience of audiences) {
    const row = { clinic_id: clinicId, user_id: userId, collection, audience, since }
    await insertIgnore(tx, 'user_audiences', row)
  }
}
