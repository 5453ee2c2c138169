/** One day of the clinic: the visits of every status, and each doctor's open hours. */
import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { workingHours } from '#domain/schedule/working-hours.ts'
import { type Reach, reachOf } from '#domain/sync/window.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { allTemplates, appointmentsOfDays, schedulesBetween } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

export type ClinicDay = {
  readonly day: LocalDay
  /** Whether this device holds the day's visits; outside it holds none, which says nothing about who is booked. */
  readonly reach: Reach
  /** Undefined until the local database has answered. */
  readonly appointments: readonly Appointment[] | undefined
  readonly hoursOf: (doctorId: DoctorId) => readonly Interval[]
}

const NONE: readonly never[] = []

/** The day and, kept warm behind it, the days beside it and yesterday to tomorrow, so that a step to them draws at once. */
export function useClinicDay(day: LocalDay, today: LocalDay): ClinicDay {
  const { database } = useLocalDb()
  const appointments = useDayOf(day)
  useDayOf(addDays(day, 1))
  useDayOf(addDays(day, -1))
  // The present is a key away from wherever one is.
  useDayOf(today)
  useDayOf(addDays(today, 1))
  useDayOf(addDays(today, -1))
  const templates = useRxQuery(useMemo(() => allTemplates(database), [database])) ?? NONE
  const between = useMemo(() => schedulesBetween(database, addDays(day, -1), addDays(day, 1)), [database, day])
  const schedules = useRxQuery(between) ?? NONE
  const reach = reachOf(day, today)
  return useMemo(() => {
    const known = new Map<DoctorId, readonly Interval[]>()
    const hoursOf = (doctorId: DoctorId): readonly Interval[] => {
      const hours =
        known.get(doctorId) ??
        workingHours({
          day,
          templates: templates.filter((template) => template.doctorId === doctorId),
          schedules: schedules.filter((schedule) => schedule.doctorId === doctorId),
        })
      known.set(doctorId, hours)
      return hours
    }
    return { day, reach, appointments, hoursOf }
  }, [day, reach, appointments, templates, schedules])
}

function useDayOf(day: LocalDay): readonly Appointment[] | undefined {
  const { database } = useLocalDb()
  return useRxQuery(useMemo(() => appointmentsOfDays(database, [day]), [database, day]))
}
