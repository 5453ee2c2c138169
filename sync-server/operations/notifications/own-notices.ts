/** The life of a message in somebody's list, as their devices see it: it comes, is read, and leaves. */
import { readSince } from '#domain/message/notice.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import { lockDocument, saveDocument } from '#server/operations/save-document.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { writeViews } from '#server/operations/write-views.ts'
import { listVisibleAudiences } from '#server/repositories/document-views.ts'
import { changeNotifications, type NotificationId } from '#server/repositories/notifications.ts'

export type NoticeDocument = WireDocument<'notifications'>

/** Puts a message that was told into its reader's list; its words stand in the table by now. */
export async function showNotice(ctx: WriteContext, id: NotificationId, shownAt: Instant): Promise<void> {
  const told = await lockDocument(ctx, 'notifications', id)
  if (told && told.shownAt === null) await saveDocument(ctx, 'notifications', told, { ...told, shownAt })
}

/** Notes that it was read at `wanted`, whatever door says so; returns it as it is then, which may be as it was. */
export async function readNotice(
  ctx: WriteContext,
  notice: NoticeDocument,
  wanted: Instant | null,
): Promise<NoticeDocument> {
  const readAt = readSince(notice, wanted, ctx.now)
  if (readAt === notice.readAt) return notice
  const stored = await saveDocument(ctx, 'notifications', notice, { ...notice, readAt })
  await changeNotifications(ctx.tx, [stored.id], { status: 'delivered', delivered_at: readAt })
  return stored
}

/** Takes messages off the devices of their readers; one that is on none stays as it is. */
export async function hideNotices(ctx: WriteContext, ids: readonly NotificationId[]): Promise<void> {
  for (const id of ids) {
    const seenBefore = await listVisibleAudiences(ctx.tx, 'notifications', id)
    if (seenBefore.length > 0) await writeViews(ctx, 'notifications', id, seenBefore, [])
  }
}
