import { can, type Subject } from '#domain/access/can.ts'
import type { MoveSeriesBody } from '#domain/api/series-api.ts'
import { isToCome } from '#domain/appointment/series-place.ts'
import type { AppointmentSeriesId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { addDays, daysBetween, isLocalDay } from '#domain/time/clinic-time.ts'
import { listOfSeries } from '#server/repositories/appointment-series.ts'
import type { BookingDeps } from './change-appointment.ts'
import { changeEach, type VisitOutcome } from './visit-outcome.ts'
import { toWallTime, toWantedStart } from './wanted-start.ts'

type Appointment = WireDocument<'appointments'>

/**
 * Moves a visit of a series and those after it that are still to come: all by as many days, to the same wall time and doctor. One
 * that cannot follow keeps its time and is answered with the reason; where the first cannot have its place, nothing moves.
 * Undefined when the subject sees no such visit of the series.
 */
export function moveSeries(
  { writer }: BookingDeps,
  subject: Subject,
  id: AppointmentSeriesId,
  { appointmentId, start, doctorId: asked }: MoveSeriesBody,
): Promise<readonly VisitOutcome[] | undefined> {
  const { clinicId } = subject
  return writer.submit<readonly VisitOutcome[] | undefined>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const visits = await listOfSeries(ctx.tx, clinicId, id)
      const seen = visits.filter((visit) => can(subject, 'view-appointments', visit))
      const first = seen.find((visit) => visit.id === appointmentId)
      if (!first) return { ok: false, value: undefined }
      const doctorId = asked ?? first.doctorId
      const to = await toWallTime(ctx, start, doctorId)
      // A day that is none is refused with the first visit, and nothing follows it.
      const days = isLocalDay(to.day) ? daysBetween(first.localDay, to.day) : null
      const later = seen.filter((visit) => days !== null && visit.start > first.start && isToCome(visit, ctx.now))
      const moved = async (visit: Appointment) => {
        const day = visit.id === first.id ? to.day : addDays(visit.localDay, days ?? 0)
        const begin = await toWantedStart(ctx, { ...to, day }, doctorId)
        return begin.ok ? { ...visit, doctorId, start: begin.start, end: begin.start + visit.end - visit.start } : begin
      }
      // Each makes room for the one behind it before that comes.
      const isForward = (days ?? 0) > 0
      const changed = await changeEach(ctx, isForward ? [first, ...later].toReversed() : [first, ...later], moved)
      const outcomes = isForward ? changed.toReversed() : changed
      const isMoved = outcomes[0]?.answer.ok ?? false
      return { ok: isMoved, value: isMoved ? outcomes : outcomes.slice(0, 1) }
    },
  })
}
