import { createHash } from 'node:crypto'
import type { Subject } from '#domain/access/can.ts'
import type { WallTime } from '#domain/api/appointment-api.ts'
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
import { redeemOwnHold } from './redeem-hold.ts'
import type { VisitOutcome } from './visit-outcome.ts'
import { toWallTime, toWantedStart } from './wanted-start.ts'
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
  const { outcomes } = await bookEach(ctx, subject, body, seriesId)
  const booked = outcomes.filter(({ answer }) => answer.ok).length
  const isKept = body.isAllOrNothing ? booked === outcomes.length : booked > 0
  return {
    ok: isKept,
    value: { seriesId: isKept ? seriesId : null, outcomes: isKept ? outcomes : asRefused(outcomes) },
  }
}

/** Every visit of the series by itself, in the order of the plan; `first` is the wall time they share. */
export async function bookEach(
  ctx: WriteContext,
  subject: Subject,
  body: SeriesBody,
  seriesId: AppointmentSeriesId,
): Promise<{ readonly first: WallTime; readonly outcomes: readonly VisitOutcome[] }> {
  const outcomes: VisitOutcome[] = []
  const first = await toWallTime(ctx, body.start, body.doctorId)
  const isPlanned = isLocalDay(first.day) && first.day <= LAST_DAY
  // A day that is none, or behind the last, is refused like that of a single visit.
  for (const day of isPlanned ? occurrencesOf(first.day, body.rule) : [first.day]) {
    if (body.leftOut?.includes(day)) continue
    const place = body.instead?.find((each) => each.day === day)
    const wanted = place ?? { doctorId: body.doctorId, start: onDay(first, day) }
    outcomes.push({ day, answer: await bookAt(ctx, subject, body, wanted, seriesId) })
  }
  return { first, outcomes }
}

/** Which of a repeated hour is meant is said of its own day alone. */
const onDay = ({ repeat, ...first }: WallTime, day: LocalDay): WallTime =>
  repeat !== undefined && day === first.day ? { ...first, repeat } : { ...first, day }

async function bookAt(
  ctx: WriteContext,
  subject: Subject,
  { patientId, typeId, reason, isConfirmed }: SeriesBody,
  { doctorId, start }: Pick<SeriesBody, 'doctorId' | 'start'>,
  seriesId: AppointmentSeriesId,
): Promise<BookingAnswer> {
  const begin = await toWantedStart(ctx, start, doctorId)
  if (!begin.ok) return begin
  const visit = { doctorId, patientId, typeId, start: begin.start }
  const details = { ...(reason !== undefined && { reason }), ...(isConfirmed !== undefined && { isConfirmed }) }
  const wanted = await toDocument(ctx, { ...visit, ...details }, begin.start, seriesId)
  await redeemOwnHold(ctx, wanted)
  return (await applyAppointmentChange(ctx, subject, { current: null, wanted, door: 'rest' })).value
}

async function asBooked({ tx, clinicId }: WriteContext, seriesId: AppointmentSeriesId): Promise<VisitOutcome[]> {
  const visits = await listOfSeries(tx, clinicId, seriesId)
  return visits.map((visit) => ({ day: visit.localDay, answer: accepted(visit) }))
}

/** What would have fitted is rolled back with the rest: no answer speaks of visits that are not there. */
const asRefused = (outcomes: readonly VisitOutcome[]): readonly VisitOutcome[] =>
  outcomes.filter(({ answer }) => !answer.ok)
