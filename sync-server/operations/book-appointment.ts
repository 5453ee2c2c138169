import type { Subject } from '#domain/access/can.ts'
import type { BookBody } from '#domain/api/appointment-api.ts'
import type { AppointmentSeriesId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import { applyAppointmentChange } from './apply-appointment-change.ts'
import { asOutcome, type BookingAnswer, noteRead, refused } from './booking-answer.ts'
import { typesOf } from './booking-references.ts'
import type { BookingDeps } from './change-appointment.ts'
import { type KeyedRequest, onceByKey } from './idempotency.ts'
import { lockDocument } from './save-document.ts'
import { toWantedStart } from './wanted-start.ts'
import type { Outcome, WriteContext } from './write-context.ts'

/**
 * Books a visit of the type's length. An `id` of the client's that is taken already is a refusal, unless the appointment under
 * it is the one asked for: then the first answer was lost, and is given again.
 */
export function bookAppointment(
  { writer }: BookingDeps,
  subject: Subject,
  body: BookBody,
  keyed?: KeyedRequest,
): Promise<BookingAnswer> {
  return writer.submit<BookingAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    coming: async (ctx) => {
      const begin = await toWantedStart(ctx, body.start, body.doctorId)
      return begin.ok ? { ...body, start: begin.start } : undefined
    },
    run: (ctx) => onceByKey(ctx, keyed, 'book-appointment', () => bookWithin(ctx, subject, body)),
  })
}

/** The same inside a job that has its own reasons to book, through the job's door. */
export async function bookWithin(ctx: WriteContext, subject: Subject, body: BookBody): Promise<Outcome<BookingAnswer>> {
  const begin = await toWantedStart(ctx, body.start, body.doctorId)
  if (!begin.ok) return asOutcome(begin)
  const wanted = await toDocument(ctx, body, begin.start)
  const existing = body.id === undefined ? undefined : await lockDocument(ctx, 'appointments', body.id)
  if (!existing)
    return applyAppointmentChange(ctx, subject, { current: null, wanted, door: ctx.door, holdId: body.holdId })
  const isRepeat = existing.createdBy === subject.userId && isSameRequest(existing, wanted)
  if (isRepeat) noteRead(ctx, existing)
  return asOutcome(isRepeat ? { ok: true, appointment: existing } : refused({ reason: 'not-allowed', field: 'id' }))
}

/** A booking as a document; `seriesId` where it is part of one. */
export async function toDocument(
  ctx: WriteContext,
  body: BookBody,
  start: Instant,
  seriesId: AppointmentSeriesId | null = null,
): Promise<WireDocument<'appointments'>> {
  const type = (await typesOf(ctx)).get(body.typeId)
  return {
    id: body.id ?? ctx.newId(),
    doctorId: body.doctorId,
    patientId: body.patientId,
    typeId: body.typeId,
    locationId: null,
    roomId: body.roomId ?? null,
    equipmentIds: [],
    overbookReason: body.overbookReason ?? '',
    start,
    // Without a type there is nothing to book; which field is wrong is said by the rules.
    end: start + minutes(type?.durationMinutes ?? 1),
    status: body.isWalkIn ? 'arrived' : body.isConfirmed ? 'confirmed' : 'pending',
    reason: body.reason ?? '',
    note: body.note ?? '',
    cancelReason: '',
    arrivedAt: null,
    startedAt: null,
    finishedAt: null,
    ageAtVisit: null,
    ...SERVER_OWNED,
    origin: body.isWalkIn ? 'walk-in' : 'desk',
    seriesId,
    clinicId: ctx.clinicId,
    createdAt: ctx.now,
    updatedAt: ctx.now,
    _deleted: false,
  }
}

/** Blanks for what the booking rules fill in. */
const SERVER_OWNED = {
  zone: '',
  localDay: '',
  localStart: '',
  unplaced: null,
  cancelledAt: null,
  cancelledBy: null,
  cancelledByName: '',
  createdBy: null,
  createdByName: '',
  revision: 0,
} as const

const isSameRequest = (a: WireDocument<'appointments'>, b: WireDocument<'appointments'>): boolean =>
  a.doctorId === b.doctorId && a.patientId === b.patientId && a.typeId === b.typeId && a.start === b.start
