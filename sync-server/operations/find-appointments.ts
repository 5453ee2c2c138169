import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import type { ListQuery } from '#domain/api/appointment-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { daysBetween, isLocalDay } from '#domain/time/clinic-time.ts'
import type { Database } from '#server/database/database.ts'
import type { Tx } from '#server/database/dialect.ts'
import { isVisibleTo } from '#server/repositories/document-views.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listVisibleAppointments } from '#server/repositories/visible-appointments.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'

export type ReadDeps = { readonly database: Database; readonly audit: NoteAccess }

const MOST_DAYS = 62

export type ListAnswer =
  | { readonly ok: true; readonly appointments: Appointment[] }
  | {
      readonly ok: false
      readonly reason: 'invalid-field' | 'end-before-start' | 'range-too-long'
      readonly field: 'from' | 'to'
    }

/** The appointments of some local days that the subject sees. Durable in the audit log before it returns. */
export async function listAppointments(
  { database, audit }: ReadDeps,
  subject: Subject,
  { from, to, doctorId, patientId }: ListQuery,
): Promise<ListAnswer> {
  if (!isLocalDay(from)) return { ok: false, reason: 'invalid-field', field: 'from' }
  if (!isLocalDay(to)) return { ok: false, reason: 'invalid-field', field: 'to' }
  if (to < from) return { ok: false, reason: 'end-before-start', field: 'to' }
  if (daysBetween(from, to) >= MOST_DAYS) return { ok: false, reason: 'range-too-long', field: 'to' }
  const range = { clinicId: subject.clinicId, from, until: to, doctorId, patientId }
  const found = await database.read((tx) => listVisibleAppointments(tx, range, audiencesFor(subject, 'appointments')))
  await noteRead(audit, subject, found)
  return { ok: true, appointments: found.map(toAnswer) }
}

/** One appointment, or undefined when there is none or the subject does not see it. Durable in the audit log before it returns. */
export async function findAppointment(
  { database, audit }: ReadDeps,
  subject: Subject,
  id: AppointmentId,
): Promise<Appointment | undefined> {
  const found = await database.read((tx) => findVisible(tx, subject, id))
  if (!found) return undefined
  await noteRead(audit, subject, [found])
  return toAnswer(found)
}

async function findVisible(tx: Tx, subject: Subject, id: AppointmentId) {
  const document = await findDocument(tx, 'appointments', id)
  if (!document || document._deleted || document.clinicId !== subject.clinicId) return undefined
  for (const audience of audiencesFor(subject, 'appointments')) {
    const key = { clinicId: subject.clinicId, collection: 'appointments', audience, documentId: id } as const
    if (await isVisibleTo(tx, key)) return document
  }
  return undefined
}

/** One row per answer that carries patients' data, with the ids it carried. */
async function noteRead(audit: NoteAccess, subject: Subject, found: readonly { id: AppointmentId }[]): Promise<void> {
  if (found.length === 0) return
  const documentIds = found.map(({ id }) => id)
  await audit({ ...byWhom(subject), action: 'read', collection: 'appointments', documentIds })
}

/** Without the mark that only replication needs. */
export function toAnswer({ _deleted: _, ...appointment }: WireDocument<'appointments'>): Appointment {
  return appointment
}
