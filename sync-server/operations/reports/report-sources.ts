/** What reports need beside visits, worked out for the same filter and the same eyes. */
import { can, type Subject } from '#domain/access/can.ts'
import { matchesFilter, type ReportFilter } from '#domain/report/report-filter.ts'
import type { ActivityOfDay, Availability, ScheduledMinutes } from '#domain/report/report-model.ts'
import { workingHoursBetween } from '#domain/schedule/working-hours.ts'
import { addDays, dayInterval, type LocalDay, localDayOf, type Zone } from '#domain/time/clinic-time.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { eventsOfChange } from '#server/events/events-of-change.ts'
import { slotsByWeek } from '#server/operations/search-slots.ts'
import { openScope } from '#server/operations/slot-scope.ts'
import { listSchedules, listTemplates } from '#server/repositories/hours.ts'
import { listActiveDoctors, listAllTypes } from '#server/repositories/people.ts'
import { streamDeeds } from '#server/repositories/report-facts.ts'

/** Exceptions of days around still reach into a period, in whatever zone they were written. */
const DAYS_AROUND = 4

/** Doctors whose reports the subject may see, narrowed by the filter, in the order of the board. */
async function doctorsIn(tx: Tx, subject: Subject, { doctorIds }: ReportFilter) {
  const doctors = await listActiveDoctors(tx, subject.clinicId)
  return doctors.filter(
    ({ id, clinicId }) =>
      (!doctorIds || doctorIds.includes(id)) && can(subject, 'view-reports', { clinicId, doctorId: id }),
  )
}

/** How long each doctor's hours are on the days of the filter. */
export async function scheduledMinutes(tx: Tx, subject: Subject, filter: ReportFilter): Promise<ScheduledMinutes[]> {
  const { from, until } = filter
  const doctors = await doctorsIn(tx, subject, filter)
  const ids = doctors.map(({ id }) => id)
  const templates = await listTemplates(tx, subject.clinicId, ids)
  const around = { from: addDays(from, -DAYS_AROUND), until: addDays(until, DAYS_AROUND) }
  const schedules = await listSchedules(tx, subject.clinicId, ids, around)
  return doctors.map(({ id, name }) => {
    const own = <Row extends { readonly doctorId: string }>(rows: readonly Row[]) =>
      rows.filter(({ doctorId }) => doctorId === id)
    const hours = workingHoursBetween({ from, until, templates: own(templates), schedules: own(schedules) })
    const minutes = hours.reduce((sum, { start, end }) => sum + minutesBetween(start, end), 0)
    return { doctorId: id, doctorName: name, minutes }
  })
}

/** Free times are looked for this far ahead. */
const DAYS_AHEAD = 180
const STEP_MINUTES = 15
const THIRD = 3

/** The third free time from now of each doctor and each type they offer, as the desk would find it. */
export async function thirdNextTimes(
  tx: Tx,
  subject: Subject,
  filter: ReportFilter,
  { now, zone }: { readonly now: Instant; readonly zone: Zone },
): Promise<Availability[]> {
  const doctors = await doctorsIn(tx, subject, filter)
  const types = (await listAllTypes(tx, subject.clinicId)).filter(
    ({ id, isActive, _deleted }) => isActive && !_deleted && (!filter.typeIds || filter.typeIds.includes(id)),
  )
  const today = localDayOf(now, zone)
  const found: Availability[] = []
  for (const doctor of doctors) {
    for (const type of types) {
      const opened = await openScope(
        tx,
        subject,
        { typeId: type.id, doctorId: doctor.id },
        { now, askerOf: () => 'staff' },
      )
      if (!opened.ok) continue
      const thirdNext = await thirdOf(tx, opened.scope, today)
      found.push({ doctorName: doctor.name, typeName: type.name, thirdNext })
    }
  }
  return found
}

async function thirdOf(tx: Tx, scope: Parameters<typeof slotsByWeek>[1], today: LocalDay): Promise<Instant | null> {
  const search = { from: today, until: addDays(today, DAYS_AHEAD), stepMinutes: STEP_MINUTES }
  const seen: Instant[] = []
  for await (const slots of slotsByWeek(tx, scope, search)) {
    seen.push(...slots.slice(0, THIRD).map(({ start }) => start))
    const third = seen[THIRD - 1]
    if (third !== undefined) return third
  }
  return null
}

/** What was booked, moved and cancelled on each day of the clinic; a day on which nothing was has a row of zeros. */
export async function activityByDay(
  tx: Tx,
  subject: Subject,
  filter: ReportFilter,
  zone: Zone,
): Promise<ActivityOfDay[]> {
  const days = new Map<LocalDay, { booked: number; moved: number; cancelled: number }>()
  for (let day = filter.from; day <= filter.until; day = addDays(day, 1)) {
    days.set(day, { booked: 0, moved: 0, cancelled: 0 })
  }
  const stretch = { from: dayInterval(filter.from, zone).start, until: dayInterval(filter.until, zone).end }
  for await (const { at, before, after } of streamDeeds(tx, subject, stretch)) {
    const day = localDayOf(at, zone)
    const counts = days.get(day)
    // The days are those of the deed, not of the visit.
    if (!counts || !matchesFilter({ ...filter, from: after.localDay, until: after.localDay }, after)) continue
    for (const { type } of eventsOfChange('appointments', before, after)) {
      if (type === 'AppointmentBooked') counts.booked += 1
      else if (type === 'AppointmentMoved') counts.moved += 1
      else if (type === 'AppointmentCancelled') counts.cancelled += 1
    }
  }
  return [...days].map(([day, counts]) => ({ day, ...counts }))
}
