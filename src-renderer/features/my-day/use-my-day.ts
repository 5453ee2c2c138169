/** A doctor's own days from local data alone, so that they stand without the server too. */
import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { ownDaysAround, visitAtHand } from '#domain/appointment/own-day.ts'
import type { AppointmentId, DoctorId } from '#domain/ids.ts'
import { behindByRecord } from '#domain/schedule/doctor-delay.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import type { Steps } from '#renderer/clinic/use-steps.ts'
import { checkInLocally } from '#renderer/local-db/appointments-store.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfDoctor } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'

export type MyDay = {
  readonly doctorId: DoctorId
  readonly today: LocalDay
  readonly day: LocalDay
  /** Yesterday to a week from today; null while the local database answers. */
  readonly countOf: (day: LocalDay) => number
  readonly days: readonly LocalDay[]
  /** The day's visits by time; undefined until the local database has answered. */
  readonly visits: readonly Appointment[] | undefined
  readonly selected: Appointment | undefined
  /** How far behind the visits on record put the day, in minutes; 0 where that is no news, and on any day but today. */
  readonly behind: number
  /** The visits before and after the selected one; undefined at the ends. */
  readonly previous: Appointment | undefined
  readonly next: Appointment | undefined
}

export type Chosen = { readonly day: LocalDay | null; readonly visitId: AppointmentId | null }

const NONE: readonly Appointment[] = []

/** @returns null for who is no doctor; asks the database for nothing until `isShown` */
export function useMyDay(clinic: Clinic, today: LocalDay, chosen: Chosen, isShown: boolean): MyDay | null {
  const { database } = useLocalDb()
  const now = useNow()
  const { doctorId } = clinic.subject
  const days = useMemo(() => ownDaysAround(today), [today])
  const found = useRxQuery(
    useMemo(
      () => (isShown && doctorId !== null ? appointmentsOfDoctor(database, doctorId, days) : null),
      [database, isShown, doctorId, days],
    ),
  )
  const byDay = useMemo(
    () =>
      Map.groupBy(
        (found ?? NONE).toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1)),
        ({ localDay }) => localDay,
      ),
    [found],
  )
  return useMemo(() => {
    if (doctorId === null) return null
    const day = chosen.day !== null && days.includes(chosen.day) ? chosen.day : today
    const ofDay = byDay.get(day) ?? NONE
    const selected =
      ofDay.find(({ id }) => id === chosen.visitId) ??
      (day === today ? visitAtHand(ofDay, now) : undefined) ??
      ofDay.find(isHeld) ??
      ofDay[0]
    const index = selected ? ofDay.indexOf(selected) : -1
    return {
      doctorId,
      today,
      day,
      days,
      countOf: (each) => (byDay.get(each) ?? NONE).filter(isHeld).length,
      visits: found && ofDay,
      selected,
      behind: day === today ? behindByRecord(ofDay, now) : 0,
      previous: ofDay[index - 1],
      next: ofDay[index + 1],
    }
  }, [doctorId, today, days, byDay, found, chosen.day, chosen.visitId, now])
}

/** A visit that takes place, or has. */
const isHeld = ({ status }: Appointment): boolean =>
  status !== 'cancelled' && status !== 'noshow' && status !== 'unplaced'

/** Whether the visit can begin now. Who has walked straight in needs no desk to be checked in first. */
export function canStart(steps: Steps, visit: Appointment): boolean {
  const offered = steps.stepsOf(visit).steps
  return offered.includes('in-room') || offered.includes('arrived')
}

/** The patient is with the doctor: checked in where nobody had done it. */
export async function startVisit(clinic: Clinic, steps: Steps, visit: Appointment): Promise<boolean> {
  if (steps.stepsOf(visit).steps.includes('in-room')) return steps.take(visit, 'in-room')
  if (!canStart(steps, visit)) return false
  const written = await checkInLocally(clinic.desk, visit.id)
  return written.ok ? steps.take(written.appointment, 'in-room') : false
}
