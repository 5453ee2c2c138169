import { can, type Subject } from '#domain/access/can.ts'
import type { AppointmentSeriesId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Database } from '#server/database/database.ts'
import { findSeries, listOfSeries, type Series } from '#server/repositories/appointment-series.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'

type Deps = { readonly database: Database; readonly audit: NoteAccess }
export type SeriesView = { readonly series: Series; readonly visits: readonly WireDocument<'appointments'>[] }

/** A series with the visits of it that the subject sees, on the audit log before it returns; undefined when there are none. */
export async function viewSeries(
  { database, audit }: Deps,
  subject: Subject,
  id: AppointmentSeriesId,
): Promise<SeriesView | undefined> {
  const found = await database.read(async (tx) => {
    const series = await findSeries(tx, subject.clinicId, id)
    return series && { series, visits: await listOfSeries(tx, subject.clinicId, id) }
  })
  const visits = found?.visits.filter((visit) => can(subject, 'view-appointments', visit)) ?? []
  if (!found || visits.length === 0) return undefined
  const documentIds = visits.map((visit) => visit.id)
  await audit({ ...byWhom(subject), action: 'read', collection: 'appointments', documentIds })
  return { series: found.series, visits }
}
