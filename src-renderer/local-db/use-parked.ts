import { useMemo, useSyncExternalStore } from 'react'
import { useLocalDb } from './local-db-context.tsx'
import { type ParkedChange, parkedChanges$ } from './parked-changes.ts'

const NONE: readonly ParkedChange[] = []

/** The changes that are set aside; nothing until they have been read. */
export function useParked(): readonly ParkedChange[] {
  const { database } = useLocalDb()
  const live = useMemo(() => {
    let parked = NONE
    const subscribe = (notify: () => void) => {
      const subscription = parkedChanges$(database).subscribe((changes) => {
        parked = changes
        notify()
      })
      return () => subscription.unsubscribe()
    }
    return { subscribe, read: () => parked }
  }, [database])
  return useSyncExternalStore(live.subscribe, live.read)
}
