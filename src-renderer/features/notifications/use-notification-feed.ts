import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { NotificationView } from '#domain/api/notification-api.ts'
import { useLocalDb, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { ticketFrom } from '#renderer/local-db/ticket.ts'
import type { Platform } from '#renderer/platform/types.ts'
import { createMessageApi } from '#renderer/server-api/message-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { type FeedState, NotificationFeed } from './notification-feed.ts'

export type FeedHost = {
  readonly api: Pick<ServerApi, 'call' | 'origin' | 'socketTicket'>
  readonly platform: Pick<Platform, 'notify'>
  /** Somebody clicked on the notice outside the window. */
  readonly onNotice: (notification: NotificationView) => void
}

const PATH = '/api/v1/notifications/stream'

/** The feed of whoever is signed in, from unlock to lock; it listens while the server can be reached. */
export function useNotificationFeed(host: FeedHost): { readonly feed: NotificationFeed; readonly state: FeedState } {
  const { database, sync } = useLocalDb()
  const { api } = host
  const latest = useRef(host)
  latest.current = host
  const feed = useMemo(
    () =>
      new NotificationFeed({
        api: createMessageApi(api),
        stream: {
          url: `${(api.origin || location.origin).replace(/^http/, 'ws')}${PATH}`,
          getTicket: () => ticketFrom(api),
        },
        database,
        now: () => Date.now() + (sync.getStatus().connection.serverTimeOffset ?? 0),
        onNew: (entry) => {
          // One of several tabs is enough. Only the subject leaves the window: it names no patient.
          if (!sync.getStatus().isLeader) return
          const { platform, onNotice } = latest.current
          void platform.notify({ title: entry.subject, onClick: () => onNotice(entry) })
        },
      }),
    [api, database, sync],
  )
  const isReachable = useSyncStatus().connection.phase === 'ready'
  useEffect(() => void feed.run(isReachable), [feed, isReachable])
  useEffect(() => {
    // What was read in another window is no longer unread here.
    const onVisible = (): void => {
      if (document.visibilityState === 'visible' && feed.read().isLive) void feed.reload()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      document.removeEventListener('visibilitychange', onVisible)
      feed.stop()
    }
  }, [feed])
  return { feed, state: useSyncExternalStore(feed.subscribe, feed.read) }
}
