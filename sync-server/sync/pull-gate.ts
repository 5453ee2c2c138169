/**
 * How many pulls are read at the same time, the others in the order in which they came. A change pokes every desk of a clinic, and
 * all of them pull at once: read all together, they would hold up the pokes that are still to be sent, pings, and people's own
 * changes, which pass by here.
 */
export type PullGate = { readonly run: <Value>(pull: () => Promise<Value>) => Promise<Value> }

export function createPullGate(most = 8): PullGate {
  const waiting: (() => void)[] = []
  let running = 0
  /** Who is done hands the place on, after a turn of the event loop for whatever else waits there. */
  const leave = () => {
    const next = waiting.shift()
    if (next) setImmediate(next)
    else running -= 1
  }
  return {
    async run(pull) {
      if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
      else running += 1
      try {
        return await pull()
      } finally {
        leave()
      }
    },
  }
}
