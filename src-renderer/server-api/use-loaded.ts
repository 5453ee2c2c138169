import { useCallback, useEffect, useRef, useState } from 'react'
import type { ApiFailure, ApiResult } from './api-call.ts'

export type Loaded<Value> = {
  /** The last answer there was; null before the first. */
  readonly value: Value | null
  /** Why the last look failed. */
  readonly problem: ApiFailure | null
  readonly reload: () => Promise<void>
}

const AGAIN_MS = 5_000

/**
 * Something the server is asked for once, and again when told to. While the server is out of reach it is asked every few seconds,
 * so that nobody has to.
 * @param load memoised by the caller; another function is another question, which begins without an answer
 */
export function useLoaded<Value>(load: () => Promise<ApiResult<Value>>): Loaded<Value> {
  const [state, setState] = useState<Omit<Loaded<Value>, 'reload'>>({ value: null, problem: null })
  const asked = useRef(0)
  const reload = useCallback(async (): Promise<void> => {
    asked.current += 1
    const mine = asked.current
    const answer = await load()
    if (mine !== asked.current) return
    setState((before) =>
      answer.ok ? { value: answer.value, problem: null } : { value: before.value, problem: answer },
    )
  }, [load])
  useEffect(() => {
    setState({ value: null, problem: null })
    void reload()
    return () => {
      asked.current += 1
    }
  }, [reload])
  useEffect(() => {
    if (state.problem?.kind !== 'offline') return
    const again = setTimeout(() => void reload(), AGAIN_MS)
    return () => clearTimeout(again)
  }, [state.problem, reload])
  return { ...state, reload }
}
