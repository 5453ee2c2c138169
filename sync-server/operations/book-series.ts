import { createHash } from 'node:crypto'
import type { Subject } from '#domain/access/can.ts'
import type { SeriesBody } from '#domain/api/series-api.ts'
import { occurrencesOf } from '#domain/appointment/series.ts'
import type { AppointmentSeriesId } from '#domain/ids.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import { isLocalDay, type LocalDay } from '#domain/time/clinic-time.ts'
import { LAST_DAY } from '#domain/time/instant.ts'
import { findSeries, insertSeries, listOfSeries } from '#server/repositories/appointment-series.ts'
import { applyAppointmentChange } from './apply-appointment-change.ts'
import { toDocument } from './book-appointment.ts'
import { accepted, type BookingAnswer } from './booking-answer.ts'
import type { BookingDeps } from './change-appointment.ts'
import { hashedId } from './hashed-id.ts'
import { IdempotencyKeyReused } from './idempotency.ts'
import type { VisitOutcome } from './visit-outcome.ts'
import { toWantedStart } from './wanted-start.ts'
import type { Outcome, WriteContext } from './write-context.ts'

export type SeriesAnswer = {
  /** null when nothing was booked. */
  readonly seriesId: AppointmentSeriesId | null
  readonly outcomes: readonly VisitOutcome[]
}

/**
 * Books the visits of a series in one transaction, each judged by itself at the same wall time; what cannot be had is answered
 * with its reason, or takes the others with it where all or nothing was asked for. A repeat under the same key books nothing and
 * answers with the visits as they are now.
 * @param key the request's `Idempotency-Key`
 * @throws IdempotencyKeyReused when the key came with another body
 */
export function bookSeries(
  { writer }: BookingDeps,
  subject: Subject,
  body: SeriesBody,
  key?: string,
): Promise<SeriesAnswer> {
  return writer.submit<SeriesAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: (ctx) => decide(ctx, subject, body, key),
  })
}

async function decide(
  ctx: WriteContext,
  subject: Subject,
  body: SeriesBody,
  key: string | undefined,
): Promise<Outcome<SeriesAnswer>> {
  const { tx, clinicId, now } = ctx
  const bodyHash = createHash('sha256').update(canonicalText(body)).digest('hex')
  const seriesId: AppointmentSeriesId =
    key === undefined ? ctx.newId() : hashedId(['series', clinicId, subject.userId, key])
  const known = key === undefined ? undefined : await findSeries(tx, clinicId, seriesId)
  if (known && known.bodyHash !== bodyHash) throw new IdempotencyKeyReused('This key was used with another body')
  if (known) return { ok: true, value: { seriesId, outcomes: await asBooked(ctx, seriesId) } }

  await insertSeries(tx, {
    id: seriesId,
    clinicId,
    rule: body.rule,
    bodyHash,
    createdBy: subject.userId,
    createdAt: now,
  })
  const outcomes: VisitOutcome[] = []
  const { day: first } = body.start
  const isPlanned = isLocalDay(first) && first <= LAST_DAY
  // A day that is none, or behind the last, is refused like that of a single visit.
  for (const day of isPlanned ? occurrencesOf(first, body.rule) : [first]) {
    outcomes.push({ day, answer: await bookOn(ctx, subject, body, day, seriesId) })
  }
  const booked = outcomes.filter(({ answer }) => answer.ok).length
  const isKept = body.isAllOrNothing ? booked === outcomes.length : booked > 0
  return {
    ok: isKept,
    value: { seriesId: isKept ? seriesId : null, outcomes: isKept ? outcomes : asRefused(outcomes) },
  }
}

async function bookOn(
  ctx: WriteContext,
  subject: Subject,
  body: SeriesBody,
  day: LocalDay,
  seriesId: AppointmentSeriesId,
): Promise<BookingAnswer> {
  const begin = await toWantedStart(ctx, { ...body.start, day }, body.doctorId)
  if (!begin.ok) return begin
  const { doctorId, patientId, typeId, reason, isConfirmed } = body
  const visit = { doctorId, patientId, typeId, start: begin.start }
  const details = { ...(reason !== undefined && { reason }), ...(isConfirmed !== undefined && { isConfirmed }) }
  const wanted = await toDocument(ctx, { ...visit, ...details }, begin.start, seriesId)
  return (await applyAppointmentChange(ctx, subject, { current: null, wanted, door: 'rest' })).value
}

async function asBooked({ tx, clinicId }: WriteContext, seriesId: AppointmentSeriesId): Promise<VisitOutcome[]> {
  const visits = await listOfSeries(tx, clinicId, seriesId)
  return visits.map((visit) => ({ day: visit.localDay, answer: accepted(visit) }))
}

/** What would have fitted is rolled back with the rest: no answer speaks of visits that are not there. */
const asRefused = (outcomes: readonly VisitOutcome[]): readonly VisitOutcome[] =>
  outcomes.filter(({ answer }) => !answer.ok)
