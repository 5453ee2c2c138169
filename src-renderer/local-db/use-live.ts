import { useMemo, useSyncExternalStore } from 'react'
import type { Observable } from 'rxjs'
import type { LocalDatabase } from './local-database.ts'
import { useLocalDb } from './local-db-context.tsx'

/** What notes of our own say now; `first` until they are read. Both arguments must stay the same between renders. */
export function useLive<Value>(live$: (database: LocalDatabase) => Observable<Value>, first: Value): Value {
  const { database } = useLocalDb()
  const live = useMemo(() => {
    let value = first
    const subscribe = (notify: () => void) => {
      const subscription = live$(database).subscribe((next) => {
        value = next
        notify()
      })
      return () => subscription.unsubscribe()
    }
    return { subscribe, read: () => value }
  }, [database, live$, first])
  return useSyncExternalStore(live.subscribe, live.read)
}
