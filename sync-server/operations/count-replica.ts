/** How many documents a device of somebody holds when it has read everything, so that a first download can say how far it is. */
import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Database } from '#server/database/database.ts'
import { countSeen } from '#server/repositories/changes.ts'

export const countReplica = (
  { database }: { readonly database: Database },
  subject: Subject,
  names: readonly CollectionName[],
): Promise<number> =>
  database.read(async (tx) => {
    let count = 0
    for (const collection of names) {
      count += await countSeen(tx, { clinicId: subject.clinicId, collection }, audiencesFor(subject, collection))
    }
    return count
  })
