import { useEffect, useState } from 'react'
import type { MonitorAnswer } from '#domain/api/monitor-api.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { MessageApi } from '#renderer/server-api/message-api.ts'

const EVERY_MS = 5_000

export type Monitor = {
  /** The last answer there was; it stays while the server is away. */
  readonly answer: MonitorAnswer | null
  /** Why the last look failed. */
  readonly problem: ApiFailure | null
  readonly look: () => void
}

/** How the system is, looked at every five seconds while somebody can see it. */
export function useMonitor(api: Pick<MessageApi, 'monitor'>): Monitor {
  const [answer, setAnswer] = useState<MonitorAnswer | null>(null)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const [asked, setAsked] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a look that is asked for begins the five seconds anew
  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async (): Promise<void> => {
      clearTimeout(timer)
      if (document.visibilityState === 'visible') {
        const result = await api.monitor()
        if (isOver) return
        setProblem(result.ok ? null : result)
        if (result.ok) setAnswer(result.value)
      }
      clearTimeout(timer)
      timer = setTimeout(() => void look(), EVERY_MS)
    }
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') void look()
    }
    document.addEventListener('visibilitychange', onVisible)
    void look()
    return () => {
      isOver = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [api, asked])
  return { answer, problem, look: () => setAsked((count) => count + 1) }
}
