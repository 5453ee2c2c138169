import { useCallback, useEffect, useRef, useState } from 'react'
import type { ApiFailure, ApiResult } from './api-call.ts'

export type Page<Row> = { readonly rows: readonly Row[]; readonly nextCursor: string | null }

export type Pages<Row> = {
  readonly rows: readonly Row[]
  /** True until the first page is there, and while one more is on its way. */
  readonly isBusy: boolean
  readonly problem: ApiFailure | null
  /** Undefined when all rows are here. */
  readonly more: (() => void) | undefined
  /** Reads the first page anew. */
  readonly reload: () => void
  /** Puts another row in the place of one, or takes it out. */
  readonly replace: (isMeant: (row: Row) => boolean, row?: Row) => void
}

/**
 * A list that grows by pages and changes only when it is asked to, so that it never jumps under somebody who reads.
 * @param load memoised by the caller; another function is another list, which begins at its top
 */
export function usePages<Row>(load: (cursor: string | undefined) => Promise<ApiResult<Page<Row>>>): Pages<Row> {
  const [{ rows, nextCursor }, setList] = useState<Page<Row>>({ rows: [], nextCursor: null })
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const [isBusy, setIsBusy] = useState(true)
  const asked = useRef(0)
  const read = useCallback(
    async (cursor?: string): Promise<void> => {
      asked.current += 1
      const mine = asked.current
      setIsBusy(true)
      const answer = await load(cursor)
      // Another list, or a newer look at this one, was asked for meanwhile.
      if (mine !== asked.current) return
      setIsBusy(false)
      setProblem(answer.ok ? null : answer)
      if (!answer.ok) return
      const { value } = answer
      setList((list) => ({ ...value, rows: cursor === undefined ? value.rows : [...list.rows, ...value.rows] }))
    },
    [load],
  )
  useEffect(() => {
    void read()
    return () => {
      asked.current += 1
    }
  }, [read])
  return {
    rows,
    isBusy,
    problem,
    more: nextCursor === null ? undefined : () => void read(nextCursor),
    reload: () => void read(),
    replace: (isMeant, row) =>
      setList((list) => ({
        ...list,
        rows: list.rows.flatMap((one) => (isMeant(one) ? (row === undefined ? [] : [row]) : [one])),
      })),
  }
}
