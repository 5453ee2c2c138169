import type { Subject } from '#domain/access/can.ts'
import type { WaitBody, WaitChange } from '#domain/api/waitlist-api.ts'
import type { WaitlistEntryId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { applyWaitlistEntry, mayManage } from './apply-waitlist-entry.ts'
import type { BookingDeps } from './change-appointment.ts'
import { lockDocument } from './save-document.ts'
import { type SeenRevision, wasSeen } from './seen-revision.ts'
import type { WriteContext } from './write-context.ts'

type Entry = WireDocument<'waitlist_entries'>
export type EntryAnswer =
  | { readonly ok: true; readonly stored: Entry }
  | { readonly ok: false; readonly rejection: Rejection }

const refuse = (reason: Rejection['reason'], field?: string): EntryAnswer => ({
  ok: false,
  rejection: { reason, ...(field !== undefined && { field }) },
})

/** Puts somebody on the waitlist, by the rules of a pushed entry. */
export function addWaitlistEntry({ writer }: BookingDeps, subject: Subject, body: WaitBody): Promise<EntryAnswer> {
  return write({ writer }, subject, async (ctx) => applyWaitlistEntry(ctx, subject, null, await toEntry(ctx, body)))
}

/** Changes what somebody waits for, takes them off, or back on. */
export function changeWaitlistEntry(
  deps: BookingDeps,
  subject: Subject,
  id: WaitlistEntryId,
  change: WaitChange,
  seen: SeenRevision,
): Promise<EntryAnswer> {
  return write(deps, subject, async (ctx) => {
    const current = await lockDocument(ctx, 'waitlist_entries', id)
    const isSeen = current && !current._deleted && current.clinicId === ctx.clinicId && mayManage(subject, current)
    if (!isSeen) return refuse('not-found')
    if (!wasSeen(seen, current.revision)) return refuse('stale-revision', 'if-match')
    return applyWaitlistEntry(ctx, subject, current, { ...current, ...(change as Partial<Entry>) })
  })
}

const write = ({ writer }: BookingDeps, subject: Subject, run: (ctx: WriteContext) => Promise<EntryAnswer>) =>
  writer.submit<EntryAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const value = await run(ctx)
      return { ok: value.ok, value }
    },
  })

async function toEntry({ tx, clinicId, now, newId }: WriteContext, body: WaitBody): Promise<Entry> {
  const { zone } = await getClinic(tx, clinicId)
  return {
    id: newId<'WaitlistEntry'>(),
    clinicId,
    kind: 'wait',
    doctorIds: [],
    specialization: '',
    weekdays: [],
    fromTime: null,
    untilTime: null,
    fromDay: localDayOf(now, zone),
    untilDay: null,
    note: '',
    ...(body as Partial<Entry> & Pick<Entry, 'patientId' | 'typeId'>),
    status: 'waiting',
    appointmentId: null,
    createdBy: null,
    createdAt: now,
    updatedAt: now,
    revision: 0,
    _deleted: false,
  }
}
