import { useEffect, useMemo, useRef } from 'react'
import { inListOrder, type Notice, type NoticeId } from '#domain/message/notice.ts'
import { useDesk, useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { markReadLocally, newNotices } from '#renderer/local-db/notices-store.ts'
import { allNotices } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import type { Platform } from '#renderer/platform/types.ts'

export type Notices = {
  /** Newest first; undefined until they are known. */
  readonly entries: readonly Notice[] | undefined
  readonly unreadCount: number
  /** Marks some as read, or all. */
  readonly markRead: (ids?: readonly NoticeId[]) => void
}

type NoticeHost = {
  readonly platform: Pick<Platform, 'notify'>
  /** Somebody clicked on the notice outside the window. */
  readonly onNotice: (notice: Notice) => void
}

/** One's own messages as this device holds them, and a notice outside the window for each new one. */
export function useNotices(host: NoticeHost): Notices {
  const { database, sync } = useLocalDb()
  const desk = useDesk()
  const latest = useRef(host)
  latest.current = host
  useEffect(() => {
    const subscription = newNotices(database, desk.now).subscribe((notice) => {
      // One of several tabs is enough. Only the subject leaves the window: it names no patient.
      if (!sync.getStatus().isLeader) return
      const { platform, onNotice } = latest.current
      void platform.notify({ title: notice.subject, onClick: () => onNotice(notice) })
    })
    return () => subscription.unsubscribe()
  }, [database, sync, desk])
  const found = useRxQuery(useMemo(() => allNotices(database), [database]))
  const entries = useMemo(() => found && inListOrder(found), [found])
  const unreadCount = useMemo(() => entries?.filter(({ readAt }) => readAt === null).length ?? 0, [entries])
  return { entries, unreadCount, markRead: (ids) => void markReadLocally(desk, ids) }
}
