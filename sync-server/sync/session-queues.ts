/** The requests of one session, answered one after the other as the frames of a socket are, and bounded like them. */
import { ApiError } from '#server/http/api-error.ts'
import { createFrameQueue, FRAME_QUEUE_LIMITS, type FrameQueue, type FrameQueueLimits } from './frame-queue.ts'

type Job = () => Promise<void>

export type SessionQueues = {
  /** True when one more request of this session would be sent away. */
  readonly isFull: (sessionId: string) => boolean
  /**
   * Does the work when its turn comes, and answers what it answers.
   * @throws ApiError `busy` when too much waits already
   */
  readonly run: <Value>(sessionId: string, bytes: number, work: () => Promise<Value>) => Promise<Value>
}

/** Seconds a client waits before it repeats a request that found the queue full. */
const BUSY_RETRY_SECONDS = 1
export const queueIsFull = (): ApiError => new ApiError('busy', { retryAfterSeconds: BUSY_RETRY_SECONDS })

export function createSessionQueues(limits: FrameQueueLimits = FRAME_QUEUE_LIMITS): SessionQueues {
  const queues = new Map<string, { readonly queue: FrameQueue<Job>; open: number }>()
  const newEntry = () => ({ queue: createFrameQueue<Job>((job) => job(), limits), open: 0 })

  return {
    isFull: (sessionId) => queues.get(sessionId)?.queue.isFull() ?? false,
    async run(sessionId, bytes, work) {
      const entry = queues.get(sessionId) ?? newEntry()
      queues.set(sessionId, entry)
      entry.open += 1
      try {
        return await new Promise((resolve, reject) => {
          const job = () => work().then(resolve, reject)
          if (!entry.queue.offer(job, bytes)) reject(queueIsFull())
        })
      } finally {
        entry.open -= 1
        if (entry.open === 0) queues.delete(sessionId)
      }
    },
  }
}
