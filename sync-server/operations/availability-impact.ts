/** What a planned change of availability does to visits that are booked: which of them would lie outside the hours. */
import { createHash } from 'node:crypto'
import { can, type Subject } from '#domain/access/can.ts'
import { type AvailabilityChange, type Impact, MOST_LISTED, type StrandedAnswer } from '#domain/api/availability-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import { strandedBetween } from '#domain/schedule/working-hours.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { addDays, earlierDay, type LocalDay, laterDay } from '#domain/time/clinic-time.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listComingVisits } from '#server/repositories/taken-time.ts'
import type { Plan, PlannedWrite, Planning } from './availability-plan.ts'
import { type HoursRows, hoursOn, isToCome, loadHoursRows } from './stranded-visits.ts'

type Visit = WireDocument<'appointments'>

/** The visits a plan strands, in order of time. Those that lie outside the hours already are not of its making. */
export async function findImpact(planning: Planning, plan: Plan): Promise<readonly Visit[]> {
  const stranded: Visit[] = []
  for (const [doctorId, writes] of byDoctor(plan.writes)) stranded.push(...(await impactOn(planning, doctorId, writes)))
  return stranded.sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
}

async function impactOn(planning: Planning, doctorId: DoctorId, writes: readonly PlannedWrite[]): Promise<Visit[]> {
  const { tx, clinicId, now } = planning
  const doctor = await findDocument(tx, 'doctors', doctorId)
  if (!doctor?.isActive) return []
  const coming = await listComingVisits(tx, clinicId, now, { doctorId, ...reachOf(writes) })
  const visits = coming.filter((visit) => isToCome(now, visit))
  if (visits.length === 0) return []
  const rows = (await loadHoursRows(tx, clinicId, visits)).get(doctorId)
  const before = hoursOn(rows, visits)
  const isLeaving = writes.some(({ name, after }) => name === 'doctors' && !after.isActive)
  return strandedBetween(visits, { before, now: isLeaving ? [] : hoursOn(applied(rows, writes), visits) })
}

/** The days on which a visit can be touched; weekly hours and a doctor who leaves have no last one. */
function reachOf(writes: readonly PlannedWrite[]): { readonly from?: LocalDay; readonly until?: LocalDay } {
  const dated = writes.flatMap((write) =>
    write.name === 'schedules' ? [write.after.date, write.before?.date ?? write.after.date] : [],
  )
  if (dated.length === 0 || writes.some(({ name }) => name !== 'schedules')) return {}
  return { from: addDays(dated.reduce(earlierDay), -2), until: addDays(dated.reduce(laterDay), 2) }
}

function applied(rows: HoursRows | undefined, writes: readonly PlannedWrite[]): HoursRows {
  const templates = writes.flatMap((write) => (write.name === 'schedule_templates' ? [write.after] : []))
  const schedules = writes.flatMap((write) => (write.name === 'schedules' ? [write.after] : []))
  return { templates: merged(rows?.templates ?? [], templates), schedules: merged(rows?.schedules ?? [], schedules) }
}

function merged<Row extends { readonly id: string; readonly _deleted: boolean }>(
  rows: readonly Row[],
  changed: readonly Row[],
): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const row of changed) byId.set(row.id, row)
  return [...byId.values()].filter(({ _deleted }) => !_deleted)
}

function byDoctor(writes: readonly PlannedWrite[]): ReadonlyMap<DoctorId, PlannedWrite[]> {
  const lists = new Map<DoctorId, PlannedWrite[]>()
  for (const write of writes) {
    const id = write.name === 'doctors' ? write.after.id : write.after.doctorId
    lists.set(id, [...(lists.get(id) ?? []), write])
  }
  return lists
}

/**
 * Stands for the change, what it starts from, and the visits it strands: whoever sends it has seen exactly this. It names nothing:
 * a hash, the same for everybody who asks.
 */
export function tokenOf(change: AvailabilityChange, plan: Plan, stranded: readonly Visit[]): string {
  const base = plan.writes.flatMap(({ before }) => (before ? [[before.id, before.revision]] : []))
  const visits = stranded.map(({ id, start, end }) => [id, start, end])
  return createHash('sha256')
    .update(canonicalText({ change, base: base.sort(), visits }))
    .digest('hex')
    .slice(0, 40)
}

/** The impact as the caller may see it: whole lines of visits they see anyway, the rest as a number. */
export function toImpact(subject: Subject, impact: string, stranded: readonly Visit[]): Impact {
  const visits = stranded.filter((visit) => can(subject, 'view-appointments', visit)).slice(0, MOST_LISTED)
  return {
    impact,
    stranded: stranded.length,
    visits: visits.map(toStranded),
    unlisted: stranded.length - visits.length,
  }
}

export const toStranded = (visit: Visit): StrandedAnswer => {
  const { id, doctorId, patientId, typeId, start, end, localDay, localStart, status, revision } = visit
  return { id, doctorId, patientId, typeId, start, end, date: localDay, time: localStart, status, revision }
}
