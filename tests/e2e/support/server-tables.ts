/** What the server has written, read straight from its database: the specs believe rows, not answers. */

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import { isInsideHours, workingHours } from '#domain/schedule/working-hours.ts'
import { type LocalDay, type LocalTime, timeOfMinute, toInstant } from '#domain/time/clinic-time.ts'
import type { Tables } from '#server/database/tables.ts'

export const ZONE = 'Europe/London'

export type VisitRow = {
  readonly id: string
  readonly doctor_id: string
  readonly patient_id: string
  readonly type_id: string
  readonly start_at: number
  readonly end_at: number
  readonly local_day: LocalDay
  readonly local_start: LocalTime
  readonly status: AppointmentStatus
  readonly holds_time: number
  readonly cancel_reason: string
  readonly unplaced: string | null
  readonly created_by_name: string
  readonly revision: number
  /** Of the patient. */
  readonly name: string
  readonly phone: string
  readonly doctor: string
  readonly type: string
}

export type TypeRow = {
  readonly id: string
  readonly name: string
  readonly duration_minutes: number
  readonly buffer_after_minutes: number
  readonly doctor_ids: string
}

export type Place = { readonly doctorId: string; readonly doctor: string; readonly minute: number }

type Value = string | number | null

const VISITS = `select a.*, p.name as name, p.phone as phone, d.name as doctor, t.name as type from appointments a
  join patients p on p.id = a.patient_id join doctors d on d.id = a.doctor_id join appointment_types t on t.id = a.type_id`

export type ServerTables = ReturnType<typeof openTables>

/** @param dataDir of a server on SQLite; it may be running */
export function openTables(dataDir: string) {
  const all = <Row>(sql: string, ...values: Value[]): Row[] => {
    const database = new DatabaseSync(join(dataDir, 'clinic.sqlite'), { readOnly: true })
    try {
      return database.prepare(sql).all(...values) as Row[]
    } finally {
      database.close()
    }
  }
  const visits = (where: string, ...values: Value[]): VisitRow[] =>
    all<VisitRow>(`${VISITS} where a.is_deleted = 0 and ${where} order by a.start_at, a.doctor_id`, ...values)
  const visit = (id: string): VisitRow => one(visits('a.id = ?', id), `visit ${id}`)

  /** The types a doctor may be booked for, in the order in which the booking panel offers them. */
  const typesOf = (doctorId: string): TypeRow[] =>
    all<TypeRow>('select * from appointment_types order by duration_minutes').filter(
      ({ doctor_ids }) => doctor_ids === '[]' || doctor_ids.includes(doctorId),
    )

  /** Starts on the day at which a visit of that length would be free for the doctor, every five minutes. */
  const freeMinutes = (doctorId: string, day: LocalDay, type: TypeRow): number[] => {
    const of = 'doctor_id = ? and is_deleted = 0'
    const hours = workingHours({
      day,
      templates: all<TemplateRow>(`select * from schedule_templates where ${of}`, doctorId).map(toTemplate),
      schedules: all<ScheduleRow>(`select * from schedules where ${of}`, doctorId).map(toSchedule),
    })
    const taken = visits('a.doctor_id = ? and a.local_day = ? and a.holds_time = 1', doctorId, day)
    const buffers = new Map(all<TypeRow>('select * from appointment_types').map((row) => [row.id, row]))
    return Array.from({ length: (24 * 60) / 5 }, (_, index) => index * 5).filter((minute) => {
      const start = instantOf(day, minute)
      const end = start + type.duration_minutes * 60_000
      const reach = end + type.buffer_after_minutes * 60_000
      return (
        isInsideHours({ start, end }, hours) &&
        !taken.some((other) => {
          const after = (buffers.get(other.type_id)?.buffer_after_minutes ?? 0) * 60_000
          return other.start_at < reach && start < other.end_at + after
        })
      )
    })
  }

  /** How often somebody holds the same doctor or the same patient twice at one time; a group is with its doctor once. */
  const overlaps = (): number =>
    one(
      all<{ count: number }>(
        `select count(*) as count from appointments a join appointments b on b.clinic_id = a.clinic_id and b.id > a.id
         and b.start_at < a.end_at and a.start_at < b.end_at join appointment_types t on t.id = a.type_id
         where a.holds_time = 1 and b.holds_time = 1 and (b.patient_id = a.patient_id or b.doctor_id = a.doctor_id
           and not (t.capacity > 1 and b.type_id = a.type_id and b.start_at = a.start_at and b.end_at = a.end_at))`,
      ),
      'count',
    ).count

  /** Puts in a row, as another process of the server would. */
  const put = (table: string, row: Readonly<Record<string, Value>>): void => {
    // The server writes at the same time: its turn is waited for.
    const database = new DatabaseSync(join(dataDir, 'clinic.sqlite'), { timeout: 15_000 })
    const names = Object.keys(row)
    try {
      const places = names.map(() => '?').join()
      database.prepare(`insert into ${table} (${names.join()}) values (${places})`).run(...Object.values(row))
    } finally {
      database.close()
    }
  }

  return { all, put, visits, visit, typesOf, freeMinutes, overlaps }
}

export function one<Row>(rows: readonly Row[], what: string): Row {
  const [first] = rows
  if (first === undefined) throw new Error(`The server has no ${what}`)
  return first
}

export function instantOf(day: LocalDay, minute: number): number {
  const answer = toInstant(day, timeOfMinute(minute), ZONE)
  if (!answer.ok) throw new Error(`${day} has no minute ${minute}`)
  return answer.instant
}

export const minuteOf = ({ local_start }: Pick<VisitRow, 'local_start'>): number =>
  Number(local_start.slice(0, 2)) * 60 + Number(local_start.slice(3))

type TemplateRow = Tables['schedule_templates']
type ScheduleRow = Tables['schedules']

const toTemplate = (row: TemplateRow) => ({
  zone: row.zone,
  weekday: row.weekday,
  startTime: row.start_time,
  endTime: row.end_time,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  weeks: row.weeks,
})
const toSchedule = (row: ScheduleRow) => ({
  zone: row.zone,
  date: row.date,
  startTime: row.start_time,
  endTime: row.end_time,
  isAvailable: row.is_available === 1,
})
