/** Tells when nobody has touched a computer for a while. Knows no events: whoever hears them calls `touch`. */

/** Time, handed in so that a test decides about it. */
type Clock = {
  readonly now: () => number
  readonly setTimeout: (action: () => void, milliseconds: number) => unknown
  readonly clearTimeout: (handle: unknown) => void
}

export type IdleOptions = {
  readonly clock: Clock
  readonly idleMs: number
  /** So long before the end it is announced. */
  readonly warnMs: number
  readonly onWarn: (isAboutToEnd: boolean) => void
  /** Called once. */
  readonly onIdle: () => void
}
export type IdleWatch = { readonly touch: () => void; readonly stop: () => void }

/**
 * Starts with the time full. Timers stand still while a computer sleeps, so every touch looks at the clock first: whoever wakes
 * it after the time is over does not get it back.
 */
export function watchIdle({ clock, idleMs, warnMs, onWarn, onIdle }: IdleOptions): IdleWatch {
  let touchedAt = clock.now()
  let isWarned = false
  let isOver = false
  let timer = clock.setTimeout(look, idleMs - warnMs)

  function look(): void {
    const left = touchedAt + idleMs - clock.now()
    if (left <= 0) {
      end()
      return
    }
    warn(left <= warnMs)
    timer = clock.setTimeout(look, left <= warnMs ? left : left - warnMs)
  }
  function warn(isAboutToEnd: boolean): void {
    if (isAboutToEnd !== isWarned) onWarn(isAboutToEnd)
    isWarned = isAboutToEnd
  }
  function end(): void {
    if (isOver) return
    stop()
    onIdle()
  }
  function stop(): void {
    isOver = true
    clock.clearTimeout(timer)
  }
  return {
    touch: () => {
      if (isOver) return
      const now = clock.now()
      if (now - touchedAt >= idleMs) {
        end()
        return
      }
      touchedAt = now
      if (!isWarned) return
      clock.clearTimeout(timer)
      look()
    },
    stop,
  }
}
