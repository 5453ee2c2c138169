/**
 * After a backup was put back: what devices have read since is no part of this database, and its numbers will be given out again for other
 * changes. A new epoch says so to each device, which then sends what this history lacks (docs/sync.md, section 9).
 */
import type { ClinicId, Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { lockCounter, setEpoch } from '#server/repositories/change-counters.ts'
import { listClinics } from '#server/repositories/clinic-rows.ts'
import { appendToChain } from './append-audit.ts'

type Deps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: <Kind extends string>() => Id<Kind>
}

/** The audit chain of what is done to a database from outside a server. */
const CHAIN = 'command'

/** Begins a new history of every clinic; a running server notices by itself. Answers the clinics. */
export async function beginNewHistory({ database, now, newId }: Deps): Promise<readonly ClinicId[]> {
  const clinics = (await database.read(listClinics)).map(({ id }) => id)
  for (const clinicId of clinics) {
    await database.write(async (tx) => {
      await lockCounter(tx, clinicId)
      await setEpoch(tx, clinicId, newId())
      await appendToChain(tx, CHAIN, [{ clinicId, at: now(), userId: null, action: 'history-begun' }])
    })
  }
  return clinics
}
