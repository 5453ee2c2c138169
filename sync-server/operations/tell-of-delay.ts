/**
 * The patients of a doctor who runs late are told so, once for each figure. The order waits out its undo before anything leaves;
 * what exactly each is told is judged when it is sent, like all messages (decision 0020).
 */
import type { Subject } from '#domain/access/can.ts'
import type { TellDelayAnswer } from '#domain/api/delay-api.ts'
import type { DoctorId, Id } from '#domain/ids.ts'
import { DELAY_UNDO_MS, stillToTell } from '#domain/schedule/doctor-delay.ts'
import { listExpectedOfDay } from '#server/repositories/appointment-series.ts'
import {
  type DelayNotice,
  deleteNoticesOfBatch,
  findDelay,
  insertDelayNotices,
  listDelayNotices,
  listNoticesOfBatch,
  toldOf,
} from '#server/repositories/delays.ts'
import type { BookingDeps } from './change-appointment.ts'
import { refuseDelay, tellOfDelays, todayOf, viewDelays } from './doctor-delay.ts'
import type { WriteContext } from './write-context.ts'

export type TellAnswer =
  | { readonly ok: true; readonly told: TellDelayAnswer }
  /** `stale-revision`: the doctor says another figure by now. */
  | { readonly ok: false; readonly reason: 'not-found' | 'not-allowed' | 'stale-revision' }

/** Tells those of today's patients to come who have not been told this figure; how many they are is the answer. */
export function tellOfDelay(
  { writer }: BookingDeps,
  subject: Subject,
  doctorId: DoctorId,
  minutes: number,
): Promise<TellAnswer> {
  return writer.submit<TellAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const value = await tell(ctx, subject, doctorId, minutes)
      return { ok: value.ok, value }
    },
  })
}

async function tell(ctx: WriteContext, subject: Subject, doctorId: DoctorId, minutes: number): Promise<TellAnswer> {
  const refusal = await refuseDelay(ctx, subject, doctorId)
  if (refusal) return { ok: false, reason: refusal }
  const { tx, clinicId, now } = ctx
  const day = await todayOf(tx, subject, now)
  const delay = await findDelay(tx, { clinicId, doctorId, day })
  if (delay?.minutes !== minutes) return { ok: false, reason: 'stale-revision' }
  const told = new Set<string>(toldOf(await listDelayNotices(tx, clinicId, day), delay))
  const visits = stillToTell(await listExpectedOfDay(tx, clinicId, doctorId, day), told, now)
  const batchId = ctx.newId<'DelayBatch'>()
  const rows: DelayNotice[] = visits.map(({ id }) => ({
    id: ctx.newId<'DelayNotice'>(),
    clinic_id: clinicId,
    doctor_id: doctorId,
    local_day: day,
    appointment_id: id,
    minutes,
    batch_id: batchId,
    created_at: now,
  }))
  if (rows.length > 0) {
    await insertDelayNotices(tx, rows)
    ctx.addEvent({ type: 'DoctorDelayTold', payload: { batchId, doctorId } })
    note(ctx, subject, 'delay-told', doctorId, rows.length)
    tellOfDelays(ctx, doctorId)
  }
  const [view] = await viewDelays(tx, subject, [delay], day)
  if (!view) throw new Error('A delay that was just read has no view')
  return { ok: true, told: { batchId, count: rows.length, delay: view } }
}

/** Takes an order back before anything has left. `gone`: it is too late, or there was none. */
export function takeBackTelling(
  { writer }: BookingDeps,
  subject: Subject,
  doctorId: DoctorId,
  batchId: Id<'DelayBatch'>,
): Promise<'taken-back' | 'not-found' | 'not-allowed' | 'gone'> {
  return writer.submit(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const refusal = await refuseDelay(ctx, subject, doctorId)
      if (refusal) return { ok: false, value: refusal }
      const { tx, clinicId, now } = ctx
      const [first, ...others] = (await listNoticesOfBatch(tx, clinicId, batchId)).filter(
        (row) => row.doctor_id === doctorId,
      )
      if (!first || now >= first.created_at + DELAY_UNDO_MS) return { ok: false, value: 'gone' }
      await deleteNoticesOfBatch(tx, clinicId, batchId)
      note(ctx, subject, 'delay-telling-undone', doctorId, 1 + others.length)
      tellOfDelays(ctx, doctorId)
      return { ok: true, value: 'taken-back' }
    },
  })
}

const note = ({ addAudit }: WriteContext, { userId }: Subject, action: string, doctorId: DoctorId, count: number) =>
  addAudit({ userId, action, collection: 'doctors', documentIds: [doctorId], detail: { count } })
