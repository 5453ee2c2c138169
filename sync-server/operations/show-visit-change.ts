import { can, type Subject } from '#domain/access/can.ts'
import type { VisitChange } from '#domain/api/activity-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { visitChanges } from '#domain/settings/visit-changes.ts'
import type { Database } from '#server/database/database.ts'
import { findRevision } from '#server/repositories/appointment-revisions.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'

type Deps = { readonly database: Database; readonly audit: NoteAccess }

export type VisitChangeAnswer =
  | { readonly ok: true; readonly change: VisitChange }
  | { readonly ok: false; readonly reason: 'not-found' }

/**
 * What one change of a visit did, for those who may look into the log and see the visit as well. The look is noted, because it
 * shows what the record says.
 */
export async function showVisitChange(
  { database, audit }: Deps,
  subject: Subject,
  id: AppointmentId,
  revision: number,
): Promise<VisitChangeAnswer> {
  const [after, before] = await database.read(async (tx) => [
    await findRevision(tx, id, revision),
    await findRevision(tx, id, revision - 1),
  ])
  if (!after || !can(subject, 'view-activity', { clinicId: after.visit.clinicId }))
    return { ok: false, reason: 'not-found' }
  if (!can(subject, 'view-appointments', after.visit)) return { ok: false, reason: 'not-found' }
  await audit({ ...byWhom(subject), action: 'read', collection: 'appointments', documentIds: [id] })
  return { ok: true, change: { fields: visitChanges(before?.visit ?? null, after.visit) } }
}
