import { can, type Subject } from '#domain/access/can.ts'
import type { CancelSeriesBody } from '#domain/api/series-api.ts'
import { isToCome } from '#domain/appointment/series-place.ts'
import type { AppointmentSeriesId } from '#domain/ids.ts'
import { findSeries, listOfSeries } from '#server/repositories/appointment-series.ts'
import type { BookingDeps } from './change-appointment.ts'
import { changeEach, type VisitOutcome } from './visit-outcome.ts'

/** Calls off what is still to come of a series. Undefined when there is none of that id with a visit the subject sees. */
export function cancelSeries(
  { writer }: BookingDeps,
  subject: Subject,
  id: AppointmentSeriesId,
  { reason, from = '' }: CancelSeriesBody,
): Promise<readonly VisitOutcome[] | undefined> {
  const { clinicId } = subject
  return writer.submit<readonly VisitOutcome[] | undefined>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      if (!(await findSeries(ctx.tx, clinicId, id))) return { ok: false, value: undefined }
      const visits = await listOfSeries(ctx.tx, clinicId, id)
      const seen = visits.filter((visit) => can(subject, 'view-appointments', visit))
      if (seen.length === 0) return { ok: false, value: undefined }
      const ahead = seen.filter((visit) => isToCome(visit, ctx.now) && visit.localDay >= from)
      const cancelled = (visit: (typeof ahead)[number]) =>
        ({ ...visit, status: 'cancelled', cancelReason: reason }) as const
      return { ok: true, value: await changeEach(ctx, ahead, cancelled) }
    },
  })
}
