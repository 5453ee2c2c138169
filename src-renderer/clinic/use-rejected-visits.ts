import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { allRejectedChanges } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { readRefused } from './refused-change.ts'

const PREFIX = 'rejected '
const NONE: readonly never[] = []

/** The entry of the inbox that a ghost on the board stands for; null for a real visit. */
export const entryOfGhost = (id: string): string | null => (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : null)

/**
 * Times that were wanted here and that the server did not give: each stays where it was wanted until its author has dealt with it, so that
 * nobody finds an empty place where they had put somebody. Such a ghost holds no time and is no visit.
 */
export function useRejectedVisits(): readonly Appointment[] {
  const { database } = useLocalDb()
  const refused = useRxQuery(useMemo(() => allRejectedChanges(database), [database])) ?? NONE
  return useMemo(
    () =>
      refused.flatMap((change) => {
        const wish = readRefused(change)
        if (wish.kind !== 'move' && wish.kind !== 'booking') return []
        const { wanted } = wish
        const id = `${PREFIX}${change.id}` as Appointment['id']
        // Day and hour are the server's to work out: in the row they may be those of the old place.
        const { day, time } = toLocal(wanted.start, wanted.zone)
        return [{ ...wanted, id, localDay: day, localStart: time, status: 'unplaced' as const, unplaced: null }]
      }),
    [refused],
  )
}
