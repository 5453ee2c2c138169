/** A doctor's whole day called off or moved: every visit by the rules of a single one, and who is to be told. */
import { can, type Subject } from '#domain/access/can.ts'
import type { Call, CancelDayBody, MoveDayBody } from '#domain/api/series-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Tx } from '#server/database/dialect.ts'
import { listExpectedOfDay } from '#server/repositories/appointment-series.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import { findOwn } from './booking-references.ts'
import type { BookingDeps } from './change-appointment.ts'
import { changeEach, type VisitOutcome } from './visit-outcome.ts'
import { toWantedStart } from './wanted-start.ts'
import type { WriteContext } from './write-context.ts'

type Appointment = WireDocument<'appointments'>

export type DayAnswer = { readonly outcomes: readonly VisitOutcome[]; readonly calls: readonly Call[] }

/** Calls off what is still to come of the day. Undefined when there is no such doctor. */
export const cancelDoctorDay = (
  deps: BookingDeps,
  subject: Subject,
  doctorId: DoctorId,
  { day, reason }: CancelDayBody,
) => changeDay(deps, subject, doctorId, day, () => (visit) => ({ ...visit, status: 'cancelled', cancelReason: reason }))

/**
 * Gives every visit that is still to come the same wall time on another day, at another doctor, or both. What does not fit
 * keeps its old time and is answered with the reason. Undefined when there is no such doctor.
 */
export const moveDoctorDay = (
  deps: BookingDeps,
  subject: Subject,
  doctorId: DoctorId,
  { day, toDay = day, toDoctorId = doctorId }: MoveDayBody,
) =>
  changeDay(deps, subject, doctorId, day, (ctx) => async (visit) => {
    const begin = await toWantedStart(ctx, { day: toDay, time: visit.localStart }, toDoctorId)
    if (!begin.ok) return begin
    return { ...visit, doctorId: toDoctorId, start: begin.start, end: begin.start + visit.end - visit.start }
  })

type Change = Parameters<typeof changeEach>[2]

function changeDay(
  { writer }: BookingDeps,
  subject: Subject,
  doctorId: DoctorId,
  day: LocalDay,
  changeIn: (ctx: WriteContext) => Change,
): Promise<DayAnswer | undefined> {
  const { clinicId } = subject
  return writer.submit<DayAnswer | undefined>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      if (!(await findOwn(ctx, 'doctors', doctorId))) return { ok: false, value: undefined }
      const visits = await listExpectedOfDay(ctx.tx, clinicId, doctorId, day)
      const seen = visits.filter((visit) => can(subject, 'view-appointments', visit))
      const outcomes = await changeEach(ctx, seen, changeIn(ctx))
      const calls = await callsFor(
        ctx.tx,
        subject,
        outcomes.flatMap(({ answer }) => (answer.ok ? [answer.appointment] : [])),
      )
      ctx.addAudit({
        userId: subject.userId,
        action: 'read',
        collection: 'patients',
        documentIds: calls.map(({ patientId }) => patientId),
      })
      return { ok: true, value: { outcomes, calls } }
    },
  })
}

/** Who is to be told of these visits, as far as the subject may see the patients; those nobody can reach come first. */
export async function callsFor(tx: Tx, subject: Subject, visits: readonly Appointment[]): Promise<Call[]> {
  const patients = await findDocuments(tx, 'patients', [...new Set(visits.map(({ patientId }) => patientId))])
  const calls = visits.flatMap(({ id, patientId, doctorId, clinicId, start }) => {
    const patient = patients.find((each) => each.id === patientId && !each._deleted)
    if (!patient || !can(subject, 'view-patients', { clinicId, doctorId, patientId })) return []
    const { name, phone, email } = patient
    return [{ appointmentId: id, patientId, name, phone, email, isReachable: phone !== '' || email !== '', start }]
  })
  return calls.sort((a, b) => Number(a.isReachable) - Number(b.isReachable) || a.start - b.start)
}
