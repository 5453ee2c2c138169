/**
 * What reports are made of, read in pieces: visits with the names they are shown under, and what was done to visits. Narrowed in
 * SQL by days, filter and rights; whether a subject may see a row is answered by `can`, here as everywhere.
 */
import type { ExpressionBuilder, SelectQueryBuilder } from 'kysely'
import { can, type Subject } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { ReportFilter } from '#domain/report/report-filter.ts'
import type { VisitFact } from '#domain/report/visit-fact.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

/** Both are needed: the one to make reports, the other to see what they are made of. */
const NEEDED = ['view-reports', 'view-appointments'] as const satisfies readonly Permission[]
/** Visits read at once, unless one day has more. */
const AT_ONCE = 2_000

export type DayCount = { readonly day: LocalDay; readonly visits: number }

/** How many visits each day has that the subject may count, in order of days; days without any are left out. */
export async function countVisitsByDay(tx: Tx, subject: Subject, filter: ReportFilter): Promise<DayCount[]> {
  const query = matching(tx, subject, filter)
  if (!query) return []
  const rows = await query
    .select(({ fn }) => ['visit.local_day as day', fn.countAll<number | string>().as('visits')])
    .groupBy('visit.local_day')
    .orderBy('visit.local_day')
    .execute()
  return rows.map(({ day, visits }) => ({ day, visits: Number(visits) }))
}

/** The visits of those days, in order of day, start and id, some thousand at a time. */
export async function* streamVisitFacts(
  tx: Tx,
  subject: Subject,
  filter: ReportFilter,
  days: readonly DayCount[],
): AsyncGenerator<VisitFact> {
  for (const [from, until] of stretches(days)) {
    const query = matching(tx, subject, { ...filter, from, until })
    if (!query) return
    const rows = await query
      .innerJoin('doctors as doctor', 'doctor.id', 'visit.doctor_id')
      .innerJoin('patients as patient', 'patient.id', 'visit.patient_id')
      .innerJoin('appointment_types as type', 'type.id', 'visit.type_id')
      .leftJoin('rooms as room', 'room.id', 'visit.room_id')
      .select(FACT_COLUMNS)
      .select((row) => row.exists(remindersOf(row)).as('reminded'))
      .orderBy('visit.local_day')
      .orderBy('visit.start_at')
      .orderBy('visit.id')
      .execute()
    for (const row of rows) {
      const scope = { clinicId: subject.clinicId, doctorId: row.doctorId, patientId: row.patientId }
      if (!NEEDED.every((permission) => can(subject, permission, scope))) continue
      const { patientId: _, reminded, ...fact } = row
      yield { ...fact, roomName: row.roomName ?? '', wasReminded: Number(reminded) === 1 }
    }
  }
}

/** Reminders of a visit that went out, as far as is known. */
const remindersOf = ({ selectFrom }: ExpressionBuilder<Tables & { visit: Tables['appointments'] }, 'visit'>) =>
  selectFrom('notifications as told')
    .select('told.id')
    .whereRef('told.appointment_id', '=', 'visit.id')
    .where('told.kind', '=', 'reminder')
    .where('told.status', 'in', ['sent', 'delivered'])

const FACT_COLUMNS = [
  'visit.id',
  'visit.doctor_id as doctorId',
  'doctor.name as doctorName',
  'visit.patient_id as patientId',
  'patient.name as patientName',
  'visit.type_id as typeId',
  'type.name as typeName',
  'visit.room_id as roomId',
  'room.name as roomName',
  'visit.status',
  'visit.local_day as localDay',
  'visit.local_start as localStart',
  'visit.start_at as start',
  'visit.end_at as end',
  'visit.created_at as createdAt',
  'visit.arrived_at as arrivedAt',
  'visit.started_at as startedAt',
  'visit.finished_at as finishedAt',
  'visit.origin',
] as const

/** Neighbouring days that together have no more visits than are read at once. */
function* stretches(days: readonly DayCount[]): Generator<readonly [from: LocalDay, until: LocalDay]> {
  let from: LocalDay | undefined
  let until: LocalDay = ''
  let visits = 0
  for (const each of days) {
    if (from !== undefined && visits + each.visits > AT_ONCE) {
      yield [from, until]
      from = undefined
      visits = 0
    }
    from ??= each.day
    until = each.day
    visits += each.visits
  }
  if (from !== undefined) yield [from, until]
}

// biome-ignore lint/complexity/noBannedTypes: nothing is selected yet
type Visits = SelectQueryBuilder<{ visit: Tables['appointments'] } & Tables, 'visit', {}>

