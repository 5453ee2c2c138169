/** What somebody was told, and that they have read it; the mark is written on the device first and merged by the server. */
import { filter, map, type Observable } from 'rxjs'
import type { Notice, NoticeId } from '#domain/message/notice.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Desk } from './desk.ts'
import type { LocalDatabase } from './local-database.ts'

/** What was told longer ago is no news when it arrives: the device was away, and the bell counts it. */
const NEWS_MS = minutes(2)

/** Marks those named as read, or all; one that is read already stays as it is. */
export async function markReadLocally({ database, now }: Desk, ids?: readonly NoticeId[]): Promise<void> {
  const readAt = now()
  const unread = await database.notifications
    .find({ selector: { readAt: null, ...(ids && { id: { $in: [...ids] } }) } as never })
    .exec()
  await Promise.all(
    unread.map((notice) =>
      notice.incrementalModify((current) => (current.readAt === null ? { ...current, readAt } : current)),
    ),
  )
}

/** Each message that comes to this device just after it was told, once. */
export const newNotices = (database: LocalDatabase, now: () => Instant): Observable<Notice> =>
  database.notifications.insert$.pipe(
    map(({ documentData }) => documentData as Notice),
    filter(({ readAt, shownAt }) => readAt === null && shownAt !== null && now() - shownAt < NEWS_MS),
  )
