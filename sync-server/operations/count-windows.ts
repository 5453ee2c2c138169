/** Counts that end with their window of time, in this process. */
import type { Instant } from '#domain/time/instant.ts'

export type Window = { count: number; endsAt: Instant; lastPacedAt: Instant }
export type Windows = {
  /** The window that is open, or one that begins now. */
  readonly get: (key: string, now: Instant) => Window
  readonly forget: (key: string) => void
}

const MOST_KEYS = 200_000

export function createWindows(windowMs: number): Windows {
  const windows = new Map<string, Window>()
  return {
    get(key, now) {
      const known = windows.get(key)
      if (known && known.endsAt > now) return known
      makeRoom(windows, ({ endsAt }) => endsAt <= now)
      const fresh = { count: 0, endsAt: now + windowMs, lastPacedAt: 0 }
      windows.set(key, fresh)
      return fresh
    },
    forget: (key) => void windows.delete(key),
  }
}

/** Keeps a map below its bound: what is past goes first, then the oldest. */
export function makeRoom<Value>(map: Map<string, Value>, isPast: (value: Value) => boolean): void {
  if (map.size < MOST_KEYS) return
  for (const [key, value] of map) if (isPast(value)) map.delete(key)
  for (const key of map.keys()) {
    if (map.size < MOST_KEYS) return
    map.delete(key)
  }
}
