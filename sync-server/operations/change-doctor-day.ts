/** A doctor's whole day called off or moved: every visit by the rules of a single one, and who is to be told. */
import { can, type Subject } from '#domain/access/can.ts'
import type { Call, CancelDayBody, ChangeDayAnswer, ChangeDayBody, MoveDayBody } from '#domain/api/series-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Tx } from '#server/database/dialect.ts'
import { listExpectedOfDay } from '#server/repositories/appointment-series.ts'
import { putCallTask } from '#server/repositories/call-tasks.ts'
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

/**
 * Gives each visit that is named its own time, or calls it off; what is not named stays. A visit that is no longer expected on that
 * day is answered as one that has moved on. Undefined when there is no such doctor.
 */
export async function changeDoctorDay(
  deps: BookingDeps,
  subject: Subject,
  doctorId: DoctorId,
  { day, reason, isMessaged, visits }: ChangeDayBody,
): Promise<ChangeDayAnswer['outcomes'] | undefined> {
  const wishes = new Map(visits.map(({ appointmentId, to }) => [appointmentId, to]))
  const change: Change = (visit) => {
    const to = wishes.get(visit.id)
    if (!to) return { ...visit, status: 'cancelled', cancelReason: reason }
    return { ...visit, doctorId: to.doctorId, start: to.start, end: to.start + visit.end - visit.start }
  }
  const isWanted = ({ id }: Appointment): boolean => wishes.has(id)
  const done = await changeDay(deps, subject, doctorId, day, () => change, { isMessaged, isWanted })
  if (!done) return undefined
  const answers = new Map(done.visits.map(({ id }, index) => [id, done.outcomes[index]?.answer]))
  return visits.map(({ appointmentId }) => {
    const answer = answers.get(appointmentId)
    if (answer?.ok) return { appointmentId, revision: answer.appointment.revision, code: null }
    return { appointmentId, revision: null, code: answer?.rejection.reason ?? 'status-jump' }
  })
}

type Change = Parameters<typeof changeEach>[2]
type Extent = { readonly isMessaged: boolean; readonly isWanted: (visit: Appointment) => boolean }
const EVERYBODY: Extent = { isMessaged: true, isWanted: () => true }
type Changed = DayAnswer & { readonly visits: readonly Appointment[] }

function changeDay(
  { writer }: BookingDeps,
  subject: Subject,
  doctorId: DoctorId,
  day: LocalDay,
  changeIn: (ctx: WriteContext) => Change,
  { isMessaged, isWanted }: Extent = EVERYBODY,
): Promise<Changed | undefined> {
  const { clinicId } = subject
  return writer.submit<Changed | undefined>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      if (!(await findOwn(ctx, 'doctors', doctorId))) return { ok: false, value: undefined }
      const visits = await listExpectedOfDay(ctx.tx, clinicId, doctorId, day)
      const seen = visits.filter((visit) => can(subject, 'view-appointments', visit) && isWanted(visit))
      const outcomes = await changeEach(ctx, seen, changeIn(ctx))
      for (const [index, before] of seen.entries()) await noteCall(ctx, before, outcomes[index], isMessaged)
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
      return { ok: true, value: { outcomes, calls, visits: seen } }
    },
  })
}

/** Somebody has to tell the patient, who may not read messages; ticked off in the list of the day. */
async function noteCall(
  { tx, clinicId, now }: WriteContext,
  before: Appointment,
  outcome: VisitOutcome | undefined,
  isMessaged: boolean,
): Promise<void> {
  if (!outcome?.answer.ok) return
  const { id, revision, status } = outcome.answer.appointment
  await putCallTask(tx, {
    clinic_id: clinicId,
    appointment_id: id,
    doctor_id: before.doctorId,
    day: before.localDay,
    kind: status === 'cancelled' ? 'cancelled' : 'moved',
    was_at: before.start,
    revision,
    is_messaged: isMessaged ? 1 : 0,
    created_at: now,
    done_at: null,
    done_by_name: '',
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
