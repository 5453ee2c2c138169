/** A person's own calendar feeds: made, listed and revoked. */
import { can, type Subject } from '#domain/access/can.ts'
import type { CalendarFeed, CreateFeedBody } from '#domain/api/calendar-feed-api.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import type { NewId } from '#server/operations/new-id.ts'
import { hashSecret, newSecret } from '#server/operations/secrets.ts'
import {
  type FeedId,
  type FeedRow,
  insertFeed,
  listFeedRows,
  revokeFeedRow,
} from '#server/repositories/calendar-feeds.ts'
import { findDocument } from '#server/repositories/documents.ts'

export type FeedDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
}

/**
 * A feed of a doctor's or a patient's visits, as far as its owner sees them whenever it is read.
 * @returns the feed with its secret, told this once; or undefined where the subject may not see such visits
 */
export async function createFeed(
  { database, now, newId, audit }: FeedDeps,
  subject: Subject,
  body: CreateFeedBody,
): Promise<{ readonly feed: CalendarFeed; readonly secret: string } | undefined> {
  const { clinicId, userId } = subject
  const [doctorId, patientId] = 'doctorId' in body ? [body.doctorId, null] : [null, body.patientId]
  if (!can(subject, 'view-appointments', { clinicId, doctorId, patientId })) return undefined
  const secret = newSecret()
  const row: FeedRow = {
    id: newId<'CalendarFeed'>(),
    clinic_id: clinicId,
    user_id: userId,
    doctor_id: doctorId,
    patient_id: patientId,
    secret_hash: hashSecret(secret),
    with_names: body.withNames ? 1 : 0,
    created_at: now(),
    last_read_at: null,
    revoked_at: null,
  }
  const isThere = await database.write(async (tx) => {
    const person = doctorId
      ? await findDocument(tx, 'doctors', doctorId)
      : await findDocument(tx, 'patients', patientId ?? '')
    if (!person || person._deleted || person.clinicId !== clinicId) return false
    await insertFeed(tx, row)
    return true
  })
  if (!isThere) return undefined
  await audit({
    ...byWhom(subject),
    action: 'calendar-feed-created',
    collection: 'calendar_feeds',
    documentIds: [row.id],
  })
  return { feed: toFeed(row), secret }
}

export async function listFeeds({ database }: FeedDeps, subject: Subject): Promise<CalendarFeed[]> {
  return (await database.read((tx) => listFeedRows(tx, subject))).map(toFeed)
}

/** Ends a feed at once; false when the person has no such feed. */
export async function revokeFeed({ database, now, audit }: FeedDeps, subject: Subject, id: FeedId): Promise<boolean> {
  const isRevoked = await database.write((tx) => revokeFeedRow(tx, subject, id, now()))
  if (!isRevoked) return false
  await audit({ ...byWhom(subject), action: 'calendar-feed-revoked', collection: 'calendar_feeds', documentIds: [id] })
  return true
}

function toFeed(row: FeedRow): CalendarFeed {
  return {
    id: row.id,
    doctorId: row.doctor_id,
    patientId: row.patient_id,
    withNames: row.with_names === 1,
    createdAt: row.created_at,
    lastReadAt: row.last_read_at,
  }
}
