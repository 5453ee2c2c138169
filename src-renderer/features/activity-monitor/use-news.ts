import { useEffect, useState } from 'react'
import type { Instant } from '#domain/time/instant.ts'
import type { MessageApi } from '#renderer/server-api/message-api.ts'

const EVERY_MS = 5_000

/** How much the log has grown since its newest row that is here, asked every five seconds while somebody can see it. */
export function useNews(api: Pick<MessageApi, 'activityNews'>, newest: Instant | undefined): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    setCount(0)
    if (newest === undefined) return
    let isOver = false
    const look = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return
      const answer = await api.activityNews(newest)
      if (!isOver && answer.ok) setCount(answer.value.count)
    }
    const timer = setInterval(() => void look(), EVERY_MS)
    return () => {
      isOver = true
      clearInterval(timer)
    }
  }, [api, newest])
  return count
}
