/** Time and chance, handed in so that tests decide about both. */
export type Clock = {
  /** Epoch milliseconds of this device. */
  readonly now: () => number
  readonly setTimeout: (action: () => void, milliseconds: number) => unknown
  readonly clearTimeout: (handle: unknown) => void
}

export const deviceClock: Clock = {
  now: () => Date.now(),
  setTimeout: (action, milliseconds) => globalThis.setTimeout(action, milliseconds),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as number | undefined),
}

/** Resolves after a while, or as soon as the signal aborts. */
export const pause = (clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const finish = () => {
      clock.clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = clock.setTimeout(finish, milliseconds)
    signal?.addEventListener('abort', finish)
  })
