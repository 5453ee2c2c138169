import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import { visitOfRecall } from '#domain/waitlist/recall.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfPatients, openRecalls } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

/** An order to see somebody again, and the visit that was booked upon it. */
export type Recall = { readonly entry: WaitlistEntry; readonly visit: Appointment | undefined }

const NONE: readonly never[] = []

/** The orders that stand, the most urgent first; those that have led to a visit say to which. */
export function useRecalls(): readonly Recall[] {
  const { database } = useLocalDb()
  const entries = useRxQuery(useMemo(() => openRecalls(database), [database])) ?? NONE
  const patients = useMemo(() => [...new Set(entries.map(({ patientId }) => patientId))].sort().join(' '), [entries])
  const visits =
    useRxQuery(
      useMemo(
        () => (patients === '' ? null : appointmentsOfPatients(database, patients.split(' ') as PatientId[])),
        [database, patients],
      ),
    ) ?? NONE
  return useMemo(
    () =>
      entries
        .toSorted((a, b) => (a.fromDay === b.fromDay ? a.createdAt - b.createdAt : a.fromDay < b.fromDay ? -1 : 1))
        .map((entry) => ({ entry, visit: visitOfRecall(entry, visits) })),
    [entries, visits],
  )
}
