/** A request repeated until it is answered, with a pause that grows. */
import { type Clock, pause } from './clock.ts'
import { isPassing } from './sync-error.ts'

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 8_000

export type Patience = { readonly clock: Clock; readonly random: () => number }

/**
 * Repeats a request that got no answer or was put off. RxDB would wait a fixed time instead, and starts over with all rows.
 * @param stopped the answer when replication stops; RxDB looks at nothing it gets by then
 * @throws whatever the request throws that the same request will throw again
 */
export async function untilAnswered<Answer>(
  { clock, random }: Patience,
  signal: AbortSignal,
  request: () => Promise<Answer>,
  stopped: Answer,
): Promise<Answer> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      return await request()
    } catch (error) {
      if (signal.aborted) break
      if (!isPassing(error)) throw error
      await pause(clock, (error.retryAfter ?? 0) + pauseBefore(tries, random), signal)
    }
  }
  return stopped
}

/** Full jitter: anything up to a limit that doubles with every try. */
export const pauseBefore = (tries: number, random: () => number): number =>
  random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10))
