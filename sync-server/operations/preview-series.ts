import type { Subject } from '#domain/access/can.ts'
import type { WallTime } from '#domain/api/appointment-api.ts'
import type { Occurrence, SeriesPreviewBody } from '#domain/api/series-api.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { insertSeries } from '#server/repositories/appointment-series.ts'
import { bookEach } from './book-series.ts'
import type { BookingDeps } from './change-appointment.ts'
import { proposeInstead } from './propose-instead.ts'
import type { VisitOutcome } from './visit-outcome.ts'

type Deps = BookingDeps & { readonly database: Database; readonly now: () => Instant }
type Tried = { readonly first: WallTime; readonly outcomes: readonly VisitOutcome[] }

/** As many as the panel offers for one visit. */
const MOST_ALTERNATIVES = 3
/** For so many visits of a series other times are looked for: each look costs as much as a search, and a series has up to 60 visits. */
const MOST_LOOKS = 12

/**
 * What booking the series now would come to, visit by visit, with ways on for what cannot be had. The visits are booked and rolled
 * back, so that the preview knows every rule of the booking; nothing of it stays. Other times are looked for only for the first dozen
 * that cannot be had.
 */
export async function previewSeries(
  deps: Deps,
  subject: Subject,
  body: SeriesPreviewBody,
): Promise<readonly Occurrence[]> {
  const { first, outcomes } = await deps.writer.submit<Tried>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const id = ctx.newId<'AppointmentSeries'>()
      const { clinicId, now: createdAt } = ctx
      const row = { id, clinicId, rule: body.rule, bodyHash: '', createdBy: subject.userId, createdAt }
      await insertSeries(ctx.tx, row)
      return { ok: false, value: await bookEach(ctx, subject, body, id) }
    },
  })
  const occurrences: Occurrence[] = []
  let looks = 0
  for (const outcome of outcomes) {
    if (!outcome.answer.ok) looks += 1
    occurrences.push(await toOccurrence(deps, subject, { ...body, start: first }, outcome, looks <= MOST_LOOKS))
  }
  return occurrences
}

async function toOccurrence(
  deps: Deps,
  subject: Subject,
  { doctorId, patientId, typeId, start }: Omit<SeriesPreviewBody, 'start'> & { readonly start: WallTime },
  { day, answer }: VisitOutcome,
  isLookedFor: boolean,
): Promise<Occurrence> {
  if (answer.ok) {
    const { appointment } = answer
    const place = { doctorId: appointment.doctorId, start: appointment.start, end: appointment.end }
    return { day, place, code: null, alternatives: [] }
  }
  const wish = { doctorId, patientId, typeId, start: { ...start, day } }
  const others = (isLookedFor && (await proposeInstead(deps, subject, answer.rejection, wish))) || []
  return { day, place: null, code: answer.rejection.reason, alternatives: others.slice(0, MOST_ALTERNATIVES) }
}
