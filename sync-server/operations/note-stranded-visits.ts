/**
 * The booked visits a change of hours leaves outside of them, as one row in its author's inbox; written in the transaction of
 * the change. Nothing is cancelled: the row is a worklist.
 *
 * There is one row for each schedule, so that a repeated change adds none, a later one corrects it, and one that strands
 * nothing takes it away. It belongs to whoever changed the hours last. Dismissed, it comes back only with another list.
 */
import { can, type Subject } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import {
  type DatedRange,
  rangeOn,
  strandedBetween,
  strandedBy,
  workingHoursBetween,
} from '#domain/schedule/working-hours.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { VISITS_STRANDED } from '#domain/sync/rejection-reasons.ts'
import {
  MAX_LISTED_VISITS,
  parseStrandedVisits,
  type StrandedVisit,
  type StrandedVisits,
} from '#domain/sync/stranded-visits.ts'
import { addDays, localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { type HeldTime, listHeldTime } from '#server/repositories/appointments.ts'
import { findDocument, findDocuments } from '#server/repositories/documents.ts'
import { listSchedules, listTemplates } from '#server/repositories/hours.ts'
import { hashedId } from './hashed-id.ts'
import { saveDocument } from './save-document.ts'
import type { WriteContext } from './write-context.ts'

type Schedule = WireDocument<'schedules'>
type InboxRow = WireDocument<'rejected_changes'>

/** How many days around a visit its hours may begin: a range runs past midnight, and zones lie a day apart. */
const AROUND_DAYS = 2

/**
 * Brings the author's row level with what the schedule strands.
 * @param before the schedule as it was; null when it is new
 * @param after as it is stored now
 */
export async function noteStrandedVisits(
  ctx: WriteContext,
  subject: Subject,
  before: Schedule | null,
  after: Schedule,
): Promise<void> {
  const id = hashedId<'RejectedChange'>([ctx.clinicId, 'schedules', after.id, VISITS_STRANDED])
  const known = await findDocument(ctx.tx, 'rejected_changes', id, { forUpdate: true })
  const listed = (known && parseStrandedVisits(known)?.visits) ?? []
  const stranded = await findStranded(ctx, { before, after, listed })
  const attempted = stranded.length === 0 ? '' : JSON.stringify(listOf(subject, after, stranded))
  // Level already, or dismissed as it is. The empty text is a row that was taken away, or never was.
  if (attempted === (known?.attempted ?? '')) return
  const row: InboxRow = {
    id,
    clinicId: ctx.clinicId,
    userId: subject.userId,
    collectionName: 'schedules',
    documentId: after.id,
    reason: VISITS_STRANDED,
    field: '',
    takenBy: '',
    takenAt: null,
    attempted,
    base: null,
    at: ctx.now,
    revision: known?.revision ?? 0,
    _deleted: stranded.length === 0,
  }
  await saveDocument(ctx, 'rejected_changes', known ?? null, row)
}

type Change = {
  readonly before: Schedule | null
  readonly after: Schedule
  /** What the row says so far. */
  readonly listed: readonly StrandedVisit[]
}

/**
 * The visits to come that lie outside the hours because of this schedule, in order of time: those its leave covers, those that
 * stood in the extra hours it no longer gives, and those that lost such hours by an earlier change of it. A visit under two
 * leaves counts for both: whichever is withdrawn, the other still lists it.
 */
async function findStranded(ctx: WriteContext, change: Change): Promise<readonly Appointment[]> {
  const covered = await heldIn(ctx, closingOf(change.after))
  const lost = await heldIn(ctx, givingOf(change.before))
  const carried = carriedOf(change)
  const ids = new Set([...covered, ...lost].map((visit) => visit.id).concat([...carried.keys()]))
  const visits = (await findDocuments(ctx.tx, 'appointments', [...ids])).filter((visit) => isToCome(ctx, visit))
  const hoursOf = hoursAround(ctx, change)
  const stranded: Appointment[] = []
  for (const visit of visits) {
    const hours = await hoursOf(visit)
    const before = carried.get(visit.id) === visit.start ? [visit] : hours.most
    stranded.push(...strandedBetween([visit], { before, now: hours.now }))
  }
  return stranded.sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
}

const closingOf = (schedule: Schedule | null) =>
  schedule && !schedule.isAvailable && !schedule._deleted ? schedule : null
const givingOf = (schedule: Schedule | null) => (schedule?.isAvailable && !schedule._deleted ? schedule : null)

async function heldIn({ tx, clinicId }: WriteContext, schedule: Schedule | null): Promise<readonly HeldTime[]> {
  return schedule ? listHeldTime(tx, clinicId, [schedule.doctorId], rangeOn(schedule.date, schedule)) : []
}

/** Listed visits that the leave did not cover lost extra hours, which nothing but the list remembers; with their starts. */
function carriedOf({ before, listed }: Change): ReadonlyMap<AppointmentId, Instant> {
  const leave = closingOf(before)
  const covered = leave ? strandedBy(leave, listed) : []
  return new Map(listed.filter((visit) => !covered.includes(visit)).map(({ id, start }) => [id, start]))
}

/** Has to be held somewhere: not over, and the patient neither seen nor called off. */
const isToCome = ({ now }: WriteContext, { status, end, _deleted }: WireDocument<'appointments'>): boolean =>
  !_deleted && end > now && (status === 'pending' || status === 'confirmed' || status === 'arrived')

type Hours = { readonly now: readonly Interval[]; readonly most: readonly Interval[] }

/** A doctor's hours around a visit as they are, and the most they could be: without any leave, with what was given before. */
function hoursAround(
  { tx, clinicId, recall }: WriteContext,
  { before }: Change,
): (visit: Appointment) => Promise<Hours> {
  const known = new Map<string, Hours>()
  const given = givingOf(before)
  return async ({ doctorId, start, zone }) => {
    const day = localDayOf(start, zone)
    const key = `${doctorId} ${day}`
    const days = { from: addDays(day, -AROUND_DAYS), until: addDays(day, AROUND_DAYS) }
    const reach = { from: addDays(days.from, -1), until: addDays(days.until, 1) }
    const hours = known.get(key) ?? (await read())
    known.set(key, hours)
    return hours

    async function read(): Promise<Hours> {
      const templates = await recall(`templates/${doctorId}`, () => listTemplates(tx, clinicId, [doctorId]))
      const schedules = await listSchedules(tx, clinicId, [doctorId], reach)
      const extra: readonly DatedRange[] = schedules.filter(({ isAvailable }) => isAvailable)
      const most = given?.doctorId === doctorId ? [...extra, given] : extra
      const within = (dated: readonly DatedRange[]) => workingHoursBetween({ templates, schedules: dated, ...days })
      return { now: within(schedules), most: within(most) }
    }
  }
}

/** What the author is told: whole lines only of visits they may see. */
function listOf(subject: Subject, schedule: Schedule, stranded: readonly Appointment[]): StrandedVisits {
  const seen = stranded.filter((visit) => can(subject, 'view-appointments', visit)).slice(0, MAX_LISTED_VISITS)
  const { doctorId, date, startTime, endTime, zone } = schedule
  return {
    schedule: { doctorId, date, startTime, endTime, zone, isLeave: closingOf(schedule) !== null },
    visits: seen.map(({ id, patientId, start, end }) => ({ id, patientId, start, end })),
    unlisted: stranded.length - seen.length,
  }
}
