/** Who waits: those on the list, and those who came without a booking. */
import { useMemo } from 'react'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { isWalkIn } from '#domain/waitlist/walk-in.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { openWaitlist } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

export type Waitlist = {
  /** By how long they have waited. */
  readonly entries: readonly WaitlistEntry[]
  /** Those who are here today, in the order in which they came. */
  readonly walkIns: readonly WaitlistEntry[]
}

const NONE: readonly never[] = []

/** Kept up to date; an entry whose last day has passed waits for nothing any more and is left out. */
export function useWaitlist({ zone }: Clinic): Waitlist {
  const { database } = useLocalDb()
  const open = useRxQuery(useMemo(() => openWaitlist(database), [database])) ?? NONE
  const today = localDayOf(useNow(), zone)
  return useMemo(() => {
    const current = open
      .filter(({ untilDay }) => untilDay === null || untilDay >= today)
      .toSorted((a, b) => a.createdAt - b.createdAt)
    return {
      entries: current.filter((entry) => !isWalkIn(entry, zone)),
      walkIns: current
        .filter((entry) => isWalkIn(entry, zone))
        .toSorted((a, b) => ((a.fromTime ?? '') < (b.fromTime ?? '') ? -1 : 1)),
    }
  }, [open, today, zone])
}
