import { useEffect, useMemo, useState } from 'react'
import type { Alternative } from '#domain/api/appointment-api.ts'
import { type DayVisit, rankForVisit } from '#domain/appointment/day-plan.ts'
import { isToCome } from '#domain/appointment/series-place.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import { type LocalDay, localDayOf, startOfDay } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { freeTimesLocally } from '#renderer/local-db/free-times-local.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfDays } from '#renderer/local-db/queries.ts'
import { useCalendarVersion } from '#renderer/local-db/use-calendar-version.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

/** So many free times of each are looked at: more than a list can offer, and some for those who come after. */
const MOST_LOOKED_AT = 60

/** What is still to come of a doctor's day, with the free times there are for each; undefined until they are worked out. */
export function useDayVisits(clinic: Clinic, doctorId: DoctorId, day: LocalDay): readonly DayVisit[] | undefined {
  const { database } = useLocalDb()
  const all = useRxQuery(useMemo(() => appointmentsOfDays(database, [day]), [database, day]))
  const version = useCalendarVersion()
  const [found, setFound] = useState<readonly DayVisit[]>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the calendars of the colleagues
  useEffect(() => {
    if (all === undefined) return
    let isCurrent = true
    const { desk, zone, bookable } = clinic
    const visits = all
      .filter((visit) => visit.doctorId === doctorId && isToCome(visit, desk.now()))
      .toSorted((a, b) => a.start - b.start)
    const isSameDay = (a: number, b: number): boolean => localDayOf(a, zone) === localDayOf(b, zone)
    const freeOf = new Map<AppointmentTypeId, Promise<readonly Alternative[]>>()
    const freeFor = (typeId: AppointmentTypeId): Promise<readonly Alternative[]> => {
      const doctorIds = bookable.map(({ id }) => id)
      const known =
        freeOf.get(typeId) ?? freeTimesLocally(desk, { typeId, doctorIds, notBefore: startOfDay(day, zone) })
      freeOf.set(typeId, known)
      return known
    }
    const withTimes = visits.map(async (visit) => {
      const free = rankForVisit(visit, await freeFor(visit.typeId), isSameDay)
      return { visit, free: free.slice(0, MOST_LOOKED_AT) }
    })
    void Promise.all(withTimes).then((listed) => {
      if (isCurrent) setFound(listed)
    })
    return () => {
      isCurrent = false
    }
  }, [clinic, doctorId, day, all, version])
  return found
}
