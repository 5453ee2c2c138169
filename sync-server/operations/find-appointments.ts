import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import type { AppointmentView, ListQuery } from '#domain/api/appointment-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { daysBetween, isLocalDay, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import type { Database } from '#server/database/database.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { listVisible, type PageOf, type PageQuestion } from '#server/repositories/visible-documents.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import { findVisible } from './find-visible.ts'

export type ReadDeps = { readonly database: Database; readonly audit: NoteAccess }

const MOST_DAYS = 62
/** One patient's visits are few, however long they have been coming. */
const MOST_DAYS_OF_PATIENT = 3_660

export type ListAnswer =
  | { readonly ok: true; readonly page: PageOf<AppointmentView> }
  | {
      readonly ok: false
      readonly reason: 'invalid-field' | 'end-before-start' | 'range-too-long'
      readonly field: 'from' | 'to'
    }
type Stretch = { readonly limit: number; readonly after: PageQuestion['after'] }

/** The appointments of some local days that the subject sees, a page of them. Durable in the audit log before it returns. */
export async function listAppointments(
  { database, audit }: ReadDeps,
  subject: Subject,
  { from, to, ...filters }: Omit<ListQuery, 'limit' | 'cursor'>,
  stretch: Stretch,
): Promise<ListAnswer> {
  if (!isLocalDay(from)) return { ok: false, reason: 'invalid-field', field: 'from' }
  if (!isLocalDay(to)) return { ok: false, reason: 'invalid-field', field: 'to' }
  if (to < from) return { ok: false, reason: 'end-before-start', field: 'to' }
  const mostDays = filters.patientId === undefined ? MOST_DAYS : MOST_DAYS_OF_PATIENT
  if (daysBetween(from, to) >= mostDays) return { ok: false, reason: 'range-too-long', field: 'to' }
  const { clinicId } = subject
  const page = await database.read(async (tx) => {
    const { items, last } = await listVisible(tx, 'appointments', {
      clinicId,
      audiences: audiencesFor(subject, 'appointments'),
      conditions: [
        { field: 'localDay', by: 'from', value: from },
        { field: 'localDay', by: 'until', value: to },
        ...Object.entries(filters).map(([field, value]) => ({ field, by: 'is', value }) as const),
      ],
      order: ['start'],
      ...stretch,
    })
    const { zone } = await getClinic(tx, clinicId)
    return { items: items.map((document) => toView(document, zone)), last }
  })
  await noteRead(audit, subject, page.items)
  return { ok: true, page }
}

/** One appointment, or undefined when there is none or the subject does not see it. Durable in the audit log before it returns. */
export async function findAppointment(
  { database, audit }: ReadDeps,
  subject: Subject,
  id: AppointmentId,
): Promise<AppointmentView | undefined> {
  const found = await database.read(async (tx) => {
    const document = await findVisible(tx, subject, 'appointments', id)
    return document && toView(document, (await getClinic(tx, subject.clinicId)).zone)
  })
  if (!found) return undefined
  await noteRead(audit, subject, [found])
  return found
}

/** An appointment that was just written, as it is answered. */
export function viewAppointment(
  { database }: Pick<ReadDeps, 'database'>,
  document: WireDocument<'appointments'>,
): Promise<AppointmentView> {
  return database.read(async (tx) => toView(document, (await getClinic(tx, document.clinicId)).zone))
}

/** One row per answer that carries patients' data, with the ids it carried. */
async function noteRead(audit: NoteAccess, subject: Subject, found: readonly { id: AppointmentId }[]): Promise<void> {
  if (found.length === 0) return
  const documentIds = found.map(({ id }) => id)
  await audit({ ...byWhom(subject), action: 'read', collection: 'appointments', documentIds })
}

/** With day and time on the clinic's wall, and without the mark that only replication needs. */
function toView({ _deleted: _, ...appointment }: WireDocument<'appointments'>, clinicZone: Zone): AppointmentView {
  const { day, time } = toLocal(appointment.start, clinicZone)
  return { ...appointment, date: day, time }
}
