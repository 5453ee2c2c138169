import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import { type LocalDay, toLocal } from '#domain/time/clinic-time.ts'
import { toCsv } from './csv.ts'

export const DAY_LIST_COLUMNS = [
  'day',
  'start',
  'end',
  'doctor',
  'patient',
  'birthDate',
  'phone',
  'type',
  'status',
  'reason',
] as const
export type DayListColumn = (typeof DAY_LIST_COLUMNS)[number]

export type DayListSource = {
  readonly day: LocalDay
  /** May hold other days too; they are left out. */
  readonly appointments: readonly Appointment[]
  readonly doctors: ReadonlyMap<DoctorId, Pick<Doctor, 'name' | 'position'>>
  readonly patients: ReadonlyMap<PatientId, Pick<Patient, 'name' | 'birthDate' | 'phone'>>
  readonly types: ReadonlyMap<AppointmentTypeId, Pick<AppointmentType, 'name'>>
}

export type DayListLabels = {
  readonly columns: Readonly<Record<DayListColumn, string>>
  readonly statuses: Readonly<Record<AppointmentStatus, string>>
}

/**
 * A clinic day as CSV: one row for each appointment in every status, by start, then by the doctor's place on the board.
 * Times are wall times of the appointment's own zone. A name that is not known on this machine stays empty.
 */
export function dayListCsv(source: DayListSource, labels: DayListLabels): string {
  const ofDay = source.appointments.filter((appointment) => appointment.localDay === source.day)
  const sorted = ofDay.toSorted((a, b) => a.start - b.start || placeOf(a, source) - placeOf(b, source) || compare(a, b))
  const header = DAY_LIST_COLUMNS.map((column) => labels.columns[column])
  return toCsv([header, ...sorted.map((appointment) => toRow(appointment, source, labels))])
}

function toRow(appointment: Appointment, source: DayListSource, labels: DayListLabels): string[] {
  const patient = source.patients.get(appointment.patientId)
  const cells: Record<DayListColumn, string> = {
    day: appointment.localDay,
    start: appointment.localStart,
    end: toLocal(appointment.end, appointment.zone).time,
    doctor: source.doctors.get(appointment.doctorId)?.name ?? '',
    patient: patient?.name ?? '',
    birthDate: patient?.birthDate ?? '',
    phone: patient?.phone ?? '',
    type: source.types.get(appointment.typeId)?.name ?? '',
    status: labels.statuses[appointment.status],
    reason: appointment.reason,
  }
  return DAY_LIST_COLUMNS.map((column) => cells[column])
}

function placeOf(appointment: Appointment, { doctors }: DayListSource): number {
  return doctors.get(appointment.doctorId)?.position ?? Number.MAX_SAFE_INTEGER
}

function compare(a: Appointment, b: Appointment): number {
  return a.id < b.id ? -1 : Number(a.id > b.id)
}
