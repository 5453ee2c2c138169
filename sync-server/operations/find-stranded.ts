/** The worklist of stranded visits: booked, still to be held, and without a place. Computed, so that it is never out of date. */
import { can, type Subject } from '#domain/access/can.ts'
import type { StrandedFilter, StrandedReason, StrandedRow } from '#domain/api/availability-api.ts'
import type { DoctorId, RoomId } from '#domain/ids.ts'
import { isInsideHours } from '#domain/schedule/working-hours.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { listActiveDoctors } from '#server/repositories/people.ts'
import { listRooms } from '#server/repositories/resources.ts'
import { listComingVisits } from '#server/repositories/taken-time.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import { toStranded } from './availability-impact.ts'
import { proposeFor } from './find-alternatives.ts'
import { hoursOn, isToCome, loadHoursRows } from './stranded-visits.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }
type Visit = WireDocument<'appointments'>

export type StrandedPlace = { readonly start: Instant; readonly id: string }
export type StrandedPage = { readonly limit: number; readonly after: StrandedPlace | null }
export type StrandedFound = { readonly appointments: StrandedRow[]; readonly last: StrandedPlace | null }

const MOST_ALTERNATIVES = 3
/** Visits looked at in one reading; most of them lie where they should. */
const AT_ONCE = 500

/** A page of the stranded visits that the subject sees, in order of time. Durable in the audit log before it returns. */
export async function findStranded(
  { database, now, audit }: Deps,
  subject: Subject,
  query: StrandedFilter,
  page: StrandedPage,
): Promise<StrandedFound> {
  const found = await database.read((tx) => readPage(tx, { subject, now: now(), ...query }, page))
  const documentIds = found.appointments.map(({ id }) => id)
  if (documentIds.length > 0)
    await audit({ ...byWhom(subject), action: 'read', collection: 'appointments', documentIds })
  return found
}

type Question = StrandedFilter & { readonly subject: Subject; readonly now: Instant }

async function readPage(tx: Tx, question: Question, { limit, after }: StrandedPage): Promise<StrandedFound> {
  const judge = await judgeIn(tx, question)
  const rows: { readonly visit: Visit; readonly reason: StrandedReason }[] = []
  for (let place = after; rows.length <= limit; ) {
    const { subject, now, doctorId } = question
    const visits = await listComingVisits(tx, subject.clinicId, now, { doctorId, after: place, limit: AT_ONCE })
    rows.push(...(await judge(visits)))
    const last = visits.at(-1)
    if (!last || visits.length < AT_ONCE) break
    place = { start: last.start, id: last.id }
  }
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1)?.visit : undefined
  const appointments: StrandedRow[] = []
  for (const { visit, reason } of shown)
    appointments.push({ ...toStranded(visit), reason, ...(await waysOn(tx, question, visit)) })
  return { appointments, last: last ? { start: last.start, id: last.id } : null }
}

/** Picks from visits in order those that the subject sees and that have no place, with the reason. */
async function judgeIn(tx: Tx, { subject, now }: Question) {
  const { clinicId } = subject
  const doctors = new Set<DoctorId>((await listActiveDoctors(tx, clinicId)).map(({ id }) => id))
  const closed = new Set<RoomId>(
    (await listRooms(tx, clinicId)).filter(({ isActive }) => !isActive).map(({ id }) => id),
  )
  return async (visits: readonly Visit[]) => {
    const seen = visits.filter((visit) => isToCome(now, visit) && can(subject, 'view-appointments', visit))
    const rows = await loadHoursRows(tx, clinicId, seen)
    const hours = new Map(
      [...rows].map(([id, each]) => [
        id,
        hoursOn(
          each,
          seen.filter(({ doctorId }) => doctorId === id),
        ),
      ]),
    )
    const reasonOf = (visit: Visit): StrandedReason | undefined => {
      if (!doctors.has(visit.doctorId)) return 'doctor-inactive'
      if (!isInsideHours(visit, hours.get(visit.doctorId) ?? [])) return 'outside-hours'
      return visit.roomId !== null && closed.has(visit.roomId) ? 'room-inactive' : undefined
    }
    return seen.flatMap((visit) => {
      const reason = reasonOf(visit)
      return reason ? [{ visit, reason }] : []
    })
  }
}

async function waysOn(
  tx: Tx,
  { subject, now, alternatives }: Question,
  visit: Visit,
): Promise<Pick<StrandedRow, 'alternatives'>> {
  if (!alternatives) return {}
  const found = await proposeFor(tx, { subject, appointment: visit, permission: 'move-appointment', now })
  return { alternatives: found.slice(0, MOST_ALTERNATIVES) }
}
