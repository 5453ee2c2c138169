import { useCallback, useSyncExternalStore } from 'react'
import { type Instant, seconds } from '#domain/time/instant.ts'
import type { Desk } from '#renderer/local-db/desk.ts'

/** Seconds until an instant by that clock, rounded up and never negative; draws again once a second. */
export function useSecondsUntil(until: Instant, now: Desk['now']): number {
  return useSyncExternalStore(
    everySecond,
    useCallback(() => Math.max(0, Math.ceil((until - now()) / seconds(1))), [until, now]),
  )
}

/** `1:45` */
export const clockOf = (count: number): string => `${Math.floor(count / 60)}:${String(count % 60).padStart(2, '0')}`

function everySecond(notify: () => void): () => void {
  const timer = setInterval(notify, 1_000)
  return () => clearInterval(timer)
}
