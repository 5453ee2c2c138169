/**
 * How many collections are downloaded from their beginning at the same time. Such a download is many full pages; after an outage a
 * whole clinic may ask for one at once, and then everybody else would wait behind them. Whoever finds no seat is told to come back.
 * What a device pulls that is level already needs no seat.
 */
export type FirstDownloads = {
  /** Takes a seat, or keeps it. Answers milliseconds after which to ask again, 0 when the page may be read. */
  readonly enter: (key: string) => number
  readonly isSeated: (key: string) => boolean
  /** The last page was read, or the asker has gone. */
  readonly leave: (key: string) => void
}

export type DownloadSettings = {
  readonly most: number
  /** A seat of which nobody has asked for a page for so long is free again, in milliseconds. */
  readonly idleMs: number
  readonly retryMs: number
}

export const DOWNLOAD_SETTINGS: DownloadSettings = { most: 40, idleMs: 10_000, retryMs: 2_000 }

/** @param now milliseconds of a clock that only goes forward */
export function createFirstDownloads(
  { most, idleMs, retryMs }: DownloadSettings = DOWNLOAD_SETTINGS,
  now: () => number = () => performance.now(),
): FirstDownloads {
  /** In the order of their last page. */
  const seats = new Map<string, number>()
  const freeIdle = () => {
    for (const [key, at] of seats) {
      if (now() - at < idleMs) return
      seats.delete(key)
    }
  }
  return {
    enter(key) {
      freeIdle()
      if (!seats.delete(key) && seats.size >= most) return retryMs
      seats.set(key, now())
      return 0
    },
    isSeated: (key) => seats.has(key),
    leave: (key) => void seats.delete(key),
  }
}
