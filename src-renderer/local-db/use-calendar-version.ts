import { useEffect, useState } from 'react'
import { auditTime, merge, skip } from 'rxjs'
import { useLocalDb } from './local-db-context.tsx'

/** A first download changes hundreds of visits at once; who looks for free times asks a few times a second at most. */
const AT_MOST_EVERY_MS = 150

/** Counts what changes free times: visits, schedules and what others keep, of any day, here or elsewhere. */
export function useCalendarVersion(): number {
  const { database, held } = useLocalDb()
  const [version, setVersion] = useState(0)
  useEffect(() => {
    const changes = merge(database.appointments.$, database.schedules.$, held.list$.pipe(skip(1))).pipe(
      auditTime(AT_MOST_EVERY_MS),
    )
    const subscription = changes.subscribe(() => setVersion((count) => count + 1))
    return () => subscription.unsubscribe()
  }, [database, held])
  return version
}
