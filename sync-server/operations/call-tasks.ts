/** The calls to make after a doctor's day was changed: who sees them, and what is ticked off. */
import { can, type Subject } from '#domain/access/can.ts'
import type { CallTask, TickTaskBody } from '#domain/api/series-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { type CallTaskRow, findCallTask, listCallTasks, tickCallTask } from '#server/repositories/call-tasks.ts'
import { findDocument, findDocuments } from '#server/repositories/documents.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import { authorName } from './author-of.ts'
import type { BookingDeps } from './change-appointment.ts'

type Deps = BookingDeps & { readonly database: Database; readonly audit: NoteAccess }

/** The calls about a doctor's day, on the audit log before it returns; undefined without such a doctor. */
export async function listTasks(
  { database, audit }: Pick<Deps, 'database' | 'audit'>,
  subject: Subject,
  doctorId: DoctorId,
  day: LocalDay,
): Promise<readonly CallTask[] | undefined> {
  const tasks = await database.read(async (tx) => {
    const doctor = await findDocument(tx, 'doctors', doctorId)
    if (!doctor || doctor._deleted || doctor.clinicId !== subject.clinicId) return undefined
    return toTasks(tx, subject, await listCallTasks(tx, subject.clinicId, doctorId, day))
  })
  const documentIds = tasks?.map(({ patientId }) => patientId) ?? []
  if (documentIds.length > 0) await audit({ ...byWhom(subject), action: 'read', collection: 'patients', documentIds })
  return tasks
}

/** With the patients as they are now, as far as the subject may see them. */
async function toTasks(tx: Tx, subject: Subject, rows: readonly CallTaskRow[]): Promise<CallTask[]> {
  const visits = await findDocuments(
    tx,
    'appointments',
    rows.map((row) => row.appointment_id),
  )
  const patients = await findDocuments(tx, 'patients', [...new Set(visits.map(({ patientId }) => patientId))])
  return rows.flatMap((row) => {
    const visit = visits.find(({ id }) => id === row.appointment_id)
    const patient = patients.find(({ id, _deleted }) => id === visit?.patientId && !_deleted)
    if (!visit || !patient || !mayCall(subject, row, visit) || !isToTell(row, visit)) return []
    const { name, phone, email } = patient
    return [
      {
        appointmentId: visit.id,
        patientId: patient.id,
        name,
        phone,
        email,
        kind: row.kind,
        wasAt: row.was_at,
        start: visit.start,
        doctorId: visit.doctorId,
        isMessaged: row.is_messaged === 1,
        doneAt: row.done_at,
        doneByName: row.done_by_name,
      },
    ]
  })
}

/** A change that was taken back since is no news for anybody. */
const isToTell = (row: CallTaskRow, { status, start, doctorId }: WireDocument<'appointments'>): boolean =>
  row.kind === 'cancelled' ? status === 'cancelled' : start !== row.was_at || doctorId !== row.doctor_id

/** Whose day it was counts: the visit may have gone to somebody else's. */
const mayCall = (subject: Subject, row: CallTaskRow, { clinicId, patientId }: WireDocument<'appointments'>): boolean =>
  can(subject, 'view-patients', { clinicId, doctorId: row.doctor_id, patientId })

/** Ticks a call off or takes the tick back, and answers whether there is such a call for the subject. */
export function tickTask(
  { writer }: Pick<Deps, 'writer'>,
  subject: Subject,
  doctorId: DoctorId,
  { day, appointmentId, isDone }: TickTaskBody,
): Promise<boolean> {
  const { clinicId, userId } = subject
  return writer.submit<boolean>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const row = await findCallTask(ctx.tx, clinicId, appointmentId)
      const visit = row && (await findDocument(ctx.tx, 'appointments', appointmentId))
      const isThere = row?.doctor_id === doctorId && row.day === day && visit && mayCall(subject, row, visit)
      if (!isThere) return { ok: false, value: false }
      await tickCallTask(
        ctx.tx,
        clinicId,
        appointmentId,
        isDone ? { at: ctx.now, byName: await authorName(ctx) } : null,
      )
      ctx.addAudit({ userId, action: 'call-ticked', collection: 'appointments', documentIds: [appointmentId] })
      return { ok: true, value: true }
    },
  })
}
