/** Messages between services that none could act on: seen, sent again, or given up. */
import { can, type Subject } from '#domain/access/can.ts'
import type { ParkedMessageView } from '#domain/api/notification-api.ts'
import type { ConsumerName } from '#domain/events/subscriptions.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { EventBus } from '#server/events/event-bus.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import { noteOnce } from '#server/repositories/inbox.ts'
import { deleteParked, findParked, listParked, type ParkedMessageId } from '#server/repositories/parked-messages.ts'

export type ParkedDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly audit: NoteAccess
  readonly bus: Pick<EventBus, 'redeliver'>
}

/** A page of them, newest first; undefined for who may not look at the whole clinic. */
export async function showParked(
  { database }: Pick<ParkedDeps, 'database'>,
  subject: Subject,
  page: { readonly before?: string | undefined; readonly limit: number },
) {
  const { clinicId } = subject
  if (!can(subject, 'view-activity', { clinicId })) return undefined
  const found = await database.read((tx) => listParked(tx, clinicId, { ...page, limit: page.limit + 1 }))
  const rows = found.slice(0, page.limit)
  const messages = rows.map(
    (row): ParkedMessageView => ({
      id: row.id,
      consumer: row.consumer,
      eventId: row.event_id,
      type: row.type,
      reason: row.reason,
      attempts: row.attempts,
      status: row.status,
      nextAt: row.status === 'waiting' ? row.next_at : null,
      createdAt: row.created_at,
    }),
  )
  return { messages, last: found.length > page.limit ? (rows.at(-1)?.id ?? null) : null }
}

/** Hands a message to its service once more; what fails again comes back. @returns false where there is none of that id */
export async function replayParked(
  { database, bus, audit }: ParkedDeps,
  subject: Subject,
  id: ParkedMessageId,
): Promise<boolean> {
  const row = await findOwn(database, subject, id)
  if (!row) return false
  await bus.redeliver(row.consumer as ConsumerName, row.body)
  await database.write((tx) => deleteParked(tx, id))
  await audit({ ...byWhom(subject), action: 'message-replayed', documentIds: [id] })
  return true
}

/** Gives a message up: its event counts as done, so that no sweeper brings it back. */
export async function dropParked(
  { database, now, audit }: ParkedDeps,
  subject: Subject,
  id: ParkedMessageId,
): Promise<boolean> {
  const row = await findOwn(database, subject, id)
  if (!row) return false
  await database.write(async (tx) => {
    if (row.event_id !== null) await noteOnce(tx, row.consumer, row.event_id, now())
    await deleteParked(tx, id)
  })
  await audit({ ...byWhom(subject), action: 'message-dropped', documentIds: [id] })
  return true
}

/** What names no clinic is the server's, and any clinic's administration may settle it. */
const findOwn = async (database: Database, subject: Subject, id: ParkedMessageId) => {
  const { clinicId } = subject
  if (!can(subject, 'view-activity', { clinicId })) return undefined
  return database.read((tx) => findParked(tx, clinicId, id))
}