/** Undefined when nothing can match. */
function matching(tx: Tx, subject: Subject, filter: ReportFilter): Visits | undefined {
  let query = tx
    .selectFrom('appointments as visit')
    .where('visit.clinic_id', '=', subject.clinicId)
    .where('visit.is_deleted', '=', 0)
    .where('visit.local_day', '>=', filter.from)
    .where('visit.local_day', '<=', filter.until) as unknown as Visits
  if (filter.doctorIds) query = query.where('visit.doctor_id', 'in', filter.doctorIds)
  if (filter.typeIds) query = query.where('visit.type_id', 'in', filter.typeIds)
  if (filter.roomIds) query = query.where('visit.room_id', 'in', filter.roomIds)
  if (filter.statuses) query = query.where('visit.status', 'in', filter.statuses)
  for (const permission of NEEDED) {
    const narrowed = withinReach(query, subject, permission)
    if (!narrowed) return undefined
    query = narrowed
  }
  return query
}

/** The rows that `can` grants, as a condition of SQL. */
function withinReach(query: Visits, subject: Subject, permission: Permission): Visits | undefined {
  const scopes = new Set(subject.grants.filter((grant) => grant.permission === permission).map(({ scope }) => scope))
  if (scopes.has('clinic')) return query
  const { doctorId, patientIds } = subject
  const asDoctor = scopes.has('own-doctor') && doctorId !== null ? doctorId : undefined
  const asPatient = scopes.has('own-patient') ? patientIds : []
  if (asDoctor === undefined && asPatient.length === 0) return undefined
  return query.where(({ eb, or, and }) =>
    or([
      ...(asPatient.length > 0 ? [eb('visit.patient_id', 'in', asPatient)] : []),
      ...(asDoctor === undefined
        ? []
        : [
            and([
              eb('visit.doctor_id', '=', asDoctor),
              ...(patientIds.length > 0 ? [eb('visit.patient_id', 'not in', patientIds)] : []),
            ]),
          ]),
    ]),
  )
}

export type DoneToVisit = { readonly at: Instant; readonly before: Appointment | null; readonly after: Appointment }
const REVISIONS_AT_ONCE = 500

/**
 * Every version of a visit written in a stretch of time, with the one before it; imported history is left out. In order of the
 * instants, so that each page begins where the last one ended.
 */
export async function* streamDeeds(
  tx: Tx,
  subject: Subject,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): AsyncGenerator<DoneToVisit> {
  let after: { at: Instant; id: string; revision: number } | undefined
  for (;;) {
    let query = tx
      .selectFrom('appointment_revisions as now')
      .leftJoin('appointment_revisions as before', (join) =>
        join
          .onRef('before.appointment_id', '=', 'now.appointment_id')
          .on(({ eb, ref }) => eb('before.revision', '=', eb(ref('now.revision'), '-', 1))),
      )
      .select(['now.appointment_id', 'now.revision', 'now.at', 'now.content', 'before.content as previous'])
      .where('now.clinic_id', '=', subject.clinicId)
      .where('now.at', '>=', from)
      .where('now.at', '<', until)
      .where('now.door', '!=', 'import')
    const last = after
    if (last) {
      query = query
        .where('now.at', '>=', last.at)
        .where(({ eb, or, and }) =>
          or([
            eb('now.at', '>', last.at),
            eb('now.appointment_id', '>', last.id as never),
            and([eb('now.appointment_id', '=', last.id as never), eb('now.revision', '>', last.revision)]),
          ]),
        )
    }
    const rows = await query
      .orderBy('now.at')
      .orderBy('now.appointment_id')
      .orderBy('now.revision')
      .limit(REVISIONS_AT_ONCE)
      .execute()
    for (const row of rows) {
      const visit = JSON.parse(row.content) as Appointment
      if (!NEEDED.every((permission) => can(subject, permission, visit))) continue
      yield {
        at: row.at,
        before: row.previous === null ? null : (JSON.parse(row.previous) as Appointment),
        after: visit,
      }
    }
    const end = rows.at(-1)
    if (!end || rows.length < REVISIONS_AT_ONCE) return
    after = { at: end.at, id: end.appointment_id, revision: end.revision }
  }
}

export type NamedRow = { readonly id: string; readonly name: string }

/** Names of everything a filter of the clinic can name, deleted ones too: their visits are still there. */
export async function listReportNames(tx: Tx, clinicId: Subject['clinicId']) {
  const named = (table: 'doctors' | 'appointment_types' | 'rooms'): Promise<NamedRow[]> =>
    tx
      .selectFrom(table as 'doctors')
      .select(['id', 'name'])
      .where('clinic_id', '=', clinicId)
      .execute()
  return { doctors: await named('doctors'), types: await named('appointment_types'), rooms: await named('rooms') }
}
