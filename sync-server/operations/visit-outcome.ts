/** What came of each visit of a request about many. A refused one has written nothing, so the others stand without it. */
import type { WireDocument } from '#domain/sync/collections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { applyAppointmentChange } from './apply-appointment-change.ts'
import type { BookingAnswer } from './booking-answer.ts'
import type { WriteContext } from './write-context.ts'

type Appointment = WireDocument<'appointments'>

export type VisitOutcome = { readonly day: LocalDay; readonly answer: BookingAnswer }

/** Changes each visit by the rules of a single change, in the given order. */
export async function changeEach(
  ctx: WriteContext,
  visits: readonly Appointment[],
  change: (current: Appointment) => Appointment | BookingAnswer | Promise<Appointment | BookingAnswer>,
): Promise<VisitOutcome[]> {
  const outcomes: VisitOutcome[] = []
  for (const current of visits) {
    const wanted = await change(current)
    const answer =
      'ok' in wanted
        ? wanted
        : (await applyAppointmentChange(ctx, ctx.subject, { current, wanted, door: 'rest' })).value
    outcomes.push({ day: current.localDay, answer })
  }
  return outcomes
}
