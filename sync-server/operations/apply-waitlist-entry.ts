/** A waitlist entry as a person writes it: the desk for everybody, doctors for whom they are named, patients for themselves. */
import { can, type Subject } from '#domain/access/can.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection, RejectionReason } from '#domain/sync/rejection-reasons.ts'
import type { WaitlistStatus } from '#domain/waitlist/waitlist-schemas.ts'
import { findOwn, typesOf } from './booking-references.ts'
import { saveDocument } from './save-document.ts'
import { endOffersOf } from './settle-offers.ts'
import type { WriteContext } from './write-context.ts'

type Entry = WireDocument<'waitlist_entries'>
type Answer = { readonly ok: true; readonly stored: Entry } | { readonly ok: false; readonly rejection: Rejection }

/** Offering and booking are the server's own steps; a person waits, withdraws, and waits again. */
const BY_HAND: Readonly<Record<WaitlistStatus, readonly WaitlistStatus[]>> = {
  waiting: ['withdrawn'],
  offered: ['withdrawn'],
  withdrawn: ['waiting'],
  booked: [],
}

/** Stores an entry as somebody wants it, or says why not. An entry is withdrawn, never deleted. */
export async function applyWaitlistEntry(
  ctx: WriteContext,
  subject: Subject,
  current: Entry | null,
  wanted: Entry,
): Promise<Answer> {
  const forbidden =
    refuseAuthor(ctx, subject, current, wanted) ?? refuseContent(current, wanted) ?? (await refuseNames(ctx, wanted))
  if (forbidden) return { ok: false, rejection: forbidden }
  if (current && wanted.status === 'withdrawn') await endOffersOf(ctx, wanted.id)
  const owned = {
    clinicId: ctx.clinicId,
    appointmentId: current?.appointmentId ?? null,
    createdBy: current ? current.createdBy : subject.userId,
    createdAt: current?.createdAt ?? ctx.now,
  }
  return { ok: true, stored: await saveDocument(ctx, 'waitlist_entries', current, { ...wanted, ...owned }) }
}

const refuse = (reason: RejectionReason, field?: string): Rejection => ({
  reason,
  ...(field !== undefined && { field }),
})

function refuseAuthor(ctx: WriteContext, subject: Subject, current: Entry | null, wanted: Entry) {
  if (wanted._deleted) return refuse('not-allowed', '_deleted')
  if (current && current.patientId !== wanted.patientId) return refuse('not-allowed', 'patientId')
  const may = (entry: Entry) => mayManage(subject, { ...entry, clinicId: ctx.clinicId })
  return may(wanted) && (!current || may(current)) ? undefined : refuse('not-allowed')
}

/** True when the subject may see and change the entry; for a doctor, when they are one of those named. */
export function mayManage(subject: Subject, entry: Pick<Entry, 'clinicId' | 'patientId' | 'doctorIds'>): boolean {
  const isNamed = subject.doctorId !== null && entry.doctorIds.includes(subject.doctorId)
  const row = { clinicId: entry.clinicId, patientId: entry.patientId, doctorId: isNamed ? subject.doctorId : null }
  return can(subject, 'manage-waitlist', row)
}

function refuseContent(current: Entry | null, wanted: Entry): Rejection | undefined {
  const from = current?.status ?? 'waiting'
  if (wanted.status !== from && !(current && BY_HAND[from].includes(wanted.status)))
    return refuse('status-jump', 'status')
  if (wanted.untilDay !== null && wanted.untilDay < wanted.fromDay) return refuse('end-before-start', 'untilDay')
  const { fromTime, untilTime } = wanted
  const isBackwards = fromTime !== null && untilTime !== null && untilTime <= fromTime
  return isBackwards ? refuse('end-before-start', 'untilTime') : undefined
}

async function refuseNames(ctx: WriteContext, wanted: Entry): Promise<Rejection | undefined> {
  if (!(await findOwn(ctx, 'patients', wanted.patientId))) return refuse('unknown-reference', 'patientId')
  const type = (await typesOf(ctx)).get(wanted.typeId)
  if (!type || type._deleted) return refuse('unknown-reference', 'typeId')
  for (const id of wanted.doctorIds) {
    if (!(await findOwn(ctx, 'doctors', id))) return refuse('unknown-reference', 'doctorIds')
  }
  return undefined
}
