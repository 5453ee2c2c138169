/** What a desk does to the waitlist, written to the local database first; offering a time is the server's own. */
import { can } from '#domain/access/can.ts'
import type { WaitlistEntryId } from '#domain/ids.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { type Desk, newId, subjectOf } from './desk.ts'
import { type LocalRefusal, refuse } from './place-check.ts'

export type LocalEntryWrite = { readonly ok: true; readonly entry: WaitlistEntry } | LocalRefusal

/** What somebody can use. */
export type EntryWishes = Partial<
  Pick<WaitlistEntry, 'typeId' | 'doctorIds' | 'weekdays' | 'fromTime' | 'untilTime' | 'fromDay' | 'untilDay' | 'note'>
>

/** Puts somebody on the waitlist. */
export async function addEntryLocally(
  desk: Desk,
  wish: Pick<WaitlistEntry, 'patientId' | 'typeId'> & EntryWishes,
): Promise<LocalEntryWrite> {
  const { user } = desk
  const now = desk.now()
  const entry: WaitlistEntry = {
    id: newId<'WaitlistEntry'>(now),
    clinicId: user.clinic.id,
    doctorIds: [],
    specialization: '',
    kind: 'wait',
    weekdays: [],
    fromTime: null,
    untilTime: null,
    fromDay: localDayOf(now, user.clinic.zone),
    untilDay: null,
    note: '',
    ...wish,
    status: 'waiting',
    appointmentId: null,
    createdBy: user.id,
    createdAt: now,
    updatedAt: now,
    revision: 0,
  }
  const problem = problemOf(desk, entry)
  if (problem) return problem
  await desk.database.waitlist_entries.insert(entry)
  return { ok: true, entry }
}

/** Changes what somebody waits for, takes them off the list, or back on. */
export async function changeEntryLocally(
  desk: Desk,
  id: WaitlistEntryId,
  change: EntryWishes & { readonly status?: 'waiting' | 'withdrawn' },
): Promise<LocalEntryWrite> {
  const document = await desk.database.waitlist_entries.findOne(id).exec()
  if (!document) return refuse('not-found')
  const problem = problemOf(desk, { ...(document.toJSON() as WaitlistEntry), ...change })
  if (problem) return problem
  const written = await document.incrementalModify((current) => ({ ...current, ...change, updatedAt: desk.now() }))
  return { ok: true, entry: written.toJSON() as WaitlistEntry }
}

function problemOf({ user }: Desk, entry: WaitlistEntry): LocalRefusal | undefined {
  const subject = subjectOf(user)
  const isNamed = subject.doctorId !== null && entry.doctorIds.includes(subject.doctorId)
  const { clinicId, patientId, fromDay, untilDay, fromTime, untilTime } = entry
  const row = { clinicId, patientId, doctorId: isNamed ? subject.doctorId : null }
  if (!can(subject, 'manage-waitlist', row)) return refuse('not-allowed')
  if (untilDay !== null && untilDay < fromDay) return refuse('end-before-start', 'untilDay')
  if (fromTime !== null && untilTime !== null && untilTime <= fromTime) return refuse('end-before-start', 'untilTime')
  return undefined
}
