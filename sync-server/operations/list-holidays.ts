import type { Subject } from '#domain/access/can.ts'
import type { ClosureAnswer } from '#domain/api/availability-api.ts'
import { isLocalDay, type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { listClosures } from '#server/repositories/closures.ts'

type Deps = { readonly database: Database; readonly now: () => Instant }

export type HolidaysAnswer =
  | { readonly ok: true; readonly closures: ClosureAnswer[] }
  | { readonly ok: false; readonly reason: 'invalid-field'; readonly field: 'from' }

/** The holidays that end on a day or later; today or later when no day is named. They hold nobody's record. */
export async function listHolidays(
  { database, now }: Deps,
  { clinicId }: Subject,
  from?: LocalDay,
): Promise<HolidaysAnswer> {
  if (from !== undefined && !isLocalDay(from)) return { ok: false, reason: 'invalid-field', field: 'from' }
  const rows = await database.read(async (tx) => {
    const day = from ?? localDayOf(now(), (await getClinic(tx, clinicId)).zone)
    return listClosures(tx, clinicId, day)
  })
  const closures = rows.map((row) => ({
    id: row.id,
    locationId: row.locationId,
    name: row.name,
    from: row.fromDay,
    to: row.untilDay,
    startTime: row.startTime,
    endTime: row.endTime,
    revision: row.revision,
  }))
  return { ok: true, closures }
}
