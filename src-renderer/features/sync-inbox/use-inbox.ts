import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'
import { parseStrandedVisits, type StrandedVisits } from '#domain/sync/stranded-visits.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { type UnsentChange, useUnsentChanges } from '#renderer/clinic/use-unsent-changes.ts'
import { type HandledEntry, handledEntries$ } from '#renderer/local-db/handled-entries.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { type OverruledChange, overruledChanges$ } from '#renderer/local-db/overruled-changes.ts'
import type { ParkedChange } from '#renderer/local-db/parked-changes.ts'
import { allRejectedChanges, appointmentsInStatus } from '#renderer/local-db/queries.ts'
import { useLive } from '#renderer/local-db/use-live.ts'
import { useParked } from '#renderer/local-db/use-parked.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

export type InboxEntry =
  /** A booking that lost its time and holds none. */
  | { readonly kind: 'unplaced'; readonly id: string; readonly appointment: Appointment }
  /** A change of one's own that the server refused; what stood before stands still. */
  | { readonly kind: 'refused'; readonly id: string; readonly change: RejectedChange }
  /** A change of one's own that gave way to somebody else's of the same field. */
  | { readonly kind: 'overruled'; readonly id: string; readonly change: OverruledChange }
  /** Booked visits that a change of hours of one's own left outside of them. */
  | { readonly kind: 'stranded'; readonly id: string; readonly change: RejectedChange; readonly list: StrandedVisits }
  /** A change of one's own that the server could not take, kept on this computer. */
  | { readonly kind: 'parked'; readonly id: string; readonly change: ParkedChange }
  | { readonly kind: 'unsent'; readonly id: string; readonly change: UnsentChange }
  /** Dealt with today. */
  | { readonly kind: 'handled'; readonly id: string; readonly handled: HandledEntry }

export type Inbox = {
  readonly needsYou: readonly InboxEntry[]
  readonly toSend: readonly InboxEntry[]
  readonly doneToday: readonly InboxEntry[]
}

const NONE: readonly never[] = []

/**
 * What waits for a decision, what only this computer has before the rest, oldest wish first; what waits for the server; and what was
 * dealt with today, the latest first.
 */
export function useInbox(): Inbox {
  const { database, user } = useLocalDb()
  const unplaced = useRxQuery(useMemo(() => appointmentsInStatus(database, 'unplaced'), [database])) ?? NONE
  const refused = useRxQuery(useMemo(() => allRejectedChanges(database), [database])) ?? NONE
  const unsent = useUnsentChanges()
  const parked = useParked()
  const overruled = useLive(overruledChanges$, NONE)
  const handled = useLive(handledEntries$, NONE)
  const today = localDayOf(useNow(), user.clinic.zone)
  return useMemo(() => {
    const lost = new Set(unplaced.map(({ id }) => id as string))
    return {
      needsYou: [
        ...parked.map((change) => ({ kind: 'parked' as const, id: change.id, change })),
        ...overruled.map((change) => ({ kind: 'overruled' as const, id: change.id, change })),
        ...unplaced
          .toSorted((a, b) => a.start - b.start)
          .map((appointment) => ({ kind: 'unplaced' as const, id: appointment.id as string, appointment })),
        ...refused
          .filter(({ documentId }) => !lost.has(documentId))
          .toSorted((a, b) => a.at - b.at)
          .map(toEntry),
      ],
      toSend: unsent.map((change) => ({ kind: 'unsent' as const, id: change.id, change })),
      doneToday: handled
        .filter(({ day }) => day === today)
        .map((one) => ({ kind: 'handled' as const, id: `done ${one.id}`, handled: one })),
    }
  }, [unplaced, refused, unsent, parked, overruled, handled, today])
}

function toEntry(change: RejectedChange): InboxEntry {
  const list = parseStrandedVisits(change)
  return list ? { kind: 'stranded', id: change.id, change, list } : { kind: 'refused', id: change.id, change }
}
