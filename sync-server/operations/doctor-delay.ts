/**
 * How late a doctor says they run today. Said by the doctor or at the desk; it holds for the day by the clinic's calendar, or
 * until it is set back to 0. Every change is told to the desks and the doctor (live-names.ts).
 */
import { clinicAudience, doctorAudience } from '#domain/access/audiences.ts'
import { can, type Subject } from '#domain/access/can.ts'
import type { DelayView } from '#domain/api/delay-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import { addDays, type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import {
  type Delay,
  deleteDelaysBefore,
  listDelayNotices,
  listDelays,
  saveDelay,
  toldOf,
} from '#server/repositories/delays.ts'
import { findDocument } from '#server/repositories/documents.ts'
import type { BookingDeps } from './change-appointment.ts'
import type { WriteContext } from './write-context.ts'

export type DelayAnswer =
  | { readonly ok: true; readonly delay: DelayView }
  | { readonly ok: false; readonly reason: 'not-found' | 'not-allowed' }

/** For whoever asks later on the same day why a patient was told something. */
const KEPT_DAYS = 30

/** What stands today for the doctors whose visits the subject may see. */
export async function showDelays(
  { database, now }: { readonly database: Database; readonly now: () => Instant },
  subject: Subject,
): Promise<DelayView[]> {
  const { clinicId } = subject
  return database.read(async (tx) => {
    const day = await todayOf(tx, subject, now())
    const seen = (await listDelays(tx, clinicId, day)).filter((delay) => can(subject, 'view-appointments', delay))
    return viewDelays(tx, subject, seen, day)
  })
}

/** Says how late the doctor runs from now on; the same figure again changes nothing. */
export function setDelay(
  { writer }: BookingDeps,
  subject: Subject,
  doctorId: DoctorId,
  minutes: number,
): Promise<DelayAnswer> {
  return writer.submit<DelayAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const refusal = await refuseDelay(ctx, subject, doctorId)
      if (refusal) return { ok: false, value: { ok: false, reason: refusal } }
      const { tx, clinicId, now } = ctx
      const day = await todayOf(tx, subject, now)
      const delay: Delay = { clinicId, doctorId, day, minutes, setBy: subject.userId, setAt: now }
      const before = (await listDelays(tx, clinicId, day)).find((one) => one.doctorId === doctorId)
      if ((before?.minutes ?? 0) !== minutes) {
        await deleteDelaysBefore(tx, clinicId, addDays(day, -KEPT_DAYS))
        await saveDelay(tx, delay)
        tellOfDelays(ctx, doctorId)
        const what = { action: 'delay-set', collection: 'doctors', documentIds: [doctorId], detail: { minutes } }
        ctx.addAudit({ userId: subject.userId, ...what })
      }
      const [view] = await viewDelays(tx, subject, [before?.minutes === minutes ? before : delay], day)
      if (!view) throw new Error('A delay that was just written has no view')
      return { ok: true, value: { ok: true, delay: view } }
    },
  })
}

/** Whoever may follow a doctor's visits may say how late they run. */
export async function refuseDelay(
  { tx, clinicId }: WriteContext,
  subject: Subject,
  doctorId: DoctorId,
): Promise<'not-found' | 'not-allowed' | undefined> {
  const doctor = await findDocument(tx, 'doctors', doctorId)
  if (!doctor || doctor._deleted || doctor.clinicId !== clinicId) return 'not-found'
  return can(subject, 'check-in-patient', { clinicId, doctorId }) ? undefined : 'not-allowed'
}

export const tellOfDelays = ({ touch, clinicId }: WriteContext, doctorId: DoctorId): void =>
  touch('delays', [clinicAudience(clinicId), doctorAudience(doctorId)])

export async function todayOf(tx: Tx, { clinicId }: Pick<Subject, 'clinicId'>, now: Instant): Promise<LocalDay> {
  return localDayOf(now, (await getClinic(tx, clinicId)).zone)
}

export async function viewDelays(
  tx: Tx,
  { clinicId }: Pick<Subject, 'clinicId'>,
  delays: readonly Delay[],
  day: LocalDay,
): Promise<DelayView[]> {
  if (delays.length === 0) return []
  const notices = await listDelayNotices(tx, clinicId, day)
  return delays.map((delay) => ({
    doctorId: delay.doctorId,
    day,
    minutes: delay.minutes,
    setAt: delay.setAt,
    told: toldOf(notices, delay),
  }))
}
