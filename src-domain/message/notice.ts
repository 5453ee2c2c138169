/**
 * What somebody was told in the app, as their devices hold it: the collection `notifications`. It is the server's word; only that it
 * was read is its reader's, and what was read once stays read, since the earliest time anybody knows of.
 */
import Type from 'typebox'
import { type Id, idSchema } from '#domain/ids.ts'
import { instantSchema, nullable, oneOf, revisionSchema, textSchema } from '#domain/schema-parts.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import { MESSAGE_KINDS } from './message-kinds.ts'

export const noticeSchema = Type.Object(
  {
    id: idSchema<'Notification'>(),
    clinicId: idSchema<'Clinic'>(),
    userId: idSchema<'User'>(),
    kind: oneOf(MESSAGE_KINDS),
    subject: textSchema(300),
    message: textSchema(10_000),
    /** The visit it is about, where it is about one. */
    appointmentId: nullable(idSchema<'Appointment'>()),
    createdAt: instantSchema(),
    /** When it came into the list; null while it waits to be told, when nobody sees it. */
    shownAt: nullable(instantSchema()),
    readAt: nullable(instantSchema()),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type Notice = Type.Static<typeof noticeSchema>
export type NoticeId = Id<'Notification'>

/** As many days as devices hold of the past. */
export const NOTICE_DAYS = 30

/** Notices that came before this instant have left the devices; the server answers for them. */
export const noticesHeldSince = (now: Instant): Instant => now - hours(24 * NOTICE_DAYS)

/** True while devices hold it: told, and no longer ago than the days of the past that they hold. */
export const isHeldNotice = ({ shownAt }: Pick<Notice, 'shownAt'>, now: Instant): boolean =>
  shownAt !== null && shownAt >= noticesHeldSince(now)

/**
 * Since when it counts as read after somebody says they read it at `wanted`: never before it was told, never in the future of the server,
 * and no later than was known. Unread it never becomes again.
 */
export function readSince(
  { shownAt, readAt }: Pick<Notice, 'shownAt' | 'readAt'>,
  wanted: Instant | null,
  now: Instant,
) {
  if (wanted === null) return readAt
  const possible = Math.min(now, Math.max(wanted, shownAt ?? now))
  return readAt === null ? possible : Math.min(readAt, possible)
}

/** The order of the list, newest first; the id decides between two of one moment. */
export const inListOrder = (notices: readonly Notice[]): readonly Notice[] =>
  notices.toSorted((a, b) => (b.shownAt ?? 0) - (a.shownAt ?? 0) || (a.id < b.id ? 1 : -1))
