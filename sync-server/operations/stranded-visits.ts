/** Which booked visits lie outside the hours: computed whenever somebody asks, stored nowhere. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { ClinicId, DoctorId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { workingHoursBetween } from '#domain/schedule/working-hours.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { addDays, earlierDay, type LocalDay, laterDay, localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { listSchedules, listTemplates } from '#server/repositories/hours.ts'

/** How many days around a visit its hours may begin: a range runs past midnight, and zones lie a day apart. */
export const AROUND_DAYS = 2
/** Leave reaches further: it was perhaps written in a zone far away. */
const LEAVE_DAYS = 2 * AROUND_DAYS

/** Has to be held somewhere: not over, and the patient neither seen nor called off. */
export const isToCome = (now: Instant, { status, end, _deleted }: WireDocument<'appointments'>): boolean =>
  !_deleted && end > now && (status === 'pending' || status === 'confirmed' || status === 'arrived')

/** The rows that make a doctor's hours. */
export type HoursRows = {
  readonly templates: readonly WireDocument<'schedule_templates'>[]
  readonly schedules: readonly WireDocument<'schedules'>[]
}

/** The rows of some doctors' hours on the days of some visits; empty lists for a doctor who has none. */
export async function loadHoursRows(
  tx: Tx,
  clinicId: ClinicId,
  visits: readonly Pick<Appointment, 'doctorId' | 'start' | 'end' | 'zone'>[],
): Promise<ReadonlyMap<DoctorId, HoursRows>> {
  const days = daysOf(visits)
  const ids = [...new Set(visits.map(({ doctorId }) => doctorId))]
  if (!days) return new Map()
  const templates = await listTemplates(tx, clinicId, ids)
  const reach = { from: addDays(days.from, -LEAVE_DAYS), until: addDays(days.until, LEAVE_DAYS) }
  const schedules = await listSchedules(tx, clinicId, ids, reach)
  const ofDoctor = <Row extends { readonly doctorId: DoctorId }>(rows: readonly Row[], id: DoctorId) =>
    rows.filter(({ doctorId }) => doctorId === id).map((row) => ({ ...row, _deleted: false }))
  return new Map(ids.map((id) => [id, { templates: ofDoctor(templates, id), schedules: ofDoctor(schedules, id) }]))
}

/** The hours that rows make on the days of some visits. */
export function hoursOn(
  rows: HoursRows | undefined,
  visits: readonly Pick<Appointment, 'start' | 'end' | 'zone'>[],
): Interval[] {
  const days = daysOf(visits)
  if (!rows || !days) return []
  return workingHoursBetween({
    ...rows,
    from: addDays(days.from, -AROUND_DAYS),
    until: addDays(days.until, AROUND_DAYS),
  })
}

function daysOf(visits: readonly Pick<Appointment, 'start' | 'end' | 'zone'>[]) {
  let days: { from: LocalDay; until: LocalDay } | undefined
  for (const { start, end, zone } of visits) {
    const [from, until] = [localDayOf(start, zone), localDayOf(end, zone)]
    days = days ? { from: earlierDay(days.from, from), until: laterDay(days.until, until) } : { from, until }
  }
  return days
}
