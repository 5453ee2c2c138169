/** The frames of one socket, handled one after the other in the order they arrived; bounded in number and bytes. */

export type FrameQueue<Frame> = {
  /** False when the queue is full: the frame was not taken. */
  readonly offer: (frame: Frame, bytes: number) => boolean
  /** Takes the frame in any case: for peers that cannot be told to wait. */
  readonly append: (frame: Frame, bytes: number) => void
  readonly isFull: () => boolean
  /** Forgets what waits; what is being handled is finished. Resolves when nothing runs any more. */
  readonly stop: () => Promise<void>
}

export type FrameQueueLimits = { readonly frames: number; readonly bytes: number }

export const FRAME_QUEUE_LIMITS: FrameQueueLimits = { frames: 32, bytes: 8 * 1024 * 1024 }

/** @param handle must not throw; the next frame starts when it has settled */
export function createFrameQueue<Frame>(
  handle: (frame: Frame) => Promise<void>,
  limits: FrameQueueLimits = FRAME_QUEUE_LIMITS,
): FrameQueue<Frame> {
  const waiting: { frame: Frame; bytes: number }[] = []
  let bytesWaiting = 0
  let isStopped = false
  let running: Promise<void> | undefined

  const isFull = () => waiting.length >= limits.frames || bytesWaiting >= limits.bytes

  async function run(): Promise<void> {
    for (let next = waiting.shift(); next && !isStopped; next = waiting.shift()) {
      bytesWaiting -= next.bytes
      await handle(next.frame)
    }
    running = undefined
  }

  function append(frame: Frame, bytes: number): void {
    if (isStopped) return
    waiting.push({ frame, bytes })
    bytesWaiting += bytes
    running ??= run()
  }

  return {
    append,
    isFull,
    offer(frame, bytes) {
      if (isFull()) return false
      append(frame, bytes)
      return true
    },
    async stop() {
      isStopped = true
      waiting.length = 0
      await running
    },
  }
}
