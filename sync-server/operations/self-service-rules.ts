/**
 * What the clinic asks of patients who book for themselves, and of nobody else. Judged on the server: a screen may be old, and
 * the API has none.
 */
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { isTooLateToChange } from '#domain/appointment/self-service.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { countUpcoming } from '#server/repositories/appointments.ts'
import { typesOf } from './booking-references.ts'
import { actsAsPatient } from './decide-booking.ts'
import { policiesOf } from './policies-of.ts'
import type { WriteContext } from './write-context.ts'

type Appointment = WireDocument<'appointments'>

/** A patient has only so many visits ahead, in all and of one type; the desk may book more for them. */
export async function refuseTooMany(
  ctx: WriteContext,
  wanted: Appointment,
  type: AppointmentType,
): Promise<Rejection | undefined> {
  if (!actsAsPatient(ctx.subject, { ...wanted, clinicId: ctx.clinicId })) return undefined
  const { maxUpcomingPerPatient } = await policiesOf(ctx)
  if (maxUpcomingPerPatient === 0 && type.patientLimit === 0) return undefined
  const ahead = await countUpcoming(ctx.tx, ctx.clinicId, wanted.patientId, ctx.now)
  const inAll = [...ahead.values()].reduce((sum, count) => sum + count, 0)
  if (maxUpcomingPerPatient > 0 && inAll >= maxUpcomingPerPatient)
    return { reason: 'limit-reached', field: 'patientId' }
  const ofType = ahead.get(wanted.typeId) ?? 0
  return type.patientLimit > 0 && ofType >= type.patientLimit ? { reason: 'limit-reached', field: 'typeId' } : undefined
}

/**
 * Patients move and cancel until so long before the visit, the longer of what clinic and type ask for; later they have to
 * call. What has no time yet can be given one or dropped at any moment.
 */
export async function refuseLateChange(ctx: WriteContext, current: Appointment): Promise<Rejection | undefined> {
  if (current.status === 'unplaced' || !actsAsPatient(ctx.subject, current)) return undefined
  if (current.start <= ctx.now) return { reason: 'in-the-past', field: 'start' }
  return (await isTooLateForPatient(ctx, current)) ? { reason: 'too-late', field: 'start' } : undefined
}

/** Whether a visit is so near that its patient has to call. */
export async function isTooLateForPatient(ctx: WriteContext, { typeId, start }: Appointment): Promise<boolean> {
  const { changeCutoffMinutes } = await policiesOf(ctx)
  const typeMinutes = (await typesOf(ctx)).get(typeId)?.changeCutoffMinutes ?? 0
  return isTooLateToChange(start, { clinicMinutes: changeCutoffMinutes, typeMinutes }, ctx.now)
}
