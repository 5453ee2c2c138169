/** One hook between React and the local database. */

import { useMemo, useSyncExternalStore } from 'react'
import type { RxDocument, RxQuery } from 'rxdb'
import { plainOf } from './plain-document.ts'

type Live<Answer> = { readonly subscribe: (notify: () => void) => () => void; readonly read: () => Answer | undefined }

/**
 * The documents a query finds, kept up to date; undefined until this very query has answered, so that yesterday's rows are
 * never shown under today's heading. An unchanged document is the same object in every answer.
 * @param query memoised by the caller (see `queries.ts`); null asks nothing
 */
export function useRxQuery<Doc>(query: RxQuery<Doc, RxDocument<Doc>[]> | null): readonly Doc[] | undefined {
  const live = useMemo(() => liveAnswer(query), [query])
  return useSyncExternalStore(live.subscribe, live.read)
}

function liveAnswer<Doc>(query: RxQuery<Doc, RxDocument<Doc>[]> | null): Live<readonly Doc[]> {
  let answer: readonly Doc[] | undefined
  const subscribe = (notify: () => void) => {
    const subscription = query?.$.subscribe((documents) => {
      answer = documents.map(plainOf)
      notify()
    })
    return () => subscription?.unsubscribe()
  }
  return { subscribe, read: () => answer }
}
