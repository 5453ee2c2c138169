import { useCallback, useSyncExternalStore } from 'react'
import { type Instant, MINUTE_MS } from '#domain/time/instant.ts'
import { useDesk } from '#renderer/local-db/local-db-context.tsx'

/** How often the clock is read: often enough that a minute never shows late by more than this. */
const TICK_MS = 5_000

/** The present by the server's clock, cut to the minute; draws again once a minute. */
export function useNow(): Instant {
  const { now } = useDesk()
  return useSyncExternalStore(
    subscribe,
    useCallback(() => Math.floor(now() / MINUTE_MS) * MINUTE_MS, [now]),
  )
}

function subscribe(notify: () => void): () => void {
  const timer = setInterval(notify, TICK_MS)
  document.addEventListener('visibilitychange', notify)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', notify)
  }
}
