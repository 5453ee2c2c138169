/** Several days of the clinic at once, for a week of one doctor and a month of all. */
import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { DoctorId } from '#domain/ids.ts'
import { workingHours } from '#domain/schedule/working-hours.ts'
import { reachOf } from '#domain/sync/window.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { allTemplates, find, schedulesBetween } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import type { ClinicDay } from './use-clinic-day.ts'

const NONE: readonly never[] = []

/**
 * One `ClinicDay` for each day.
 * @param days in a row, memoised by the caller
 * @param doctorId whose visits; null for everybody's
 */
export function useClinicDays(
  days: readonly LocalDay[],
  today: LocalDay,
  doctorId: DoctorId | null,
): readonly ClinicDay[] {
  const { database } = useLocalDb()
  const [from, until] = [days[0] ?? today, days.at(-1) ?? today]
  const visits = useRxQuery(
    useMemo(() => {
      const localDay = { $gte: from, $lte: until }
      return find(database, 'appointments', doctorId === null ? { localDay } : { localDay, doctorId })
    }, [database, from, until, doctorId]),
  )
  const templates = useRxQuery(useMemo(() => allTemplates(database), [database])) ?? NONE
  const between = useMemo(
    () => schedulesBetween(database, addDays(from, -1), addDays(until, 1)),
    [database, from, until],
  )
  const schedules = useRxQuery(between) ?? NONE
  return useMemo(() => {
    const byDay = visits && Map.groupBy(visits, ({ localDay }) => localDay)
    const templatesOf = Map.groupBy(templates, (template) => template.doctorId)
    const schedulesOf = Map.groupBy(schedules, (schedule) => schedule.doctorId)
    return days.map((day) => ({
      day,
      reach: reachOf(day, today),
      appointments: byDay && (byDay.get(day) ?? (NONE as readonly Appointment[])),
      hoursOf: (id: DoctorId) =>
        workingHours({ day, templates: templatesOf.get(id) ?? NONE, schedules: schedulesOf.get(id) ?? NONE }),
    }))
  }, [days, today, visits, templates, schedules])
}
