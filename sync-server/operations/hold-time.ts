import { can, type Subject } from '#domain/access/can.ts'
import type { HoldBody } from '#domain/api/hold-api.ts'
import type { PatientId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { type Instant, seconds } from '#domain/time/instant.ts'
import { deleteExpiredHolds, deleteHoldsOfUser, type Hold, insertHold } from '#server/repositories/holds.ts'
import { toDocument } from './book-appointment.ts'
import { findReferences } from './booking-references.ts'
import type { BookingDeps } from './change-appointment.ts'
import { actsAsPatient, decideTime } from './decide-booking.ts'
import { policiesOf } from './policies-of.ts'
import { redeemHold } from './redeem-hold.ts'
import { tellOfHolds } from './tell-of-holds.ts'
import { toWantedStart } from './wanted-start.ts'
import type { WriteContext } from './write-context.ts'

export type HoldAnswer =
  | { readonly ok: true; readonly hold: Hold }
  | { readonly ok: false; readonly rejection: Rejection }

/** Stands for the patient while nobody is named: no visit is anybody's of this id, so nobody is busy. */
const NOBODY = '00000000-0000-0000-0000-000000000000' as PatientId

/**
 * Keeps a time free by the rules of a booking, decided under the clinic's lock like one, until the clinic's `holdSeconds` have
 * passed by the server's clock. A patient has one hold at a time: a further one takes the place of the last.
 */
export function holdTime({ writer }: BookingDeps, subject: Subject, body: HoldBody): Promise<HoldAnswer> {
  return writer.submit<HoldAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const value = await decide(ctx, subject, body)
      return { ok: value.ok, value }
    },
  })
}

async function decide(ctx: WriteContext, subject: Subject, body: HoldBody): Promise<HoldAnswer> {
  const { holdSeconds } = await policiesOf(ctx)
  return keepTime(ctx, subject, body, { expiresAt: ctx.now + seconds(holdSeconds), waitlistEntryId: null })
}

/** The same inside a transaction, for holds of any length; `subject` is who may redeem it. */
export async function keepTime(
  ctx: WriteContext,
  subject: Subject,
  body: HoldBody,
  { expiresAt, waitlistEntryId }: { readonly expiresAt: Instant } & Pick<Hold, 'waitlistEntryId'>,
): Promise<HoldAnswer> {
  const { tx, clinicId, now } = ctx
  const { doctorId, typeId } = body
  const patientId = body.patientId ?? null
  if (!can(subject, 'book-appointment', { clinicId, doctorId, patientId })) return refuse({ reason: 'not-allowed' })
  const begin = await toWantedStart(ctx, body.start, doctorId)
  if (!begin.ok) return begin
  const found = await findReferences(ctx, { doctorId, typeId, patientId, locationId: null })
  if (!found.ok) return found
  await deleteExpiredHolds(tx, clinicId, now)
  await redeemHold(ctx, body.replaces)
  if (patientId !== null && actsAsPatient(subject, { clinicId, doctorId, patientId })) {
    for (const freed of await deleteHoldsOfUser(tx, clinicId, subject.userId)) tellOfHolds(ctx, freed)
  }
  const wanted = await asVisit(ctx, { ...body, patientId: patientId ?? NOBODY }, begin.start)
  const claim = await decideTime(ctx, { subject, door: ctx.door, wanted, current: null, references: found.references })
  if (!claim.ok) return refuse(claim.rejection)
  const hold: Hold = {
    id: ctx.newId<'Hold'>(),
    clinicId,
    doctorId,
    patientId,
    typeId,
    roomId: claim.roomId,
    equipmentIds: claim.equipmentIds,
    start: wanted.start,
    end: wanted.end,
    userId: subject.userId,
    waitlistEntryId,
    expiresAt,
    createdAt: now,
  }
  await insertHold(tx, hold)
  tellOfHolds(ctx, doctorId)
  return { ok: true, hold }
}

const refuse = (rejection: Rejection): HoldAnswer => ({ ok: false, rejection })

function asVisit(
  ctx: WriteContext,
  { doctorId, typeId, patientId, start, roomId }: HoldBody & { readonly patientId: PatientId },
  begin: Instant,
): Promise<WireDocument<'appointments'>> {
  return toDocument(ctx, { doctorId, typeId, patientId, start, ...(roomId && { roomId }) }, begin)
}
