/** Somebody at one window is at the computer: the other windows hear of it, so that a board on a second screen stays open. */

const CHANNEL = 'touches'
/** Moving a mouse is a hundred touches a second. */
const QUIET_MS = 1_000

export type SharedTouches = {
  /** This window was touched. */
  readonly tell: () => void
  readonly stop: () => void
}

/** @param onTouch another window of the app was touched */
export function shareTouches(now: () => number, onTouch: () => void): SharedTouches {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = onTouch
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    tell: () => {
      if (now() - toldAt < QUIET_MS) return
      toldAt = now()
      channel.postMessage(null)
    },
    stop: () => channel.close(),
  }
}
