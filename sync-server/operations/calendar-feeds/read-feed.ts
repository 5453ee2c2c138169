/** What a calendar gets that knows a feed's secret: the visits its owner may see now, never more. */
import { audiencesFor } from '#domain/access/audiences.ts'
import { can, type Subject } from '#domain/access/can.ts'
import type { Via } from '#domain/access/via.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { feedOfVisits } from '#domain/calendar/feed-of-visits.ts'
import { icalendarText } from '#domain/calendar/icalendar.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { SubjectLoader } from '#server/operations/load-subject.ts'
import { hashSecret } from '#server/operations/secrets.ts'
import { pageVisibleAppointments } from '#server/repositories/appointment-search.ts'
import { type FeedRow, findFeedBySecret, touchFeed } from '#server/repositories/calendar-feeds.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import type { FeedDeps } from './manage-feeds.ts'

export type ReadFeedDeps = FeedDeps & { readonly loadSubject: SubjectLoader }

/** How far a feed reaches: calendars keep what they have read. */
const BACK_MS = hours(24 * 90)
const AHEAD_MS = hours(24 * 400)
const MOST_VISITS = 5_000
/** "Last read" is told in minutes; writing it at every poll would cost a commit each. */
const READ_EVERY_MS = minutes(15)

/** The feed as iCalendar text, durable in the audit log before it returns; undefined when no feed has this secret (any more). */
export async function readFeed(deps: ReadFeedDeps, secret: string): Promise<string | undefined> {
  const { database, now, audit, loadSubject } = deps
  const row = await database.read((tx) => findFeedBySecret(tx, hashSecret(secret)))
  if (!row) return undefined
  const via: Via = { door: 'ical', sessionId: null, deviceId: null }
  const subject: Subject = { ...(await loadSubject(row.clinic_id, row.user_id)), via }
  const { clinicId, userId } = subject
  // A right that was lost since closes the feed, as if it had never been.
  const owned = { clinicId, doctorId: row.doctor_id, patientId: row.patient_id }
  if (!can(subject, 'view-appointments', owned)) return undefined
  const { text, visits } = await database.read((tx) => feedText(tx, row, subject, now()))
  const documentIds = [row.id, ...visits.map(({ id }) => id)]
  await audit({ clinicId, userId, via, action: 'read', collection: 'appointments', documentIds })
  if (now() - (row.last_read_at ?? 0) >= READ_EVERY_MS) await database.write((tx) => touchFeed(tx, row.id, now()))
  return text
}

async function feedText(tx: Tx, row: FeedRow, subject: Subject, now: number) {
  const { clinicId } = subject
  const sight = { clinicId, audiences: audiencesFor(subject, 'appointments') }
  const criteria = {
    ...(row.doctor_id !== null && { doctorIds: [row.doctor_id] }),
    ...(row.patient_id !== null && { patientIds: [row.patient_id] }),
    start: { from: now - BACK_MS, until: now + AHEAD_MS },
  }
  const visits = await pageVisibleAppointments(tx, sight, criteria, { limit: MOST_VISITS })
  const clinic = await getClinic(tx, clinicId)
  const nameOf = row.with_names === 1 ? await namesOf(tx, row, visits) : () => ''
  return {
    visits,
    text: icalendarText({ name: clinic.name, events: feedOfVisits(visits, { nameOf, place: clinic.name }) }),
  }
}

/** The names of the other side: patients in a doctor's feed, doctors in a patient's. */
async function namesOf(tx: Tx, row: FeedRow, visits: readonly Appointment[]): Promise<(visit: Appointment) => string> {
  const [collection, idOf] =
    row.doctor_id === null
      ? (['doctors', ({ doctorId }: Appointment) => doctorId as string] as const)
      : (['patients', ({ patientId }: Appointment) => patientId as string] as const)
  const names = new Map<string, string>()
  const ids = [...new Set(visits.map(idOf))]
  for (let from = 0; from < ids.length; from += 500) {
    for (const { id, name } of await findDocuments(tx, collection, ids.slice(from, from + 500))) names.set(id, name)
  }
  return (visit) => names.get(idOf(visit)) ?? ''
}
