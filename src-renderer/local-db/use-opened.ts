import { useEffect } from 'react'
import type { AccessEvent } from '#domain/api/access-event-api.ts'
import { useDesk } from './local-db-context.tsx'
import { noteOpened } from './opened-records.ts'

/** Notes that the record is shown, once for each record that comes on the screen; null shows none. */
export function useOpened(collection: AccessEvent['collection'], id: string | null): void {
  const desk = useDesk()
  useEffect(() => {
    if (id === null) return
    noteOpened(desk, collection, id as AccessEvent['documentId']).catch((error: unknown) => {
      // A screen that is left with its database is the normal end of a session.
      if (!desk.database.closed) throw error
    })
  }, [desk, collection, id])
}
