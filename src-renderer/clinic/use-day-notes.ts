/** The notes that stand on a day, kept up to date. */
import { useMemo } from 'react'
import { type DayNote, inReadingOrder, standsOn } from '#domain/clinic/day-note.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { dayNotesFor } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

/**
 * @param doctorId whose day it is: what concerns others only is left out. Null for everybody's
 * @returns undefined until they are known
 */
export function useDayNotes(day: LocalDay, doctorId: DoctorId | null = null): readonly DayNote[] | undefined {
  const { database } = useLocalDb()
  const found = useRxQuery(useMemo(() => dayNotesFor(database, day), [database, day]))
  return useMemo(() => {
    const isWanted = (note: DayNote) => doctorId === null || note.doctorId === null || note.doctorId === doctorId
    return found && inReadingOrder(found.filter((note) => standsOn(note, day) && isWanted(note)))
  }, [found, day, doctorId])
}
